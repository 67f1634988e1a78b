using System.Text.Json.Nodes;

namespace GanOnnx.EndToEnd.Tests;

public sealed class EvaluateTests
{
    [Test]
    public void Evaluate_tells_a_table_or_json_and_writes_a_page()
    {
        using var folder = new TemporaryFolder();
        string[] command =
        [
            "evaluate", "fashion-dcgan", "--data", RealData.FirstImages("fashion-mnist", 100, folder["fashion"]), "--count", "40", "--seed", "4",
        ];
        var table = Gan.Succeed([.. command, "--report", folder["page.html"]]).Output;
        var json = JsonNode.Parse(Gan.Succeed([.. command, "--json"]).Output)!;

        Assert.That(table, Does.StartWith("fashion-dcgan: 40 images of seed 4, beside 40 real ones of fashion at 32 × 32\n"));
        Assert.That(table, Does.Contain("FD-ResNet18").And.Contain("nearest to a real image: seed 4, image").And.Contain("fewer than the 10,000"));
        Assert.That(json["figures"]!.AsArray().Select(scaled => (string)scaled!["figure"]!["name"]!), Is.EqualTo(new[]
        {
            "fd", "kid", "precision", "recall", "density", "coverage", "variety", "near-duplicates",
        }), "a hundred held-out images are needed to tell copies, labels to tell of classes");
        Assert.That((double)json["figures"]![0]!["figure"]!["interval"]!["high"]!, Is.GreaterThan((double)json["figures"]![0]!["figure"]!["value"]!));
        Assert.That(File.ReadAllText(folder["page.html"]), Does.Contain("<h1>fashion-dcgan</h1>").And.Contain("data:image/png;base64,"));
    }

    [Test]
    public void Labels_are_told_obeyed_by_a_classifier_that_was_trained_before()
    {
        using var folder = new TemporaryFolder();
        var data = RealData.FirstImages("fashion-mnist", 1500, folder["fashion"]);
        var trained = JsonNode.Parse(Gan.Succeed("classifier", "--data", data, "--epochs", "2", "--out", folder["c.onnx"], "--json").Output)!;

        var table = Gan.Succeed("evaluate", "fashion-cgan", "--data", data, "--count", "40", "--metrics", "variety", "--classifier", folder["c.onnx"],
            "--anyway").Output;

        Assert.That((double)trained["accuracy"]!, Is.GreaterThan(0.6));
        Assert.That(table, Does.Contain("classes made").And.Contain("labels obeyed").And.Contain("otherwise taken for"));
    }
}
