using GanOnnx.Onnx;
using GanOnnx.Tests.Shared.Models;
using static GanOnnx.Onnx.TensorProto.Types;

namespace GanOnnx.Inference.Tests;

/// <summary>Models with a second latent, whose channel k shows the style of layer k.</summary>
public sealed class StyleMixTests : IDisposable
{
    // Sums are ordered differently at different batch sizes; values are about 1.
    private const float Tolerance = 1e-5f;

    private static readonly ImageGeneratorOptions OnCpu = new() { Device = Device.Cpu, Threads = 1 };

    private readonly ModelFolder _folder = new();
    private readonly string _path;

    public StyleMixTests() => _path = _folder.Save(TestModels.Styled("cat", "dog"));

    public void Dispose() => _folder.Dispose();

    [Test]
    public void Load_Describes()
    {
        using var generator = ImageGenerator.Load(_path, OnCpu);
        var model = generator.Model;
        Assert.That((model.LatentSize, model.IsConditional, model.HasTruncation, model.HasStyleMixing), Is.EqualTo((24, true, true, true)));
    }

    [Test]
    public void Generate_FromALayerOn_HasTheOtherImagesStyle([Values(0, 1, 2)] int layer, [Values(1, 7, 64)] int batchSize)
    {
        using var generator = ImageGenerator.Load(_path, OnCpu with { BatchSize = batchSize });
        var own = generator.Generate(10, seed: 3, label: 1, truncation: 0.7f);
        var other = generator.Generate(1, seed: 8, label: 1, truncation: 0.7f, first: 5);

        AssertMixed(generator.Generate(10, seed: 3, label: 1, truncation: 0.7f, new StyleMix(8, layer, Index: 5)), own, other, layer);
    }

    [Test]
    public async Task GenerateAsync_FromALayerOn_HasTheOtherImagesStyle()
    {
        using var generator = ImageGenerator.Load(_path, OnCpu);
        var mixed = await generator.GenerateAsync(10, seed: 3, label: 0, styleMix: new(8, 1));
        AssertMixed(mixed, generator.Generate(10, seed: 3, label: 0), generator.Generate(1, seed: 8, label: 0), 1);
    }

    [Test]
    public async Task Streams_EverySample_HasItsOwnMix()
    {
        using var generator = ImageGenerator.Load(_path, OnCpu with { BatchSize = 3 });
        var samples = Enumerable.Range(0, 20)
            .Select(i => new Sample(5, (ulong)i, Label: 0, i % 3 == 0 ? null : new StyleMix(8, i % 3, (ulong)i))).ToList();

        var streamed = generator.Stream(samples).SelectMany(Rows).ToList();
        var ahead = new List<float[]>();
        await foreach (var batch in generator.StreamAsync(samples))
            ahead.AddRange(Rows(batch));

        Assert.That(ahead, Is.EqualTo(streamed).Within(Tolerance));
        for (var i = 0; i < samples.Count; i++)
            Assert.That(streamed[i], Is.EqualTo(generator.Generate(1, 5, 0, styleMix: samples[i].StyleMix, first: (ulong)i)[0].ToArray())
                .Within(Tolerance));
    }

    [Test]
    public void Generate_WithoutMixing_KnowsNothingOfTheRunBefore()
    {
        using var fresh = ImageGenerator.Load(_path, OnCpu with { ParallelBatches = 1 });
        var expected = fresh.Generate(10, seed: 3);
        using var generator = ImageGenerator.Load(_path, OnCpu with { ParallelBatches = 1 });
        generator.Generate(10, seed: 4, styleMix: new(8, 0));
        var latents = new float[10 * 24];
        new LatentSampler(24).Fill(3, 0, latents);
        var labels = Enumerable.Range(0, 10).Select(i => LatentSampler.Label(3, (ulong)i, 2)).ToArray();

        // To the bit: the second style is the image's own.
        Assert.That(generator.Generate(10, seed: 3).Values.ToArray(), Is.EqualTo(expected.Values.ToArray()));
        generator.Generate(10, seed: 4, styleMix: new(8, 0));
        Assert.That(generator.FromLatents(latents, labels).Values.ToArray(), Is.EqualTo(expected.Values.ToArray()));
    }

