using GanOnnx.Audio;
using GanOnnx.Data;
using GanOnnx.Evaluation;
using GanOnnx.Export;
using GanOnnx.Inference;
using GanOnnx.Training.Checkpoints;
using GanOnnx.Training.Evaluation;
using GanOnnx.Training.Losses;
using GanOnnx.Training.Tasks;
using GanOnnx.Training.Tasks.NoiseToImage;
using GanOnnx.Training.Tasks.NoiseToSound;
using static TorchSharp.torch;
using Device = GanOnnx.Inference.Device;

namespace GanOnnx.Training.Tests.Tasks;

/// <summary>Sounds: tones of two heights.</summary>
public sealed class WaveGanTests
{
    private static readonly TrainingOptions _tiny = new()
    {
        Task = "wavegan",
        Architecture = "wavegan",
        Condition = "projection",
        Regularizers = "r1:1/4",
        Width = 2,
        LatentSize = 8,
        BatchSize = 8,
        HoldOut = 0,
        Kimg = 2,
        TickKimg = 1,
        Seed = 4,
        Network = new() { ["samples"] = 1024, ["rate"] = 4000 },
    };

    private readonly TemporaryFolder _folder = new();

    [OneTimeSetUp]
    public void Record()
    {
        var random = new Random(1);
        for (var i = 0; i < 40; i++)
        {
            Directory.CreateDirectory(_folder[$"data/{(i % 2 == 0 ? "low" : "high")}"]);
            File.WriteAllBytes(_folder[$"data/{(i % 2 == 0 ? "low" : "high")}/{i}.wav"],
                Wav.Of(8000, [Wav.Sine((i % 2 == 0 ? 200 : 1200) + 40 * random.NextDouble(), 8000, 0.2)]));
        }
    }

    [OneTimeTearDown]
    public void Delete() => _folder.Dispose();

    [Test]
    public void A_run_leaves_sounds_and_its_model_makes_them()
    {
        using var run = new TemporaryFolder();
        var monitor = new RecordingMonitor();
        Assert.That(Trainer.Run(new() { Data = _folder["data"], Folder = run.Path, Options = _tiny }, monitor), Is.True);

        foreach (var name in new[] { "kimg-000001.wav", "kimg-000002.wav", "reals.wav" })
        {
            var sound = SoundFile.Read(run[$"samples/{name}"]);
            Assert.That((sound.Rate, sound.Samples), Is.EqualTo((4000, 12 * 1024 + 11 * 1000)), name);
        }
        Assert.That(SoundFile.ReadProvenance(run["samples/kimg-000002.wav"])!.Model, Is.EqualTo("wavegan"));
        Assert.That(File.ReadAllText(run["report.html"]), Does.Contain("<audio controls src=\"data:audio/wav;base64,"));
        Assert.That(monitor.Ticks, Has.Count.EqualTo(2));

        using var generator = SoundGenerator.Load(Export(run.Path), new() { Device = Device.Cpu });
        Assert.That((generator.Channels, generator.Samples, generator.Rate), Is.EqualTo((1, 1024, 4000)));
        Assert.That(generator.Model.Classes, Is.EqualTo(["high", "low"]));
        Assert.That(generator.Model.Metadata!.Pixels, Is.Null);
        // The file makes what the run heard.
        using var checkpoint = Checkpoint.Open(run.Path);
        using var task = (NoiseToImageTask)TrainingTasks.Of(_tiny).Create(checkpoint.Info.Options, 1, 2, CPU);
        checkpoint.Restore(task);
        task.AveragedGenerator.eval();
        var sounds = generator.Generate(12, seed: 4).Values.ToArray();
        Assert.That(sounds, Is.EqualTo(task.DrawSounds()!.Values.ToArray()).Within(1e-4));
        Assert.That(sounds, Is.All.InRange(-1f, 1f));
        // And training looked at their spectrograms.
        Assert.That(new Spectrogram(4000, 1024, 64).Of(task.DrawSounds()!).Values[..(12 * 64 * 64)].ToArray(),
            Is.EqualTo(task.DrawSamples().Values[..(12 * 64 * 64)].ToArray()).Within(0.02));
        var card = ModelCard.Of(run.Path, "tones.onnx", "MIT");
        Assert.That(card, Does.Contain("mono of 1,024 values at 4,000 Hz, 0.26 s").And.Contain("--out sounds.wav").And.Not.Contain("picture"));
    }

    [Test]
    public void It_learns_which_tone_a_class_has()
    {
        using var run = new TemporaryFolder();
        var options = _tiny with
        {
            Kimg = 12,
            TickKimg = 12,
            Width = 4,
            LearningRate = 0.002,
            Beta1 = 0,
            Beta2 = 0.99,
            AverageHalfLifeKimg = 0.5,
        };
        Trainer.Run(new() { Data = _folder["data"], Folder = run.Path, Options = options }, new RecordingMonitor());

        using var generator = SoundGenerator.Load(Export(run.Path), new() { Device = Device.Cpu });
        var (high, low) = (Crossings(generator.Generate(16, 1, label: 0)), Crossings(generator.Generate(16, 1, label: 1)));
        Assert.That(high, Is.GreaterThan(1.5 * low), "crossings of zero");
    }

