using GanOnnx.Tests.Shared.Models;

namespace GanOnnx.Inference.Tests;

/// <summary>Models that take prompts: the pixel's colours are those that the prompt names.</summary>
public sealed class PromptTests
{
    private static readonly float[] _red = [1, -1, -1], _green = [-1, 1, -1], _blue = [-1, -1, 1];

    private readonly ModelFolder _folder = new();
    private readonly ColourEncoder _encoder = new();

    [OneTimeTearDown]
    public void Delete() => _folder.Dispose();

    [Test]
    public void Generate_APrompt_IsEncodedForAllImages()
    {
        using var generator = Load(TestModels.Coloured("a red thing"));
        var images = generator.Generate(3, new Sample(7) { Prompt = "something blue" });

        Assert.That(images.Values.ToArray(), Is.EqualTo(new[] { _blue, _blue, _blue }.SelectMany(colour => colour)));
    }

    [Test]
    public async Task EveryWay_OfAsking_TakesPrompts()
    {
        using var generator = Load(TestModels.Coloured("a red thing"));
        Sample[] samples = [new(1) { Prompt = "green" }, new(2), new(3) { Prompt = "blue" }];
        float[] expected = [.. _green, .. _red, .. _blue];

        Assert.That(generator.Stream(samples).SelectMany(batch => batch.Values.ToArray()), Is.EqualTo(expected));
        Assert.That((await generator.GenerateAsync(1, samples[2])).Values.ToArray(), Is.EqualTo(_blue));
        Assert.That(generator.FromLatents(new float[TestModels.LatentSize], samples[0]).Values.ToArray(), Is.EqualTo(_green));
        await foreach (var batch in generator.StreamAsync(samples))
            Assert.That(batch.Values.ToArray(), Is.EqualTo(expected));
    }

    [Test]
    public void Generate_WithoutAPrompt_ShowsAnExampleThatTheSeedDraws()
    {
        string[] examples = ["red", "green", "blue"];
        using var generator = Load(TestModels.Coloured(examples), encoder: null);
        var images = generator.Generate(20, seed: 5);

        var drawn = Enumerable.Range(0, 20).Select(i => examples[LatentSampler.Label(5, (ulong)i, 3)]).ToArray();
        Assert.That(drawn.Distinct().Count(), Is.EqualTo(3));
        Assert.That(images.Values.ToArray(), Is.EqualTo(drawn.SelectMany(ColourEncoder.VectorOf)));
    }

    [Test]
    public void Generate_AnExample_NeedsNoEncoder()
    {
        using var generator = Load(TestModels.Coloured("red", "a green one"), encoder: null);
        Assert.That(generator.Generate(1, new Sample(0) { Prompt = "a green one" }).Values.ToArray(), Is.EqualTo(_green));
        Assert.That(() => generator.Generate(1, new Sample(0) { Prompt = "blue" }), Throws.TypeOf<ModelException>().With.Message.EqualTo(
            $"'{generator.Model.Path}' takes prompts by the encoder colours, which isn't there. Give one when the model is loaded, as the "
            + "package GanOnnx.Prompts has it."));
    }

    [Test]
    public void Generate_TheSamePromptAgain_IsEncodedOnce()
    {
        var encoder = new ColourEncoder();
        using var generator = Load(TestModels.Coloured("red"), encoder);
        for (var i = 0; i < 3; i++)
            generator.Generate(4, new Sample((ulong)i) { Prompt = "a  blue\n one" });

        Assert.That(encoder.Encoded, Is.EqualTo(1));
    }

    [TestCase("", "The prompt is empty. Say in words what the image is to show.")]
    [TestCase(" \t\n", "The prompt is empty. Say in words what the image is to show.")]
    [TestCase("red\u0007", "The prompt has the character U+0007, which is no text. Leave it out.")]
    [TestCase("red\uffff", "The prompt has the character U+FFFF, which is no text. Leave it out.")]
    [TestCase("red\ud800", "The prompt has the character U+FFFD, which is no text. Leave it out.")]
    public void Generate_APromptThatIsNone_IsRefused(string prompt, string message)
    {
        using var generator = Load(TestModels.Coloured("red"));
        Assert.That(() => generator.Generate(1, new Sample(0) { Prompt = prompt }),
            Throws.TypeOf<ModelException>().With.Message.EqualTo(message));
    }