    [Test]
    public void Generate_AfterWarmUp_AllocatesWhatItHandsOut()
    {
        using var generator = ImageGenerator.Load(_path, OnCpu with { ParallelBatches = 2, BatchSize = 4 });
        generator.Generate(100, styleMix: new(8, 1));
        var least = long.MaxValue;
        for (var i = 0; i < 20; i++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            generator.Generate(100, seed: (ulong)i, styleMix: new(8, 1));
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        // The headers of the array and the batch, and what shares the batches among threads: per call, not per image.
        Assert.That(least - 100 * 3 * sizeof(float), Is.LessThan(400));
    }

    [Test]
    public void Generate_MixingForAModelWithout_Fails()
    {
        var path = _folder.Save(TestModels.Generator(), "plain.onnx");
        using var generator = ImageGenerator.Load(path, OnCpu);
        var sentence = $"'{path}' can't mix styles. Leave the style mixing out.";
        Assert.That(() => generator.Generate(1, styleMix: new(8, 1)), Throws.TypeOf<ModelException>().With.Message.EqualTo(sentence));
        Assert.That(() => generator.GenerateAsync(1, styleMix: new(8, 1)), Throws.TypeOf<ModelException>().With.Message.EqualTo(sentence));
        Assert.That(() => generator.Stream([new(1, StyleMix: new(8, 1))]).ToList(),
            Throws.TypeOf<ModelException>().With.Message.EqualTo(sentence));
        Assert.That(generator.Model.HasStyleMixing, Is.False);
    }

    [TestCase(-1)]
    [TestCase(3)]
    [TestCase(100)]
    public void Generate_FromALayerThatIsNotThere_Fails(int layer)
    {
        using var generator = ImageGenerator.Load(_path, OnCpu);
        Assert.That(() => generator.Generate(1, styleMix: new(8, layer)), Throws.TypeOf<ModelException>()
            .With.Message.EqualTo($"Styles are to be mixed from layer {layer} on; '{_path}' has 3 layers with styles. Give 0 (all of them) "
                + "to 2 (the last one)."));
    }

    [Test]
    public void StyleLayers_AreFoundByTrying()
    {
        using var generator = ImageGenerator.Load(_path, OnCpu);
        using var plain = ImageGenerator.Load(_folder.Save(TestModels.Generator(), "plain.onnx"), OnCpu);

        Assert.That((generator.Model.StyleLayers, plain.Model.StyleLayers), Is.EqualTo((3, default(int?))));
    }

    [Test]
    public void Load_SecondLatentWithoutItsLayer_Fails() =>
        LoadFails(Without("style_mix_from"),
            "'{0}' has an input that can't be filled: style_mix float32 [N, 24]. Inputs z float32 or float16 [N, Z], [N, Z, 1, 1] "
            + "or [N, L, W], z_content [N, Z] with z_motion [N, T, M], label int64 or int32 [N] or [N, 1] or one-hot [N, K], truncation float32 [N], [N, 1] or one number, "
            + "truncation_cutoff int64 [N], [N, 1] or one number, and style_mix float32 [N, Z] with style_mix_from float32 [N] are supported; export the generator alone.");

    [Test]
    public void Load_SecondLatentOfAnotherSize_Fails()
    {
        var builder = TestModels.Generator().Input("style_mix", DataType.Float, "N", 8).Input("style_mix_from", DataType.Float, "N");
        LoadFails(builder, "'{0}' has style_mix float32 [N, 8] beside latents of 24 values. Export it with latents of one size.");
    }

    private static ModelBuilder Without(string input)
    {
        var builder = TestModels.Generator().Input("style_mix", DataType.Float, "N", 24).Input("style_mix_from", DataType.Float, "N");
        builder.Model.Graph.Input.Remove(builder.Model.Graph.Input.Single(i => i.Name == input));
        return builder;
    }

    private void LoadFails(ModelBuilder builder, string message)
    {
        var path = _folder.Save(builder, "wrong.onnx");
        Assert.That(() => ImageGenerator.Load(path, OnCpu),
            Throws.TypeOf<ModelException>().With.Message.EqualTo(message.Replace("{0}", path, StringComparison.Ordinal)));
    }

    private static void AssertMixed(ImageBatch mixed, ImageBatch own, ImageBatch other, int layer)
    {
        for (var i = 0; i < mixed.Count; i++)
            for (var channel = 0; channel < 3; channel++)
            {
                var (from, instead) = channel < layer ? (own[i][channel], other[0][channel]) : (other[0][channel], own[i][channel]);
                Assert.That(mixed[i][channel], Is.EqualTo(from).Within(Tolerance), $"image {i}, layer {channel}");
                Assert.That(Math.Abs(from - instead), Is.GreaterThan(10 * Tolerance), "the two styles can be told apart");
            }
    }

    private static IEnumerable<float[]> Rows(ImageBatch batch) => Enumerable.Range(0, batch.Count).Select(i => batch[i].ToArray());
}
