using System.Text.Json;

namespace GanOnnx.EndToEnd.Tests;

/// <summary><c>gan bench</c> on a small model, too short to tell anything about speed.</summary>
public sealed class BenchTests
{
    private TemporaryFolder _folder = null!;

    [OneTimeSetUp]
    public void MakeModel()
    {
        _folder = new TemporaryFolder();
        Gan.Succeed("train", "--data", "synthetic:digits", "--out", _folder["run"], "--kimg", "1", "--width", "2", "--batch", "100");
        Gan.Succeed("export", _folder["run"], "--out", _folder["digits.onnx"]);
    }

    [OneTimeTearDown]
    public void Clean() => _folder.Dispose();

    [Test]
    public void Bench_Json_HasEveryWayAtEveryBatchSizeWithItsRatios()
    {
        var result = Gan.Succeed("bench", _folder["digits.onnx"], "--batches", "1,3", "--seconds", "0.05", "--device", "cpu", "--json");

        using var json = JsonDocument.Parse(result.Output);
        var batches = json.RootElement.GetProperty("batches").EnumerateArray().ToList();
        Assert.That(batches.Select(b => b.GetProperty("batch").GetInt32()), Is.EqualTo([1, 3]));
        foreach (var batch in batches)
        {
            var ways = batch.GetProperty("ways").EnumerateArray().ToDictionary(w => w.GetProperty("way").GetString()!);
            Assert.That(ways.Keys, Is.SupersetOf([
                "InferenceSession.Run, default options", "GanOnnx, ImageGenerator.Generate", "GanOnnx.ML, GenerateImages",
                "GanOnnx.ML, ApplyOnnxModelBatched", "ML.NET, ApplyOnnxModel"]));
            Assert.That(ways.Keys, Does.Contain(batch.GetProperty("bestLoop").GetString()));
            foreach (var way in ways.Values.Where(w => w.GetProperty("missing").ValueKind == JsonValueKind.Null))
                Check(way);
            // Where it is missing, the table says why.
            Assert.That(ways.Values.Where(w => w.GetProperty("missing").ValueKind == JsonValueKind.String)
                .Select(w => w.GetProperty("way").GetString()),
                Is.SubsetOf(["ML.NET, ApplyOnnxModel"]));
        }
    }

    [Test]
    public void Bench_Text_IsATable()
    {
        var lines = Gan.Succeed("bench", _folder["digits.onnx"], "--batches", "2", "--seconds", "0.05", "--device", "cpu").Output.TrimEnd()
            .Split('\n');

        Assert.That(lines[0], Does.StartWith("digits, CPUExecutionProvider, "));
        Assert.That(lines[1..], Has.All.Matches<string>(line => line.Count(c => c == '|') == 8));
        Assert.That(lines[3..].Select(line => line.Split('|')[2].Trim()), Is.SupersetOf([
            "InferenceSession.Run, default options", "GanOnnx, ImageGenerator.Generate", "GanOnnx.ML, GenerateImages",
                "ML.NET, ApplyOnnxModel"]));
    }

    // Every way is compared with the default loop, the best one and the library; itself excepted.
    private static void Check(JsonElement way)
    {
        Assert.That(way.GetProperty("imagesPerSecond").GetDouble(), Is.Positive);
        var ratios = new[] { "toDefaultLoop", "toBestLoop", "toGanOnnx" }.Select(way.GetProperty)
            .Where(r => r.ValueKind == JsonValueKind.Object).ToList();
        Assert.That(ratios, Has.Count.GreaterThanOrEqualTo(1));
        foreach (var ratio in ratios)
        {
            var (median, least, most) = (ratio.GetProperty("median").GetDouble(), ratio.GetProperty("least").GetDouble(),
                ratio.GetProperty("most").GetDouble());
            Assert.That(least, Is.Positive.And.LessThanOrEqualTo(median));
            Assert.That(most, Is.GreaterThanOrEqualTo(median));
        }
    }
}
