using GanOnnx.Data;
using GanOnnx.Evaluation;
using GanOnnx.Export;
using GanOnnx.Imaging;
using GanOnnx.Inference;
using GanOnnx.Training.Checkpoints;
using GanOnnx.Training.Evaluation;
using GanOnnx.Training.Tasks;
using GanOnnx.Training.Tasks.NoiseToImage;
using static TorchSharp.torch;
using Device = GanOnnx.Inference.Device;

namespace GanOnnx.Training.Tests.Tasks;

/// <summary>Clips: bars and dots that move to the right.</summary>
public sealed class MocoganTests
{
    private const string Digits = "synthetic:moving-digits";

    private static readonly TrainingOptions _tiny = new()
    {
        Task = "mocogan",
        Architecture = "mocogan",
        Condition = "projection",
        Regularizers = "r1:1/4",
        Augmentations = "diff:translation+cutout",
        Channels = 1,
        Width = 2,
        LatentSize = 8,
        BatchSize = 8,
        HoldOut = 16,
        Kimg = 2,
        TickKimg = 1,
        Seed = 4,
        Network = new() { ["frames"] = 8, ["framesPerSecond"] = 10.0, ["motionSize"] = 3 },
    };

    private readonly TemporaryFolder _folder = new();

    private string Data => _folder["data"];

    // A run that several tests look at.
    private string Whole => _folder["whole"];

    [OneTimeSetUp]
    public void Film()
    {
        for (var i = 0; i < 120; i++)
        {
            var (isBar, start, clip) = (i % 2 == 0, i % 15, new float[8 * 32 * 32]);
            for (var p = 0; p < clip.Length; p++)
            {
                var (frame, y, x) = (p / 1024, p / 32 % 32, p % 32);
                var left = start + 2 * frame;
                clip[p] = x >= left && x < left + 5 && (isBar || (y >= start && y < start + 5)) ? 1 : -1;
            }
            var path = _folder[$"data/{(isBar ? "bar" : "dot")}/{i}.gif"];
            ImageAnimation.Save(Enumerable.Range(0, 8).Select(frame =>
                new VideoBatch(clip, 1, 8, 1, 32, 32, 10).FramesOf(0).ToImage(frame)), path, 10, new() { Provenance = null });
            for (var frame = i % 2; frame < 8; frame += 3)
            {
                using var still = new VideoBatch(clip, 1, 8, 1, 32, 32, 10).FramesOf(0).ToImage(frame);
                ImageFile.Save(still, _folder[$"frames/{(isBar ? "bar" : "dot")}/{i}-{frame}.png"]);
            }
        }
        Assert.That(Trainer.Run(new() { Data = Data, Folder = Whole, Options = _tiny }, new RecordingMonitor()), Is.True);
    }

    [OneTimeTearDown]
    public void Delete() => _folder.Dispose();

    [Test]
    public void A_run_leaves_clips_and_its_model_makes_them()
    {

        foreach (var name in new[] { "kimg-000001.gif", "kimg-000002.gif", "reals.gif" })
        {
            using var gif = SixLabors.ImageSharp.Image.Load(Path.Combine(Whole, "samples", name));
            Assert.That((gif.Frames.Count, gif.Width), Is.EqualTo((8, 4 * 66 - 2)), name);
        }
        Assert.That(Provenance.Read(Path.Combine(Whole, "samples/kimg-000002.gif"))!.Model, Is.EqualTo("mocogan"));
        Assert.That(File.ReadAllText(Path.Combine(Whole, "report.html")), Does.Contain("<img src=\"data:image/gif;base64,"));

        using var generator = VideoGenerator.Load(Export(Whole), new() { Device = Device.Cpu });
        Assert.That((generator.Frames, generator.Channels, generator.Height, generator.Width, generator.FramesPerSecond,
            generator.ContentSize,
            generator.Model.LatentSize), Is.EqualTo((8, 1, 32, 32, 10.0, 8, 8 + 8 * 3)));
        Assert.That(generator.Model.Classes, Has.Count.EqualTo(2));
        // The file makes what the run showed.
        using var checkpoint = Checkpoint.Open(Whole);
        using var task = (NoiseToImageTask)TrainingTasks.Of(_tiny).Create(checkpoint.Info.Options, 1, 2, CPU);
        checkpoint.Restore(task);
        task.AveragedGenerator.eval();
        var clips = generator.Generate(16, seed: 4);
        Assert.That(clips.Values.ToArray(), Is.EqualTo(task.DrawClips()!.Values.ToArray()).Within(1e-4));
        Assert.That(clips.Values.ToArray(), Is.All.InRange(-1f, 1f));
        // And training looked at a frame of each, as the data is looked at.
        var pictures = task.DrawSamples();
        for (var i = 0; i < 16; i++)
            Assert.That(pictures[i].ToArray(), Is.EqualTo(clips.FramesOf(i)[ClipFrames.Shown(i, 8)].ToArray()).Within(1e-4));
        Assert.That(task.Generate(3, [0, 1])![1].ToArray(), Is.EqualTo(generator.Generate(1, 4, label: 1,
            first: 4).FramesOf(0)[ClipFrames.Shown(4, 8)].ToArray()).Within(1e-4));
        var card = ModelCard.Of(Whole, "bars.onnx", "MIT");
        Assert.That(card, Does.Contain("clips of 8 frames, grey of 32 × 32 pixels").And.Contain("--out clips.gif").And.Not.Contain("picture"));
    }

