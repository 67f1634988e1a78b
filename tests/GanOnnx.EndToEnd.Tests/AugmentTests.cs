using System.Text.Json.Nodes;
using GanOnnx.Cli;
using GanOnnx.Imaging;
using GanOnnx.Inference;
using GanOnnx.Onnx;
using GanOnnx.Tests.Shared.Kills;
using GanOnnx.Tests.Shared.Models;
using static GanOnnx.Onnx.TensorProto.Types;

namespace GanOnnx.EndToEnd.Tests;

/// <summary><c>gan augment</c>: a labelled set of generated pictures.</summary>
public sealed class AugmentTests
{
    private const string Strange =
        "'{0}' is there and isn't of this set, but would be read with it. Empty the folder, or give another one.";

    private TemporaryFolder _folder = null!;
    private ModelFolder _models = null!;

    [SetUp]
    public void MakeFolders() => (_folder, _models) = (new TemporaryFolder(), new ModelFolder());

    [TearDown]
    public void RemoveFolders()
    {
        _folder.Dispose();
        _models.Dispose();
    }

    [Test]
    public void Each_class_gets_a_folder_of_the_pictures_that_generate_makes_of_it()
    {
        var json = Succeed("augment", "fashion-cgan", "--classes", "bag,Coat,3", "--per-class", "5", "--seed", "7", "--unsigned",
            "--out", _folder["set"]);
        Gan.Succeed("generate", "fashion-cgan", "--label", "Bag", "--count", "5", "--seed", "7", "--unsigned", "--out", _folder["bags"]);

        Assert.That(json["classes"]!.AsArray().Select(made => $"{made!["label"]} {made["folder"]} {made["drawn"]} {made["kept"]}"),
            Is.EqualTo(new[] { "8 Bag 5 5", "4 Coat 5 5", "3 Dress 5 5" }));
        Assert.That(Contents(_folder["set/Bag"]), Is.EqualTo(Contents(_folder["bags"])));
        Assert.That(Provenance.Read(_folder["set/Coat/seed0007-000004.png"])!.Label, Is.EqualTo("4"));
        var survey = Succeed("train", "--data", _folder["set"], "--dry-run");
        Assert.That(survey["classes"]!.AsArray().Select(c => $"{c!["name"]} {c["images"]}"),
            Is.EqualTo(new[] { "Bag 5", "Coat 5", "Dress 5" }));
    }

    [Test]
    public void Only_images_that_the_classifier_takes_for_their_class_are_kept()
    {
        var (model, classifier) = (_models.Save(Shades()), _models.Save(ShadeClassifier("dark", "light", "never"), "c.onnx"));
        var json = Succeed("augment", model, "--classes", "dark,light", "--per-class", "30", "--classifier", classifier, "--out",
            _folder["set"]);

        foreach (var (name, isDark) in new[] { ("dark", true), ("light", false) })
        {
            var made = json["classes"]!.AsArray().Single(c => (string)c!["name"]! == name)!;
            Assert.That((int)made["kept"]!, Is.EqualTo(30));
            // Half of the images are dark, so of 60 draws: 99.99 % lie within.
            Assert.That((int)made["drawn"]!, Is.InRange(38, 120));
            var pictures = Directory.GetFiles(_folder[$"set/{name}"]);
            Assert.That(pictures, Has.Length.EqualTo(30));
            Assert.That(pictures.Select(path => Grey(path) < 128), Has.All.EqualTo(isDark));
        }
    }

    [Test]
    public void A_class_that_is_hardly_ever_recognised_is_told_and_the_others_are_written()
    {
        var (model, classifier) = (_models.Save(Shades()), _models.Save(ShadeClassifier("dark", "light", "never"), "c.onnx"));
        var result = Gan.Run("augment", model, "--per-class", "3", "--classifier", classifier, "--out", _folder["set"], "--json",
            "--device", "cpu");

        Assert.That((result.ExitCode, result.Error.TrimEnd()), Is.EqualTo((1, "gan: not all classes are made often enough: never: 0 kept of 60 "
            + "drawn. What was recognised is written, 3 of each other class. Train the model for longer, or ask for fewer.")));
        Assert.That((int)JsonNode.Parse(result.Output)!["images"]!, Is.EqualTo(6));
        Assert.That(Directory.GetFiles(_folder["set"], "*.png", SearchOption.AllDirectories), Has.Length.EqualTo(6));
    }

