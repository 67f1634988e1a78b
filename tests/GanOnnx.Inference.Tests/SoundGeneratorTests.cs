using GanOnnx.Tests.Shared.Models;

namespace GanOnnx.Inference.Tests;

/// <summary>Models that make sounds.</summary>
public sealed class SoundGeneratorTests
{
    private static readonly string[] _digits = ["zero", "one", "two"];

    private readonly ModelFolder _folder = new();

    [OneTimeTearDown]
    public void Delete() => _folder.Dispose();

    [Test]
    public void Load_AModel_KnowsWhatItsSoundsAre()
    {
        using var generator = Load(TestModels.Sounding(_digits, channels: 2, rate: 44_100));

        Assert.That((generator.Channels, generator.Samples, generator.Rate), Is.EqualTo((2, 32, 44_100)));
        Assert.That(generator.Model.Classes, Is.EqualTo(_digits));
        Assert.That((generator.Model.Channels, generator.Model.Height, generator.Model.Width), Is.EqualTo((2, 1, 32)));
        Assert.That(generator.Provider, Is.EqualTo("CPUExecutionProvider"));
    }

    [Test]
    public async Task EveryWay_OfAsking_MakesTheSameSounds()
    {
        using var generator = Load(TestModels.Sounding(_digits), new() { BatchSize = 3 });
        var sounds = generator.Generate(7, seed: 5, label: 2, first: 1);

        Assert.That((sounds.Count, sounds.Channels, sounds.Samples, sounds.Rate, sounds.Provider),
            Is.EqualTo((7, 1, 32, 8000, "CPUExecutionProvider")));
        Assert.That(sounds.Values.ToArray().Distinct().Count(), Is.GreaterThan(200), "no two are alike");
        Assert.That(sounds[3].ToArray(), Is.EqualTo(sounds.Values.Slice(3 * 32, 32).ToArray()));
        var expected = sounds.Values.ToArray();
        Assert.That((await generator.GenerateAsync(7, 5, 2, 1)).Values.ToArray(), Is.EqualTo(expected).Within(1e-6));
        Assert.That(generator.Stream(Enumerable.Range(1, 7).Select(i => new Sample(5, (ulong)i, 2))).SelectMany(b => b.Values.ToArray()),
            Is.EqualTo(expected).Within(1e-6));
        var latents = new float[7 * TestModels.LatentSize];
        new LatentSampler(TestModels.LatentSize).Fill(5, 1, latents);
        Assert.That(generator.FromLatents(latents, new[] { 2, 2, 2, 2, 2, 2, 2 }).Values.ToArray(), Is.EqualTo(expected).Within(1e-6));
    }

    [Test]
    public void Generate_WithoutALabel_DrawsIt()
    {
        using var generator = Load(TestModels.Sounding(_digits));
        var any = generator.Generate(4, seed: 3);
        int[] drawn = [.. Enumerable.Range(0, 4).Select(i => LatentSampler.Label(3, (ulong)i, 3))];

        Assert.That(drawn.Distinct().Count(), Is.GreaterThan(1));
        for (var i = 0; i < 4; i++)
            Assert.That(generator.Generate(1, 3, drawn[i], (ulong)i).Values.ToArray(), Is.EqualTo(any[i].ToArray()).Within(1e-6));
    }

    [Test]
    public void Half_precision_is_handed_out_as_floats()
    {
        var model = TestModels.Sounding([]);
        using var whole = Load(model);
        var graph = model.Model.Graph;
        graph.Node.Add(new Onnx.NodeProto { OpType = "Cast", Input = { "audio" }, Output = { "half" }, Attribute = { ModelBuilder.Int("to", 10) } });
        graph.Node[^2].Output[0] = "whole";
        (graph.Node[^1].Input[0], graph.Node[^1].Output[0]) = ("whole", "audio");
        graph.Output[0].Type.TensorType.ElemType = 10;
        using var half = Load(model);

        Assert.That(half.Generate(2, 1).Values.ToArray(), Is.EqualTo(whole.Generate(2, 1).Values.ToArray()).Within(1e-3));
    }

    [Test]
    public void Models_of_images_and_of_sounds_arent_taken_for_each_other()
    {
        var (image, sound) = (_folder.Save(TestModels.Generator(TestModels.Metadata), "image.onnx"), _folder.Save(TestModels.Sounding([]), "sound.onnx"));

        Assert.That(() => SoundGenerator.Load(image), Throws.TypeOf<ModelException>().With.Message.EqualTo(
            $"'{image}' is a model to generate; one to make sounds is expected. Choose another model."));
        Assert.That(() => ImageGenerator.Load(sound), Throws.TypeOf<ModelException>().With.Message.EqualTo(
            $"'{sound}' is a model to make sounds; one to generate is expected. Choose another model."));
        Assert.That(() => ImageTranslator.Load(sound), Throws.TypeOf<ModelException>());
    }

    [Test]
    public void What_isnt_a_sound_is_refused()
    {
        Refused(TestModels.Sounding([], rate: null), "doesn't say how many values its sounds have a second, 1,000 to 768,000. Export it again, with gan.audio as {\"rate\":8000}.");
        Refused(TestModels.Sounding([], rate: 0), "doesn't say how many values its sounds have a second, 1,000 to 768,000. Export it again, with gan.audio as {\"rate\":8000}.");
        Refused(TestModels.Sounding([], rate: int.MaxValue), "doesn't say how many values its sounds have a second, 1,000 to 768,000. Export it again, with gan.audio as {\"rate\":8000}.");
        Refused(TestModels.Sounding([], channels: 3), "has no sound output, only audio float32 [N, 3, 32]. An output audio float32 [N, C, S] with 1 or 2 channels "
            + "and a fixed length is expected; export it so.");
        Refused(TestModels.Sounding([], output: "noise"), "has no sound output, only noise float32 [N, 1, 32]. An output audio float32 [N, C, S] with 1 or 2 "
            + "channels and a fixed length is expected; export it so.");
        var strange = TestModels.Sounding([]);
        strange.Model.MetadataProps.Clear();
        Refused(strange, "doesn't say that it makes sounds: it has no metadata of GanOnnx. Choose a model whose task is sound.");
    }

    [Test]
    public void SoundBatch_OfAnotherLength_Throws()
    {
        Assert.That(() => new SoundBatch(new float[7], 1, 2, 4, 8000), Throws.ArgumentException.With.Message.StartsWith("7 values are not 1 sounds of 2 × 4."));
        Assert.That(() => new SoundBatch(new float[8], 1, 2, 4, 8000)[1].ToArray(), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    private void Refused(ModelBuilder model, string message)
    {
        var path = _folder.Save(model, "refused.onnx");
        Assert.That(() => SoundGenerator.Load(path), Throws.TypeOf<ModelException>().With.Message.EqualTo($"'{path}' {message}"));
    }

    private SoundGenerator Load(ModelBuilder model, MediaGeneratorOptions? options = null) =>
        SoundGenerator.Load(_folder.Save(model, $"{Guid.NewGuid():N}.onnx"), (options ?? new()) with { Device = Device.Cpu });
}