    [Test]
    public void It_learns_what_moves_and_which_class_it_is()
    {
        using var run = new TemporaryFolder();
        var options = _tiny with
        {
            Kimg = 5,
            TickKimg = 5,
            Width = 4,
            LearningRate = 0.002,
            Beta1 = 0,
            Beta2 = 0.99,
            AverageHalfLifeKimg = 0.5,
        };
        Trainer.Run(new() { Data = Data, Folder = run.Path, Options = options }, new RecordingMonitor());

        using var generator = VideoGenerator.Load(Export(run.Path), new() { Device = Device.Cpu });
        using var source = ImageSources.Open(Data, new DataOptions { Frames = 8 });
        var (bars, dots) = (generator.Generate(32, 1, label: 0), generator.Generate(32, 1, label: 1));
        Assert.That(Motion(bars), Is.InRange(RealMotion((IClips)source, 0) / 3, RealMotion((IClips)source, 0) * 3), "it moves as the data does, more or less");
        Assert.That(bars.Values.ToArray().Average(), Is.GreaterThan(dots.Values.ToArray().Average() + 0.05), "bars are larger than dots");
    }

    [Test]
    public void A_resumed_run_ends_as_an_unbroken_one()
    {
        using var parts = new TemporaryFolder();
        Trainer.Run(new() { Data = Data, Folder = parts.Path, Options = _tiny with { Kimg = 1 } }, new RecordingMonitor());
        Trainer.Run(new() { Data = Data, Folder = parts.Path, Options = _tiny, Resume = true }, new RecordingMonitor());
        AssertSame(Whole, parts.Path);
    }

    [TestCase("wasserstein", "gradient-penalty:10", 2)]
    [TestCase("hinge", "", 4)]
    [TestCase("non-saturating", "r1:1+mode-seeking:1", 1)]
    public void Losses_and_regularizers_work_as_for_pictures(string loss, string regularizers, int shards)
    {
        using var run = new TemporaryFolder();
        var options = _tiny with { Kimg = 1, Loss = loss, Regularizers = regularizers.Replace('+', ','), Shards = shards };
        Assert.That(Trainer.Run(new() { Data = Data, Folder = run.Path, Options = options }, new RecordingMonitor()), Is.True);
    }

    [TestCase(8, 32, 1, "none")]
    [TestCase(16, 64, 3, "projection")]
    [TestCase(32, 32, 3, "concat")]
    public void Networks_have_every_length_and_size(int frames, int size, int channels, string condition)
    {
        var options = _tiny with { Size = size, Condition = condition, Network = new() { ["frames"] = frames, ["motionSize"] = 2 } };
        using var task = (NoiseToImageTask)TrainingTasks.Of(options).Create(options, channels, 3, CPU);
        using var scope = NewDisposeScope();
        var labels = condition == "none" ? null : tensor(new long[] { 0, 1 });
        var clips = task.Generator.Generate(randn(2, 8 + frames * 2), labels);

        Assert.That(clips.shape, Is.EqualTo(new long[] { 2, frames * channels, size, size }));
        Assert.That(task.Discriminator.call(clips, labels).shape, Is.EqualTo(new long[] { 2 * 4 * 2 }), "each clip's score and one of a frame, four times");
    }