    [Test]
    public void A_resumed_run_ends_as_an_unbroken_one()
    {
        using var whole = new TemporaryFolder();
        using var parts = new TemporaryFolder();
        Trainer.Run(new() { Data = _folder["data"], Folder = whole.Path, Options = _tiny }, new RecordingMonitor());
        Trainer.Run(new() { Data = _folder["data"], Folder = parts.Path, Options = _tiny with { Kimg = 1 } }, new RecordingMonitor());
        Trainer.Run(new() { Data = _folder["data"], Folder = parts.Path, Options = _tiny, Resume = true }, new RecordingMonitor());

        var kind = TrainingTasks.Of(_tiny);
        using var first = (NoiseToImageTask)kind.Create(_tiny, 1, 2, CPU);
        using var second = (NoiseToImageTask)kind.Create(_tiny, 1, 2, CPU);
        using var one = Checkpoint.Open(whole.Path);
        using var other = Checkpoint.Open(parts.Path);
        one.Restore(first);
        other.Restore(second);
        foreach (var (name, value) in first.Generator.state_dict())
            Assert.That(second.Generator.state_dict()[name].eq(value).all().item<bool>(), Is.True, name);
    }

    [TestCase("wasserstein", "gradient-penalty:10", 2)]
    [TestCase("hinge", "spectral-norm", 1)]
    [TestCase("non-saturating", "", 1)]
    public void Losses_and_regularizers_work_as_for_pictures(string loss, string regularizers, int shards)
    {
        using var run = new TemporaryFolder();
        var options = _tiny with { Kimg = 1, Loss = loss, Regularizers = regularizers, Shards = shards };
        Assert.That(Trainer.Run(new() { Data = _folder["data"], Folder = run.Path, Options = options }, new RecordingMonitor()), Is.True);
    }

    [Test]
    public void Every_loss_trains_it([ValueSource(typeof(GanLosses), nameof(GanLosses.Names))] string loss)
    {
        using var run = new TemporaryFolder();
        var options = _tiny with { Kimg = 1, Loss = loss, Regularizers = "gradient-penalty:10" };
        Assert.That(Trainer.Run(new() { Data = _folder["data"], Folder = run.Path, Options = options }, new RecordingMonitor()), Is.True);
    }

    [TestCase(1024)]
    [TestCase(2048)]
    [TestCase(16384)]
    public void Networks_have_every_length(int samples)
    {
        var options = _tiny with { Network = new() { ["samples"] = samples } };
        using var task = (NoiseToImageTask)TrainingTasks.Of(options).Create(options, 1, 2, CPU);
        using var scope = NewDisposeScope();
        var sounds = task.Generator.Generate(randn(2, 8), tensor(new long[] { 0, 1 }));

        Assert.That(sounds.shape, Is.EqualTo(new long[] { 2, 1, 1, samples }));
        Assert.That(task.Discriminator.call(sounds, tensor(new long[] { 0, 1 })).shape, Is.EqualTo(new long[] { 2 }));
    }

    [Test]
    public void Phase_shuffle_shifts_what_the_discriminator_sees()
    {
        float[] Scores(int shuffle)
        {
            var options = _tiny with { Network = new() { ["samples"] = 1024, ["phaseShuffle"] = shuffle } };
            using var task = (NoiseToImageTask)TrainingTasks.Of(options).Create(options, 1, 2, CPU);
            using var scope = NewDisposeScope();
            var sounds = cos(arange(1024, float32)).reshape(1, 1, 1, -1);
            return [.. Enumerable.Range(0, 8).Select(_ => task.Discriminator.call(sounds, zeros([1], int64)).item<float>())];
        }

        Assert.That(Scores(0).Distinct().Count(), Is.EqualTo(1));
        Assert.That(Scores(2).Distinct().Count(), Is.GreaterThan(2));
    }

    [Test]
    public void Sixteen_bits_become_values_and_back()
    {
        short[] samples = [0, 1, -1, 255, -256, 32767, -32767, -32768];
        using var scope = NewDisposeScope();
        var values = Medium.Sounds(new(8, 8000)).ToValues(tensor(samples.SelectMany(BitConverter.GetBytes).ToArray(), [1, 1, 1, 16]));
        Assert.That(values.data<float>().ToArray(), Is.EqualTo(samples.Select(sample => sample / 32767f)).Within(1e-7));
    }

