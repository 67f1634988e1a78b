using System.Text.Json.Nodes;

namespace GanOnnx.EndToEnd.Tests;

/// <summary><c>gan train --list</c> names all there is to choose from, without data or a folder.</summary>
public sealed class TrainListTests
{
    [Test]
    public void As_text_names_stand_aligned_under_their_options()
    {
        var lines = Gan.Succeed("train", "--list").Output.Split('\n');
        var choices = lines.Where(line => line.StartsWith("  ", StringComparison.Ordinal)).ToArray();

        Assert.That(lines.Where(line => line.StartsWith("--", StringComparison.Ordinal)),
            Is.EqualTo(["--task", "--arch with --task generate", "--arch with --task pix2pix", "--arch with --task cyclegan",
                "--arch with --task super-resolution or srgan", "--arch with --task wavegan", "--arch with --task mocogan", "--loss", "--reg", "--augment", "--condition", "--fit", "--side-by-side",
                "--derive", "--schedule", "--precision", "--config"]));
        Assert.That(choices.Select(line => line.Split(' ')[2]).Where(name => name is "unet" or "srresnet"), Is.EqualTo(["unet", "srresnet"]));
        Assert.That(lines.SkipWhile(line => line != "--task").Skip(1).Take(3).Select(line => line.Split(' ')[2]),
            Is.EqualTo(["generate", "pix2pix", "cyclegan"]));
        Assert.That(choices, Has.Some.StartsWith("  stylegan2  ").And.Some.StartsWith("  hinge  ").And.Some.StartsWith(
            "  cosine  ").And.Some.StartsWith("  wgan-gp  "));
        // The longest name is relativistic-average; the descriptions begin two columns after it.
        Assert.That(choices.Select(line => (line[23], line[24] != ' ')), Has.All.EqualTo((' ', true)));
    }

    [Test]
    public void As_json_every_name_has_a_description()
    {
        var list = JsonNode.Parse(Gan.Succeed("train", "--list", "--json").Output)!.AsObject();

        Assert.That(list.Select(section => section.Key),
            Is.EqualTo(["task", "arch", "loss", "reg", "augment", "condition", "fit", "side-by-side", "derive", "schedule", "precision",
                "config"]));
        foreach (var choice in list.SelectMany(section => section.Value!.AsArray()))
            Assert.That((string)choice!["description"]!, Is.Not.Empty, $"{choice["name"]}");
        Assert.That(list["arch"]![1]!["labels"]!.AsArray().Select(n => (string)n!), Is.EqualTo(["none", "concat", "projection", "text"]));
        Assert.That(list["reg"]!.AsArray().Single(r => (string)r!["name"]! == "path-length")!["default"]!.GetValue<string>(),
            Is.EqualTo("path-length:2/4"));
    }
}