    [Test]
    public void A_set_is_written_over_an_earlier_one_of_its_seed_and_nothing_of_that_is_left()
    {
        var (model, classifier) = (_models.Save(Shades()), _models.Save(ShadeClassifier("dark", "light", "never"), "c.onnx"));
        string[] set = ["augment", model, "--classes", "dark", "--per-class", "20", "--unsigned", "--out", _folder["set"]];
        Gan.Succeed(set);
        Directory.CreateDirectory(_folder["set/light"]);
        File.WriteAllText(_folder["set/light/mine.png"], "mine");
        Gan.Succeed([.. set, "--classifier", classifier]);
        Gan.Succeed(["augment", model, "--classes", "dark", "--per-class", "20", "--unsigned", "--out", _folder["fresh"], "--classifier",
            classifier]);

        Assert.That(Contents(_folder["set/dark"]), Is.EqualTo(Contents(_folder["fresh/dark"])));
        Assert.That(File.ReadAllText(_folder["set/light/mine.png"]), Is.EqualTo("mine"), "a class that isn't asked for is let be");
    }

    [TestCase("set/dark/mine.png", Strange)]
    [TestCase("set/mine.txt", Strange)]
    [TestCase("set/dark/seed0000-000002.png", Strange)]
    [TestCase("set/dark/seed0000-000001.png",
        "'{0}' is there and doesn't say that gan made it, so it isn't replaced. Move it away, or give another folder.")]
    [TestCase("set", "'{0}' is a file; a set of pictures needs a folder. Give another name.")]
    public void What_else_is_in_the_folder_is_left_alone(string file, string sentence)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[file])!);
        File.WriteAllText(_folder[file], "mine");
        var result = Gan.Run("augment", _models.Save(Shades()), "--per-class", "2", "--out", _folder["set"], "--device", "cpu");

        Assert.That((result.ExitCode, result.Error.TrimEnd()), Is.EqualTo((2, $"gan: {string.Format(sentence, _folder[file])}")));
        Assert.That(Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories), Is.EqualTo([_folder[file]]));
        Assert.That(File.ReadAllText(_folder[file]), Is.EqualTo("mine"));
    }

    [TestCase("--per-class 0", "--per-class 0 is out of range; 1 to 1,000,000 is expected.")]
    [TestCase("--per-class 2 --classes cow",
        "'{0}' has no class 'cow'. Its classes are 0 dark, 1 light, 2 never; give a name or a number.")]
    [TestCase("--per-class 2 --truncation 0.5", "'{0}' takes no truncation. Leave the truncation out.")]
    [TestCase("--per-class 2 --classifier {1}", "'{1}' knows no class 'never', so it can't tell whether an image shows it. Train a "
        + "classifier on that class too, or leave the class out.")]
    public void What_cannot_be_made_is_said(string options, string sentence)
    {
        var (model, classifier) = (_models.Save(Shades()), _models.Save(ShadeClassifier("dark", "light", "other"), "c.onnx"));
        var result = Gan.Run(
            ["augment", model, "--device", "cpu", "--out", _folder["set"], .. string.Format(options, model, classifier).Split(' ')]);

        Assert.That((result.ExitCode, result.Error.TrimEnd()), Is.EqualTo((2, $"gan: {string.Format(sentence, model, classifier)}")));
        Assert.That(Directory.Exists(_folder["set"]), Is.False);
    }

    [Test]
    public void A_model_without_classes_is_refused()
    {
        var result = Gan.Run("augment", "fashion-dcgan", "--per-class", "2", "--out", "set", "--device", "cpu");
        Assert.That((result.ExitCode, result.Error.TrimEnd()), Is.EqualTo((2,
            $"gan: '{Path.Combine(Repository.Root, "models", "fashion-dcgan", "model.onnx")}' is unconditional: it makes images of no class, so "
            + "they can't be labelled. Train a model with labels, or make images without any: gan generate fashion-dcgan --out set")));
    }

    [Test]
    public void Classes_without_names_are_asked_for_by_number_and_their_folders_called_so()
    {
        var model = _models.Save(TestModels.Conditional([], rows: 12));
        var all = Gan.Run("augment", model, "--per-class", "2", "--range", "-1,1", "--out", _folder["set"], "--device", "cpu");
        Gan.Succeed("augment", model, "--per-class", "2", "--range", "-1,1", "--classes", "11,3", "--out", _folder["set"]);

        Assert.That((all.ExitCode, all.Error.TrimEnd()), Is.EqualTo((2,
            $"gan: '{model}' doesn't say which classes it has; give them by number, as --classes 0,1,2.")));
        Assert.That(Directory.GetDirectories(_folder["set"]).Select(Path.GetFileName), Is.EquivalentTo(["11", "3"]));
    }

    [Test]
    public void Killed_at_any_moment_it_leaves_whole_pictures_and_is_simply_called_again()
    {
        if (OperatingSystem.IsWindows())
            Assert.Ignore("Signals are Unix's.");
        string[] call = ["augment", "fashion-cgan", "--classes", "Bag,Coat", "--per-class", "400", "--batch", "4", "--out", _folder["set"]];
        using (var victim = Victim.Start(call))
        {
            while (!Directory.Exists(_folder["set/Coat"]) && !victim.HasExited)
                Thread.Sleep(5);
            Assert.That(victim.Kill(TimeSpan.FromMilliseconds(30)), Is.True);
        }
        string[] left = [.. Directory.GetFiles(_folder["set"], "*.png", SearchOption.AllDirectories)];
        Assert.That(left, Has.Length.InRange(400, 799));
        Assert.That(left.Select(path => Provenance.Read(path)?.Seeds), Has.All.EqualTo("0"));
        Assert.That(left.Select(Grey), Has.All.InRange(0, 255), "each can be decoded to its end");

        Gan.Succeed(call);

        Assert.That(Directory.GetFiles(_folder["set"], "*", SearchOption.AllDirectories), Has.Length.EqualTo(800));
    }

    [TestCase("cat|dog", "cat|dog")]
    [TestCase("T-shirt/top|a\\b:c*?|<x>|\"q\"", "T-shirt-top|a-b-c--|-x-|-q-")]
    [TestCase("..|.git|...|x. ", "-0|-git|-2|x")]
    [TestCase("con|LPT1.txt|console|Thumbs.db", "-con|-LPT1.txt|console|Thumbs.db-3")]
    [TestCase("train|Test|trained", "train-0|Test-1|trained")]
    [TestCase("cat|Cat|cat-1|a/b|a:b", "cat|Cat-1|cat-1-2|a-b|a-b-4")]
    [TestCase("\e[31m|dog\u202e|| ", "-[31m|dog-|-2|-3")]
    [TestCase("Röschen|猫|🐈", "Röschen|猫|--")]
    public void A_class_gets_a_folder_that_every_system_allows(string classes, string folders) =>
        Assert.That(ClassFolders.Of(classes.Split('|')), Is.EqualTo(folders.Split('|')));

    [Test]
    public void A_long_name_of_a_class_is_cut() =>
        Assert.That(ClassFolders.Of([new('猫', 300), new('猫', 300)]), Is.EqualTo([new string('猫', 80), new string('猫', 80) + "-1"]));

    // One grey pixel, as bright as the latent is large, whatever class is asked for.
    private static ModelBuilder Shades() => new ModelBuilder()
        .Input("z", DataType.Float, "N", TestModels.LatentSize).Input("label", DataType.Int64, "N")
        .Metadata(TestModels.Metadata with { Classes = ["dark", "light", "never"], Pixels = new() { Channels = "grey" } })
        .Integers("axes", 1).Node("ReduceSum", ["z", "axes"], "sum")
        .Integers("pixel", -1, 1, 1, 1).Node("Reshape", ["sum", "pixel"], "sums")
        .Node("Cast", ["label"], "labels", ModelBuilder.Int("to", (long)DataType.Float)).Node("Reshape", ["labels", "pixel"], "column")
        .Node("Sub", ["column", "column"], "nothing").Node("Add", ["sums", "nothing"], "shade").Node("Tanh", ["shade"], "image")
        .Output("image", DataType.Float, "N", 1, 1, 1);

    // The darker, the more of the first class; the third is never the most probable.
    private static ModelBuilder ShadeClassifier(params string[] classes) => new ModelBuilder()
        .Input("image", DataType.Float, "N", 1, 1, 1)
        .Metadata(new ModelMetadata { Task = ModelTask.Score, Classes = classes, Pixels = new() { Channels = "grey" } })
        .Integers("column", -1, 1).Node("Reshape", ["image", "column"], "shade")
        .Floats("slopes", -1, 1, 0).Node("Mul", ["shade", "slopes"], "sloped")
        .Floats("offsets", 0, 0, -5).Node("Add", ["sloped", "offsets"], "scores").Output("scores", DataType.Float, "N", 3);

    private static JsonNode Succeed(params string[] call) => JsonNode.Parse(Gan.Succeed([.. call, "--json"]).Output)!;

    private static byte Grey(string path) => ImageReader.Read(path, 1, 1)[0];

    private static string[] Contents(string folder) => [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal)
        .Select(path => $"{Path.GetFileName(path)} {Convert.ToBase64String(File.ReadAllBytes(path))}")];
}
