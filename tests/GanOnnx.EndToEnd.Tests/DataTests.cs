using System.Text.Json.Nodes;
using GanOnnx.Data;
using GanOnnx.Training.Cli;
using GanOnnx.Training.Data;

namespace GanOnnx.EndToEnd.Tests;

/// <summary>What <c>gan train</c> tells of its data.</summary>
public sealed class DataTests
{
    [Test]
    public void The_line_of_the_data_says_classes_what_is_left_out_and_sizes() => Assert.That(DataText.Of(new DataSummary
    {
        Name = "flowers",
        Images = 2567,
        Classes = [.. "daisy dandelion roses sunflowers tulips weeds".Split(' ').Select((name, i) => new ClassCount(name, 1000 + i))],
        LeftOut = [new("hidden", 2, ".DS_Store"), new("no picture", 1, "notes.txt")],
        Smallest = new(96, 96),
        Largest = new(128, 96),
        Fitted = "cropped to a square of 64 px",
        Remark = "labels from dataset.json",
    }), Is.EqualTo("flowers: 2,567 images in 6 classes (daisy: 1,000, dandelion: 1,001, roses: 1,002, sunflowers: 1,003, tulips: 1,004 and "
        + "1 more); labels from dataset.json; 3 files left out (2 hidden: .DS_Store, …, 1 no picture: notes.txt); 96 × 96 to 128 × 96 px, "
        + "cropped to a square of 64 px"));

    [TestCase("", 0, "d: 3 images without classes")]
    [TestCase("0,1", 3, "d: 3 images in 2 classes of 3 each (0, 1)")]
    public void The_line_of_the_data_is_short_where_there_is_little_to_say(string classes, int each, string line) =>
        Assert.That(DataText.Of(new DataSummary
        {
            Name = "d",
            Images = 3,
            Classes = [.. classes.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(name => new ClassCount(name, each))],
        }), Is.EqualTo(line));

    [Test]
    public void A_dry_run_tells_the_data_and_makes_nothing()
    {
        using var folder = new TemporaryFolder();
        foreach (var name in new[] { "train/cats/a.png", "train/dogs/b.png", "test/cats/c.png" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder["d/" + name])!);
            File.Copy(Path.Combine(Repository.Root, "tests/GanOnnx.Imaging.Tests/Fixtures/quarters.png"), folder["d/" + name]);
        }

        var asked = Gan.Run("train", "--data", folder["d"], "--dry-run");
        var told = Gan.Succeed("train", "--data", folder["d"], "--dry-run", "--split", "train");
        var json = JsonNode.Parse(Gan.Succeed("train", "--data", folder["d"], "--dry-run", "--split", "all", "--json").Output)!;

        Assert.That(asked.ExitCode, Is.EqualTo(2));
        Assert.That(asked.Error.TrimEnd(), Is.EqualTo($"gan: '{folder["d"]}' is divided into splits: test (1 images), train (2 images). Say which "
            + "one is meant, or all for all of them. The option is --split."));
        Assert.That(told.Output, Does.StartWith("d: 2 images in 2 classes of 1 each (cats, dogs); "));
        Assert.That((int)json["classes"]![0]!["images"]!, Is.EqualTo(2));
        Assert.That(Directory.GetFileSystemEntries(folder.Path), Has.Length.EqualTo(1));
    }

    [Test]
    public void A_run_without_a_folder_is_refused() => Assert.That(Gan.Run("train", "--data", "synthetic:digits").Error.TrimEnd(),
        Is.EqualTo("gan: Give the run's folder with --out."));
}