    [Test]
    public void Generate_ALongPrompt_IsRefused()
    {
        using var generator = Load(TestModels.Coloured("red"));
        Assert.That(generator.Generate(1, new Sample(0) { Prompt = new string('x', 997) + "red" }).Values.ToArray(), Is.EqualTo(_red));
        Assert.That(() => generator.Generate(1, new Sample(0) { Prompt = new string('x', 10_000) }),
            Throws.TypeOf<ModelException>().With.Message.EqualTo("The prompt has 10,000 characters; 1,000 at most are possible. Say it shorter."));
    }

    [Test]
    public void Generate_AnEncoderThatMakesTooFewValues_IsRefused()
    {
        using var generator = Load(TestModels.Coloured("red"), new BrokenEncoder());
        Assert.That(() => generator.Generate(1, new Sample(0) { Prompt = "blue" }), Throws.TypeOf<ModelException>().With.Message.EqualTo(
            "The text encoder colours made 2 values of a prompt, or some that aren't finite; 3 finite ones are expected."));
    }

    [TestCase("красный")]
    [TestCase("骑士")]
    [TestCase("qwfpgj zxcv")]
    public void Generate_WordsOfAnyScript_AreTaken(string prompt)
    {
        using var generator = Load(TestModels.Coloured("red"));
        Assert.That(generator.Generate(1, new Sample(0) { Prompt = prompt }).Values.ToArray(), Is.EqualTo(new float[] { -1, -1, -1 }));
    }

    [Test]
    public void Generate_APromptThatTheModelDoesntTake_IsRefused()
    {
        using var generator = Load(TestModels.Generator(TestModels.Metadata));
        Assert.That(generator.Model.HasPrompt, Is.False);
        Assert.That(() => generator.Generate(1, new Sample(0) { Prompt = "red" }), Throws.TypeOf<ModelException>().With.Message.EqualTo(
            $"'{generator.Model.Path}' takes no prompt. Leave the prompt out."));
    }

    [Test]
    public void Describes_WhatItTakes()
    {
        using var generator = Load(TestModels.Coloured("red", "blue"));
        var model = generator.Model;
        var asked = model.Ask(new Sample(3), "prompt", "a blue one");

        Assert.That((model.HasPrompt, model.IsConditional), Is.EqualTo((true, false)));
        Assert.That(model.Takes, Is.EqualTo(new[] { "prompt" }));
        Assert.That(model.Metadata!.Text!.Examples, Is.EqualTo(new[] { "red", "blue" }));
        Assert.That(model.Metadata.Text.Vectors.ToArray(), Is.EqualTo(new[] { _red, _blue }.SelectMany(colour => colour)));
        Assert.That(asked.Prompt, Is.EqualTo("a blue one"));
        Assert.That(model.AskedBy(asked), Is.EqualTo(new[] { KeyValuePair.Create("prompt", "a blue one") }));
    }

    [Test]
    public void Generate_ByAnotherEncoder_IsRefused()
    {
        var model = TestModels.Coloured("red");
        model.Metadata(TestModels.Metadata with
        {
            Task = ModelTask.TextToImage,
            Text = new() { Encoder = "words", Sha256 = new('a', 64), Size = 3, Examples = ["red"], Vectors = _red },
        });
        using var generator = Load(model);
        Assert.That(generator.Generate(1, new Sample(0) { Prompt = "red" }).Values.ToArray(), Is.EqualTo(_red), "a caption of the file needs none");
        Assert.That(() => generator.Generate(1, new Sample(0) { Prompt = "blue" }), Throws.TypeOf<ModelException>()
            .With.Message.EqualTo($"'{generator.Model.Path}' was trained with the text encoder words (aaaaaaaaaaaa…, 3 values), not with colours "
                + "(cccccccccccc…, 3 values). Give that one."));
    }