    [Test]
    public void Pictures_and_recordings_arent_taken_for_each_other()
    {
        using var run = new TemporaryFolder();
        Assert.That(() => Trainer.Run(new() { Data = "synthetic:digits", Folder = run.Path, Options = _tiny }, new RecordingMonitor()),
            Throws.TypeOf<TrainingException>().With.Message.EqualTo(
                "The task wavegan learns of recordings, but 'synthetic:digits' has pictures. Give WAV files, or choose another task."));
        Assert.That(() => Trainer.Run(new() { Data = _folder["data"], Folder = run.Path, Options = new() { Kimg = 1, BatchSize = 8 } }, new RecordingMonitor()),
            Throws.TypeOf<TrainingException>().With.Message.EqualTo(
                $"'{_folder["data"]}' has recordings, of which the task generate doesn't learn. Choose the task wavegan, or give pictures."));
    }

    [TestCase("edges", null)]
    [TestCase(null, "data")]
    public void Pairs_arent_made_of_recordings(string? derive, string? target)
    {
        using var run = new TemporaryFolder();
        TrainingOptions options = new() { Task = "pix2pix", Architecture = "unet", Derive = derive, Kimg = 1, BatchSize = 8 };
        Assert.That(() => Trainer.Run(new() { Data = _folder["data"], Target = target is null ? null : _folder[target], Folder = run.Path, Options = options },
            new RecordingMonitor()), Throws.TypeOf<TrainingException>().With.Message.EqualTo($"'{_folder["data"]}' has recordings, and pictures are needed here."));
    }

    [Test]
    public void A_classifier_judges_what_it_learnt_from()
    {
        using var folder = new TemporaryFolder();
        for (var i = 0; i < 120; i++)
            File.WriteAllBytes(folder[$"{i % 2}_{i}.wav"], Wav.Of(8000, [Wav.Sine((i % 2 == 0 ? 200 : 1200) + i, 8000, 0.2)]));
        var classifier = Path.Combine(folder.Path, "c.onnx");
        var result = ClassifierTraining.Run(new() { Data = folder.Path, Size = 16, Epochs = 6, Samples = 2048, Rate = 8000 }, classifier);
        Assert.That(result.Accuracy, Is.EqualTo(1));

        EvaluationOptions options = new() { Subject = folder.Path, Data = folder.Path, Classifier = classifier, Metrics = ["variety"], Count = 20 };
        Assert.That(() => ImageEvaluation.Run(options), Throws.TypeOf<EvaluationException>().With.Message.EqualTo(
            $"'{classifier}' learnt from recordings of 2,048 values at 8,000 Hz, and what it is to judge are recordings of 8,192 values at 8,000 Hz. Train one on those."));
        Assert.That(() => ImageEvaluation.Run(options with { Classifier = null, Data = "synthetic:digits" }), Throws.TypeOf<EvaluationException>().With.Message.EqualTo(
            $"'{folder.Path}' and 'synthetic:digits' are pictures and recordings, which can't be compared."));
    }

    [TestCase("Size", 64, "wavegan has no use for --size; leave it out")]
    [TestCase("Augmentations", "flip", "wavegan has the augmentation diff:translation alone, which shifts sounds in time, not 'flip'")]
    [TestCase("Condition", "concat", "wavegan takes labels by none or projection, not 'concat'")]
    [TestCase("Regularizers", "consistency", "consistency mirrors and shifts pictures, which wavegan doesn't make")]
    public void Options_that_mean_nothing_for_sounds_are_refused(string option, object value, string message)
    {
        var options = _tiny with { };
        typeof(TrainingOptions).GetProperty(option)!.SetValue(options, value);
        Assert.That(options.Validate, Throws.TypeOf<TrainingException>().With.Message.EqualTo($"These options can't be used: {message}."));
    }

    [TestCase("samples", 1000, "a sound has a power of two of values, 1024 to 65536, not 1000")]
    [TestCase("rate", 10, "the rate is 1000 to 192000 Hz, not 10")]
    [TestCase("phaseShuffle", 9, "features are shifted by 0 to 8 values, not 9")]
    public void Numbers_out_of_range_are_refused(string option, int value, string message)
    {
        var options = _tiny with { Network = new() { [option] = value } };
        Assert.That(options.Validate, Throws.TypeOf<TrainingException>().With.Message.Contains(message));
    }

    [Test]
    public void Recordings_suggest_the_preset()
    {
        using var source = ImageSources.Open(_folder["data"]);
        var advice = RecipeAdvice.Of(source, cuda: false);
        Assert.That((advice.Preset!.Text, advice.Options.Count), Is.EqualTo(("wavegan", 0)), "40 are too few for classes of their own");
        var many = RecipeAdvice.Of(new(2700, default, 10, 270, true, 1, false) { AreRecordings = true });
        Assert.That(many.Options.Select(option => $"{option.Key} {option.Text}"), Is.EqualTo(["condition projection", "kimg 200"]));
        Assert.That(many.Options[0].Reason, Does.StartWith("the recordings are in 10 classes of 270 or more"));
    }

    private static double Crossings(SoundBatch sounds)
    {
        var values = sounds.Values.ToArray();
        return values.Zip(values.Skip(1)).Count(pair => pair.First < 0 != pair.Second < 0);
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
