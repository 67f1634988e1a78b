using GanOnnx.Tests.Shared.Models;

namespace GanOnnx.Inference.Tests;

/// <summary>Models that make clips.</summary>
public sealed class VideoGeneratorTests
{
    private const int LatentSize = 6 + 4 * 2;

    private static readonly string[] _classes = ["walk", "run", "fly"];

    private readonly ModelFolder _folder = new();

    [OneTimeTearDown]
    public void Delete() => _folder.Dispose();

    [Test]
    public void Load_AModel_KnowsWhatItsClipsAre()
    {
        using var generator = Load(TestModels.Moving(_classes, channels: 3, rate: 12.5));

        Assert.That((generator.Frames, generator.Channels, generator.Height, generator.Width, generator.FramesPerSecond),
            Is.EqualTo((4, 3, 3, 4, 12.5)));
        Assert.That((generator.Model.Channels, generator.Model.Height, generator.Model.Width, generator.Model.LatentSize),
            Is.EqualTo((3, 3, 4, LatentSize)));
        Assert.That((generator.ContentSize, generator.Provider), Is.EqualTo((6, "CPUExecutionProvider")));
        Assert.That(generator.Model.Classes, Is.EqualTo(_classes));
    }

    [Test]
    public async Task EveryWay_OfAsking_MakesTheSameClips()
    {
        using var generator = Load(TestModels.Moving(_classes), new() { BatchSize = 3 });
        var clips = generator.Generate(7, seed: 5, label: 2, first: 1);

        Assert.That((clips.Count, clips.Frames, clips.Channels, clips.Height, clips.Width, clips.FramesPerSecond, clips.Provider),
            Is.EqualTo((7, 4, 1, 3, 4, 5.0, "CPUExecutionProvider")));
        Assert.That(clips.Values.ToArray().Distinct().Count(), Is.GreaterThan(300), "no two are alike");
        var expected = clips.Values.ToArray();
        Assert.That((await generator.GenerateAsync(7, 5, 2, 1)).Values.ToArray(), Is.EqualTo(expected).Within(1e-6));
        Assert.That(generator.Stream(Enumerable.Range(1, 7).Select(i => new Sample(5, (ulong)i, 2))).SelectMany(b => b.Values.ToArray()),
            Is.EqualTo(expected).Within(1e-6));
        var latents = new float[7 * LatentSize];
        new LatentSampler(LatentSize).Fill(5, 1, latents);
        Assert.That(generator.FromLatents(latents, new[] { 2, 2, 2, 2, 2, 2, 2 }).Values.ToArray(), Is.EqualTo(expected).Within(1e-6));
    }

    // What a rewrite from the documentation would compute: the content first, then the motion frame by frame.
    [Test]
    public void A_latent_is_the_content_and_then_the_motion_of_each_frame()
    {
        using var generator = Load(TestModels.Moving([]));
        var latent = new float[LatentSize];
        new LatentSampler(LatentSize).Fill(3, 0, latent);
        var before = generator.FromLatents(latent)[0].ToArray();
        Assert.That(before, Is.EqualTo(generator.Generate(1, 3).Values.ToArray()).Within(1e-6));

        latent[6 + 2 * 2 + 1] += 1; // the second value of frame 2's motion
        var moved = generator.FromLatents(latent)[0].ToArray();
        bool[] changed = [.. Enumerable.Range(0, 4).Select(frame =>
            !moved[(frame * 12)..(frame * 12 + 12)].SequenceEqual(before[(frame * 12)..(frame * 12 + 12)]))];
        Assert.That(changed, Is.EqualTo([false, false, true, false]));
        latent[0] += 1;
        var other = generator.FromLatents(latent)[0].ToArray();
        Assert.That(Enumerable.Range(0, 4).Select(frame => other[frame * 12] != moved[frame * 12]), Is.All.True, "the content is in all frames");
    }

    [Test]
    public void Frames_are_images()
    {
        var values = Enumerable.Range(0, 2 * 3 * 2).Select(i => i / 12f).ToArray();
        var clips = new VideoBatch(values, 2, 3, 1, 1, 2, 8) { Provider = "P" };

        Assert.That(clips[1].ToArray(), Is.EqualTo(values[6..]));
        var (frames, third) = (clips.FramesOf(1), clips.FrameOfAll(2));
        Assert.That((frames.Count, frames.Channels, frames.Height, frames.Width, frames.Provider), Is.EqualTo((3, 1, 1, 2, "P")));
        Assert.That(frames.Values.ToArray(), Is.EqualTo(values[6..]));
        Assert.That(third.Values.ToArray(), Is.EqualTo((float[])[values[4], values[5], values[10], values[11]]));
        Assert.That(() => clips[2].ToArray(), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => clips.FrameOfAll(3), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => new VideoBatch(new float[7], 1, 2, 1, 2, 2, 8), Throws.ArgumentException.With.Message.StartsWith("7 values are not 1 clips of 2 × 1 × 2 × 2."));
    }