    [Test]
    public void The_content_is_in_all_frames_and_motion_only_in_those_that_follow()
    {
        using var task = (NoiseToImageTask)TrainingTasks.Of(_tiny).Create(_tiny, 1, 10, CPU);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        task.Generator.eval();
        var latents = zeros(3, 8 + 8 * 3);
        latents[1, 2] = 3;          // content
        latents[2, 8 + 5 * 3] = 3;  // the motion of frame 5
        var clips = task.Generator.Generate(latents, zeros([3], int64));
        bool[] Changed(int clip) => [.. Enumerable.Range(0, 8).Select(frame =>
            (clips[clip, frame] - clips[0, frame]).abs().max().item<float>() > 1e-6f)];

        Assert.That(Changed(1), Is.All.True);
        Assert.That(Changed(2), Is.EqualTo([false, false, false, false, false, true, true, true]));
    }

    [Test]
    public void Pictures_recordings_and_clips_arent_taken_for_each_other()
    {
        using var run = new TemporaryFolder();
        Assert.That(() => Trainer.Run(new() { Data = "synthetic:digits", Folder = run.Path, Options = _tiny }, new RecordingMonitor()),
            Throws.TypeOf<TrainingException>().With.Message.EqualTo(
                "The task mocogan learns of clips, but 'synthetic:digits' has pictures. Give animations or folders of frames, or choose another task."));
        Assert.That(() => Trainer.Run(new() { Data = Digits, Folder = run.Path, Options = new() { Kimg = 1, BatchSize = 8 } },
            new RecordingMonitor()),
            Throws.TypeOf<TrainingException>().With.Message.EqualTo(
                $"'{Digits}' has clips, of which the task generate doesn't learn. Choose the task mocogan, or give pictures."));
        TrainingOptions pairs = new() { Task = "pix2pix", Architecture = "unet", Derive = "edges", Kimg = 1, BatchSize = 8 };
        Assert.That(() => Trainer.Run(new() { Data = Digits, Folder = run.Path, Options = pairs }, new RecordingMonitor()),
            Throws.TypeOf<TrainingException>().With.Message.EqualTo($"'{Digits}' has clips, and pictures are needed here."));
    }

    [Test]
    public void Evaluation_tells_how_clips_move_and_whether_they_stay_what_they_are()
    {
        var (model, classifier) = (Export(Whole), _folder["c.onnx"]);
        ClassifierTraining.Run(new() { Data = _folder["frames"], Size = 32, Channels = 1, Epochs = 6 }, classifier);

        var result = ImageEvaluation.Run(new() { Subject = model, Data = Data, Count = 60, Metrics = ["variety"], Classifier = classifier, AllowMismatch = true });
        Assert.That((result.Images, result.Real.Size, result.Real.Channels), Is.EqualTo((60, 32, 1)));
        var clips = result.Clips!;
        Assert.That((clips.Clips, clips.RealClips), Is.EqualTo((60, 120)));
        Assert.That(clips.RealIdentity, Is.GreaterThan(0.9), "a bar stays one");
        Assert.That(clips.Identity, Is.InRange(0, 1));
        Assert.That(clips.IdentityAsked, Is.InRange(0, clips.Identity!.Value));
        using var source = ImageSources.Open(Data, new DataOptions { Frames = 8 });
        Assert.That(clips.RealMotion, Is.EqualTo((RealMotion((IClips)source, 0) + RealMotion((IClips)source, 1)) / 2).Within(1e-3));
        using var generator = VideoGenerator.Load(model, new() { Device = Device.Cpu });
        Assert.That(clips.Motion, Is.EqualTo(Enumerable.Range(0, 2).Average(k =>
            Motion(generator.Generate(30, 0, k, (ulong)(30 * k))))).Within(1e-3));
    }

