using System.Text.Json.Nodes;

namespace GanOnnx.EndToEnd.Tests;

public sealed class EvaluateTests
{
    [Test]
    public void Evaluate_tells_a_table_or_json_and_keeps_its_classifier()
    {
        using var folder = new TemporaryFolder();
        string[] command =
        [
            "evaluate", "fashion-dcgan", "--data", RealData.FirstImages("fashion-mnist", 1500, folder["fashion"]),
            "--count", "200", "--seed", "4", "--classifier", folder["classifier.safetensors"],
        ];
        var table = Gan.Succeed(command).Output;
        var classifier = File.ReadAllBytes(folder["classifier.safetensors"]);
        var json = JsonNode.Parse(Gan.Succeed([.. command, "--json"]).Output)!;

        Assert.That(table, Does.StartWith("fashion-dcgan: 200 images of seed 4, against fashion\n"));
        Assert.That(table, Does.Contain($"fd                {(double)json["figures"]![0]!["value"]!,16:0.000}   Fréchet distance"));
        Assert.That(table, Does.Contain("They are none of those published"));
        Assert.That(json["figures"]!.AsArray().Select(figure => (string)figure!["name"]!),
            Is.EqualTo(new[] { "fd", "kid", "precision", "recall", "density", "coverage" }));
        Assert.That(json["classes"]!.AsArray(), Has.Count.EqualTo(10));
        Assert.That(json["labelAccuracy"], Is.Null, "the model is unconditional");
        Assert.That(File.ReadAllBytes(folder["classifier.safetensors"]), Is.EqualTo(classifier));
    }
}