    [Test]
    public void Load_PromptsThatTheGraphDoesntTake_AreRefused()
    {
        var model = TestModels.Generator(TestModels.Metadata with
        {
            Task = ModelTask.TextToImage,
            Text = new() { Encoder = "colours", Sha256 = new('c', 64), Size = 3, Examples = ["red"], Vectors = _red },
        });
        var path = _folder.Save(model);
        Assert.That(() => Load(path), Throws.TypeOf<ModelException>().With.Message.EqualTo(
            $"'{path}' contradicts itself: its metadata says prompts have 3 values, its graph has no input text float32 [N, 3]. "
            + "Export the model again."));
    }

    [Test]
    public void Load_ATextModelThatDoesntSayItsEncoder_IsRefused()
    {
        var model = TestModels.Coloured("red");
        model.Model.MetadataProps.Clear();
        model.Metadata(TestModels.Metadata with { Task = ModelTask.TextToImage });
        var path = _folder.Save(model);
        Assert.That(() => Load(path), Throws.TypeOf<ModelException>().With.Message.EqualTo(
            $"'{path}' takes prompts, but doesn't say by which encoder: its metadata lacks gan.text. Export it again."));
    }

    [TestCase("{}")]
    [TestCase("""{"encoder":"colours","sha256":"c","size":3,"examples":[],"vectors":""}""")]
    [TestCase("""{"encoder":"colours","sha256":"c","size":3,"examples":["red"],"vectors":"AAAA"}""")]
    [TestCase("""{"encoder":"colours","sha256":"c","size":-3,"examples":["red"],"vectors":"AACAPwAAgL8AAIC/"}""")]
    [TestCase("""{"encoder":"colours","sha256":"c","size":3,"examples":["red"],"vectors":"no base64 at all"}""")]
    [TestCase("""{"encoder":"colours","sha256":"c","size":3,"examples":["red"],"vectors":"AADAfwAAgL8AAIC/"}""")] // NaN
    [TestCase("""{"encoder":"colours","sha256":"c","size":3,"examples":[null],"vectors":"AACAPwAAgL8AAIC/"}""")]
    public void FromProperties_MalformedPrompts_AreRefused(string json)
    {
        KeyValuePair<string, string>[] properties = [new("gan.schema", "1"), new("gan.task", "text-to-image"), new("gan.text", json)];
        Assert.That(() => ModelMetadata.FromProperties(properties), Throws.TypeOf<ModelException>().With.Message.StartsWith(
            "The model's metadata has a malformed value under gan.text: "));
    }

    [Test]
    public void Properties_AreWrittenAndReadAgain()
    {
        var written = new ModelMetadata
        {
            Task = ModelTask.TextToImage,
            Text = new() { Encoder = "e", Sha256 = "s", Size = 2, Examples = ["a \"b\"", "ü"], Vectors = new[] { 1f, -0.1f, float.Epsilon, 3e38f } },
        };
        var properties = written.ToProperties().ToDictionary();
        var read = ModelMetadata.FromProperties(properties)!.Text!;

        Assert.That(properties["gan.task"], Is.EqualTo("text-to-image"));
        Assert.That(read.Vectors.ToArray(), Is.EqualTo(written.Text.Vectors.ToArray()));
        Assert.That(read with { Vectors = default, Examples = [] }, Is.EqualTo(written.Text with { Vectors = default, Examples = [] }));
        Assert.That(read.Examples, Is.EqualTo(written.Text.Examples));
    }

    private sealed class BrokenEncoder : ITextEncoder
    {
        public string Name => "colours";

        public string Sha256 => new('c', 64);

        public int Size => 3;

        public float[][] Encode(IReadOnlyList<string> texts) => [.. texts.Select(_ => new float[2])];
    }

    private ImageGenerator Load(ModelBuilder model) => Load(model, _encoder);

    private ImageGenerator Load(ModelBuilder model, ITextEncoder? encoder) =>
        ImageGenerator.Load(_folder.Save(model), new() { Device = Device.Cpu, TextEncoder = encoder });

    private ImageGenerator Load(string path) => ImageGenerator.Load(path, new() { Device = Device.Cpu, TextEncoder = _encoder });
}