    [TestCase("Augmentations", "diff", "mocogan has augmentations that do the same to all frames, flip, instance-noise, diff:translation, diff:cutout, "
        + "diff:translation+cutout, not 'diff'")]
    [TestCase("Augmentations", "ada", "mocogan has augmentations that do the same to all frames, flip, instance-noise, diff:translation, diff:cutout, "
        + "diff:translation+cutout, not 'ada'")]
    [TestCase("Condition", "mapping", "mocogan takes labels by none, concat or projection, not 'mapping'")]
    [TestCase("Regularizers", "consistency", "consistency compares an image's score with another one of it, and mocogan judges another frame each time")]
    [TestCase("Regularizers", "spectral-norm", "spectral-norm is for convolutions over images, and mocogan has some over time as well")]
    [TestCase("Size", 256, "mocogan makes images of 32, 64 or 128 pixels, not 256")]
    [TestCase("Captions", "text", "captions are used by the condition text, not by 'projection'; mocogan has no use for --captions; leave it out")]
    public void Options_that_mean_nothing_for_clips_are_refused(string option, object value, string message)
    {
        var options = _tiny with { };
        typeof(TrainingOptions).GetProperty(option)!.SetValue(options, value);
        Assert.That(options.Validate, Throws.TypeOf<TrainingException>().With.Message.EqualTo($"These options can't be used: {message}."));
    }

    [TestCase("flip")]
    [TestCase("instance-noise:0.1")]
    [TestCase("diff:translation,flip")]
    public void Augmentations_of_all_frames_are_taken(string augmentations) => (_tiny with { Augmentations = augmentations }).Validate();

    [TestCase("frames", 12, "a clip has 8, 16 or 32 frames, not 12")]
    [TestCase("framesPerSecond", 60.0, "a clip has 0.1 to 50 frames in a second, not 60")]
    [TestCase("motionSize", 0, "the motion has 1 to 256 values a frame, not 0")]
    public void Numbers_out_of_range_are_refused(string option, object value, string message)
    {
        var options = _tiny with { Network = new() { [option] = value } };
        Assert.That(options.Validate, Throws.TypeOf<TrainingException>().With.Message.Contains(message));
    }

    [Test]
    public void Clips_suggest_the_preset()
    {
        var advice = Trainer.Advise(new TrainingRun { Data = Digits, Folder = "", Options = new() }, []);
        Assert.That((advice.Preset!.Text, string.Join(' ', advice.Options.Select(option => $"{option.Key} {option.Text}"))),
            Is.EqualTo(("mocogan", "condition projection")));
        Assert.That(advice.Options[0].Reason, Does.StartWith("the clips are in 10 classes of 1,000 or more"));
    }

    private static double Motion(VideoBatch clips)
    {
        var (sum, count, length) = (0.0, 0, clips.Height * clips.Width * clips.Channels);
        for (var i = 0; i < clips.Count; i++)
        {
            var clip = clips[i];
            for (var p = length; p < clip.Length; p++, count++)
                sum += Math.Abs(clip[p] - clip[p - length]);
        }
        return sum / count;
    }

    // Of the clips of a class.
    private static double RealMotion(IClips source, int label)
    {
        var frames = Enumerable.Range(0, 120).Where(i => ((IImageSource)source).LabelOf(i) == label).Select(i => source.ReadClip(i, 32, 1));
        return frames.Average(clip => clip.Zip(clip.Skip(1)).Average(pair =>
            pair.First.Zip(pair.Second).Average(p => Math.Abs(p.First - p.Second) / 127.5)));
    }

    private static void AssertSame(string one, string other)
    {
        var kind = TrainingTasks.Of(_tiny);
        using var first = (NoiseToImageTask)kind.Create(_tiny, 1, 2, CPU);
        using var second = (NoiseToImageTask)kind.Create(_tiny, 1, 2, CPU);
        using var left = Checkpoint.Open(one);
        using var right = Checkpoint.Open(other);
        left.Restore(first);
        right.Restore(second);
        foreach (var (name, value) in first.Generator.state_dict())
            Assert.That(second.Generator.state_dict()[name].eq(value).all().item<bool>(), Is.True, name);
    }

    private static string Export(string run)
    {
        var file = Path.Combine(run, "model.onnx");
        using var trained = TrainedGenerator.Load(run);
        OnnxExporter.Export(trained.Module, [.. trained.Inputs.Select(input => input.Example)], file, new()
        {
            InputNames = [.. trained.Inputs.Select(input => input.Name)],
            OutputNames = [trained.Output],
            DynamicAxes = trained.OpenAxes,
            Metadata = trained.Metadata.ToProperties(),
        });
        return file;
    }
}
