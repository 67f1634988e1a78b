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
        Assert.That(table, Does.Contain($"distance          {(double)json["distance"]!,7:0.000}   of the classifier's features"));
        Assert.That(table, Does.Contain("They are no FIDs"));
        Assert.That(json["classes"]!.AsArray(), Has.Count.EqualTo(10));
        Assert.That(json["labelAccuracy"], Is.Null, "the model is unconditional");
        Assert.That(File.ReadAllBytes(folder["classifier.safetensors"]), Is.EqualTo(classifier));
    }
}