    [Test]
    public void Half_precision_is_handed_out_as_floats()
    {
        var model = TestModels.Moving([]);
        using var whole = Load(model);
        var graph = model.Model.Graph;
        graph.Node.Add(new Onnx.NodeProto { OpType = "Cast", Input = { "whole" }, Output = { "video" }, Attribute = { ModelBuilder.Int("to", 10) } });
        graph.Node[^2].Output[0] = "whole";
        graph.Output[0].Type.TensorType.ElemType = 10;
        using var half = Load(model);

        Assert.That(half.Generate(2, 1).Values.ToArray(), Is.EqualTo(whole.Generate(2, 1).Values.ToArray()).Within(1e-3));
    }

    [Test]
    public void Models_of_images_sounds_and_clips_arent_taken_for_each_other()
    {
        var (image, sound, clip) = (_folder.Save(TestModels.Generator(TestModels.Metadata), "image.onnx"), _folder.Save(TestModels.Sounding([]), "sound.onnx"),
            _folder.Save(TestModels.Moving([]), "clip.onnx"));

        Assert.That(() => VideoGenerator.Load(image), Throws.TypeOf<ModelException>().With.Message.EqualTo(
            $"'{image}' is a model to generate; one to make clips is expected. Choose another model."));
        Assert.That(() => VideoGenerator.Load(sound), Throws.TypeOf<ModelException>().With.Message.EqualTo(
            $"'{sound}' is a model to make sounds; one to make clips is expected. Choose another model."));
        Assert.That(() => ImageGenerator.Load(clip), Throws.TypeOf<ModelException>().With.Message.EqualTo(
            $"'{clip}' is a model to make clips; one to generate is expected. Choose another model."));
        Assert.That(() => SoundGenerator.Load(clip), Throws.TypeOf<ModelException>());
    }

    [Test]
    public void What_isnt_a_clip_is_refused()
    {
        const string NoRate = "doesn't say how many frames its clips have a second, 0.1 to 50. Export it again, with gan.video as {\"framesPerSecond\":8}.";
        Refused(TestModels.Moving([], rate: null), NoRate);
        Refused(TestModels.Moving([], rate: 0), NoRate);
        Refused(TestModels.Moving([], rate: 1e9), NoRate);
        Refused(TestModels.Moving([], channels: 2), "has no output of clips, only video float32 [N, 4, 2, 3, 4]. An output video float32 [N, T, C, H, W] "
            + "with 1, 3 or 4 channels and fixed lengths is expected; export it so.");
        Refused(TestModels.Moving([], output: "image"), "has no output of clips, only image float32 [N, 4, 1, 3, 4]. An output video float32 [N, T, C, H, W] "
            + "with 1, 3 or 4 channels and fixed lengths is expected; export it so.");
        var strange = TestModels.Moving([]);
        strange.Model.MetadataProps.Clear();
        Refused(strange, "doesn't say that it makes clips: it has no metadata of GanOnnx. Choose a model whose task is video.");
    }

    [Test]
    public void A_latent_that_isnt_what_the_file_says_is_refused()
    {
        var contradicting = TestModels.Moving([]);
        contradicting.Model.MetadataProps.Single(p => p.Key == "gan.latent").Value = """{"distribution":"normal","size":15}""";
        Refused(contradicting, "contradicts itself: its metadata says the latent has 15 values, its graph has z_content float32 [N, 6] and z_motion float32 [N, 4, 2]. "
            + "Export the model again.");
        var half = TestModels.Moving([]);
        half.Model.Graph.Input.RemoveAt(0);
        half.Model.Graph.Initializer.Add(new Onnx.TensorProto { Name = "z_content", DataType = 1, Dims = { 1, 6 }, RawData = Google.Protobuf.ByteString.CopyFrom(new byte[24]) });
        var path = _folder.Save(half, "half.onnx");
        Assert.That(() => VideoGenerator.Load(path), Throws.TypeOf<ModelException>().With.Message.Contains("latent"));
    }

    private void Refused(ModelBuilder model, string message)
    {
        var path = _folder.Save(model, "refused.onnx");
        Assert.That(() => VideoGenerator.Load(path), Throws.TypeOf<ModelException>().With.Message.EqualTo($"'{path}' {message}"));
    }

    private VideoGenerator Load(ModelBuilder model, MediaGeneratorOptions? options = null) =>
        VideoGenerator.Load(_folder.Save(model, $"{Guid.NewGuid():N}.onnx"), (options ?? new()) with { Device = Device.Cpu });
}
