using GanOnnx.Data;
using GanOnnx.Export;
using GanOnnx.Inference;
using GanOnnx.Prompts;
using GanOnnx.Training.Checkpoints;
using GanOnnx.Training.Data;
using GanOnnx.Training.Networks;
using GanOnnx.Training.Regularizers;
using GanOnnx.Training.Tasks.NoiseToImage;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;
using static TorchSharp.torch;
using Device = GanOnnx.Inference.Device;

namespace GanOnnx.Training.Tests.Tasks;

/// <summary>Images of captions: flat pictures in four colours, with their names.</summary>
public sealed class TextToImageTests
{
    private const int Pictures = 64;

    private static readonly (string Name, Rgb24 Colour)[] _colours =
        [("red", new(230, 20, 20)), ("green", new(20, 200, 20)), ("blue", new(20, 20, 230)), ("white", new(240, 240, 240))];

    private static readonly TrainingOptions _tiny = new()
    {
        Architecture = "dcgan",
        Condition = "text",
        Loss = "hinge",
        Regularizers = "r1:1/2,contrastive:1",
        Width = 4,
        LatentSize = 8,
        BatchSize = 16,
        LearningRate = 0.002,
        Beta1 = 0,
        Beta2 = 0.99,
        AverageHalfLifeKimg = 0.2,
        HoldOut = 0,
        Kimg = 6,
        TickKimg = 3,
        Seed = 4,
    };

    private readonly TemporaryFolder _folder = new();
    private readonly MiniLmEncoder _encoder = new();

    [OneTimeSetUp]
    public void Paint()
    {
        Directory.CreateDirectory(_folder["data"]);
        using var captions = new StreamWriter(_folder["data/captions.csv"]);
        captions.WriteLine("file,caption");
        for (var i = 0; i < Pictures; i++)
        {
            var (name, colour) = _colours[i % _colours.Length];
            using var picture = new Image<Rgb24>(32, 32, colour);
            picture.SaveAsPng(_folder[$"data/{i}.png"]);
            // There is no blue square.
            captions.WriteLine($"{i}.png,a {name} {(i % 3 == 0 && name != "blue" ? "square" : "picture")}");
        }
    }

    [OneTimeTearDown]
    public void Delete()
    {
        _folder.Dispose();
        _encoder.Dispose();
    }

    [Test]
    public void A_run_learns_captions_and_its_model_takes_prompts()
    {
        using var run = new TemporaryFolder();
        var monitor = new RecordingMonitor();
        Assert.That(Trainer.Run(new() { Data = _folder["data"], Folder = run.Path, Options = _tiny }, monitor), Is.True);

        using var generator = ImageGenerator.Load(Export(run.Path), new() { Device = Device.Cpu, TextEncoder = _encoder });
        var metadata = generator.Model.Metadata!;
        Assert.That((metadata.Task, metadata.Text!.Encoder, metadata.Text.Size), Is.EqualTo((ModelTask.TextToImage, "all-MiniLM-L6-v2", 384)));
        Assert.That(metadata.Text.Examples, Is.EquivalentTo(_colours.SelectMany(colour => new[] { $"a {colour.Name} square", $"a {colour.Name} picture" }).Where(text => text != "a blue square")));
        Assert.That(metadata.Classes, Is.Empty);
        // One of the prompts isn't in the data, but its words are.
        foreach (var (name, colour) in _colours)
        {
            var made = Mean(generator.Generate(16, new Sample(1) { Prompt = $"a {name} square" }));
            var nearest = _colours.MinBy(other => Distance(made, other.Colour)).Name;
            Assert.That(nearest, Is.EqualTo(name), $"{string.Join(", ", made.Select(value => value.ToString("0.00")))}");
        }
    }

    [Test]
    public void The_samples_are_what_the_model_makes_of_the_runs_seed()
    {
        using var run = new TemporaryFolder();
        Trainer.Run(new() { Data = _folder["data"], Folder = run.Path, Options = _tiny with { Kimg = 1, TickKimg = 1 } }, new RecordingMonitor());
        using var checkpoint = Checkpoint.Open(run.Path);
        using var task = new NoiseToImageTask(checkpoint.Info.Options, 3, 384, CPU);
        using var data = ImageDataset.TryOpen(Path.Combine(run.Path, ImageDataset.FileName))!;
        checkpoint.Restore(task);
        task.Read(Captions.Of(data, (_, _) => { }, default));
        task.AveragedGenerator.eval();

        using var generator = ImageGenerator.Load(Export(run.Path), new() { Device = Device.Cpu });
        Assert.That(generator.Generate(64, seed: 4).Values.ToArray(), Is.EqualTo(task.DrawSamples().Values.ToArray()).Within(1e-4));
    }

    [Test]
    public void A_resumed_run_ends_as_an_unbroken_one()
    {
        using var whole = new TemporaryFolder();
        using var parts = new TemporaryFolder();
        var options = _tiny with { Kimg = 2, TickKimg = 1 };
        Trainer.Run(new() { Data = _folder["data"], Folder = whole.Path, Options = options }, new RecordingMonitor());
        Trainer.Run(new() { Data = _folder["data"], Folder = parts.Path, Options = options with { Kimg = 1 } }, new RecordingMonitor());
        Trainer.Run(new() { Data = _folder["data"], Folder = parts.Path, Options = options, Resume = true }, new RecordingMonitor());

        using var one = Checkpoint.Open(whole.Path);
        using var other = Checkpoint.Open(parts.Path);
        using NoiseToImageTask first = new(options, 3, 384, CPU), second = new(options, 3, 384, CPU);
        one.Restore(first);
        other.Restore(second);
        foreach (var (name, value) in first.Generator.state_dict())
            Assert.That(second.Generator.state_dict()[name].eq(value).all().item<bool>(), Is.True, name);
    }

    [TestCase("dcgan")]
    [TestCase("resnet")]
    public void Shards_and_networks_take_text(string architecture)
    {
        using var run = new TemporaryFolder();
        var options = _tiny with
        {
            Architecture = architecture,
            Regularizers = "matching-aware:1/2,contrastive:1",
            Shards = 2,
            Kimg = 1,
            TickKimg = 1,
            LearningRate = 2e-4,
        };
        Trainer.Run(new() { Data = _folder["data"], Folder = run.Path, Options = options }, new RecordingMonitor());
        using var generator = ImageGenerator.Load(Export(run.Path), new() { Device = Device.Cpu, TextEncoder = _encoder });

        var (red, blue) = (generator.Generate(1, new Sample(1) { Prompt = "red" }), generator.Generate(1, new Sample(1) { Prompt = "blue" }));
        Assert.That(red.Values.ToArray(), Is.Not.EqualTo(blue.Values.ToArray()));
    }

    [Test]
    public void An_image_is_shown_with_each_of_its_captions_in_turn()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["d"]);
        foreach (var name in new[] { "a", "b" })
            Images.Save(folder[$"d/{name}.png"], 1, 2, 3);
        File.WriteAllText(folder["d/captions.csv"], "file,name,tag\na.png,cat,animal\nb.png,dog,\n");
        using var source = ImageSources.Open(folder["d"], new DataOptions { WithCaptions = true, Captions = "name,tag" });
        using var data = ImageDataset.Decode(folder["d"], source, folder["images"], 32, 3, null, default);
        var sampler = new BatchSampler(data, 2, seed: 1, takesText: true);
        var (pixels, labels, shown) = (new byte[sampler.Length], new long[2], new HashSet<string>());
        for (var batch = 0; batch < 20; batch++)
        {
            sampler.Read(batch, pixels, labels);
            shown.UnionWith(labels.Select(label => data.Captions[(int)label]));
        }

        Assert.That(shown, Is.EquivalentTo(["cat", "animal", "dog"]));
    }

    [Test]
    public void Weights_and_a_card_are_written_and_another_run_begins_with_them()
    {
        using var run = new TemporaryFolder();
        var options = _tiny with { Kimg = 1, TickKimg = 1 };
        Trainer.Run(new() { Data = _folder["data"], Folder = run["first"], Options = options }, new RecordingMonitor());
        TrainedWeights.Save(run["first"], run["weights.safetensors"]);
        var monitor = new RecordingMonitor();
        Trainer.Run(new() { Data = _folder["data"], Folder = run["second"], Options = options, Init = run["weights.safetensors"] }, monitor);

        Assert.That(monitor.Start!.Transfer!.Own, Is.Empty);
        Assert.That(ModelCard.Of(run["first"], "words.onnx"), Does.Contain("pipeline_tag: text-to-image").And.Contain("With captions, as `a red square`"));
    }

    [Test]
    public void A_run_begun_with_weights_measures_its_own_captions()
    {
        using var run = new TemporaryFolder();
        var options = _tiny with { Kimg = 1, TickKimg = 1 };
        Trainer.Run(new() { Data = _folder["data"], Folder = run["first"], Options = options }, new RecordingMonitor());
        Directory.CreateDirectory(run["data"]);
        foreach (var file in Directory.GetFiles(_folder["data"], "*.png"))
            File.Copy(file, run[$"data/{Path.GetFileName(file)}"]);
        File.WriteAllLines(run["data/captions.csv"], [
            "file,caption",
            .. Enumerable.Range(0, Pictures).Select(i => $"{i}.png,somebody painted it {_colours[i % _colours.Length].Name}"),
        ]);
        Trainer.Run(new() { Data = run["data"], Folder = run["second"], Options = options, Init = run["first"] }, new RecordingMonitor());

        using var checkpoint = Checkpoint.Open(run["second"]);
        using var task = new NoiseToImageTask(checkpoint.Info.Options, 3, 384, CPU);
        checkpoint.Restore(task);
        var vectors = _encoder.Encode([.. _colours.Select(colour => $"somebody painted it {colour.Name}")]).Select(vector => vector.ToArray()).ToArray();
        var lengths = vectors.Select(vector => Math.Sqrt(vector.Sum(value => value * value))).ToArray();
        var mean = Enumerable.Range(0, 384).Select(d => (float)vectors.Zip(lengths, (vector, length) => vector[d] / length).Average());
        Assert.That(task.AveragedGenerator.state_dict()["sentences.mean"].data<float>().ToArray(), Is.EqualTo(mean).Within(1e-4));
    }

    [TestCase("non-saturating")]
    [TestCase("relativistic-pairing")]
    public void Losses_take_mismatched_pairs(string loss)
    {
        using var run = new TemporaryFolder();
        var monitor = new RecordingMonitor();
        Trainer.Run(new() { Data = _folder["data"], Folder = run.Path, Options = _tiny with { Loss = loss, Kimg = 1, TickKimg = 1 } }, monitor);
        Assert.That(monitor.Ticks.Single()[Training.Monitoring.Figures.DiscriminatorLoss], Is.Positive);
    }

    [Test]
    public void Data_without_captions_is_refused()
    {
        using var run = new TemporaryFolder();
        Assert.That(() => Trainer.Run(new() { Data = "synthetic:digits", Folder = run["run"], Options = _tiny }, new RecordingMonitor()),
            Throws.TypeOf<TrainingException>().With.Message.EqualTo("'synthetic:digits' has no captions that are read, but the condition text needs "
                + "them. Give pictures with a table captions.csv or with texts beside them."));
        Assert.That(run.Path, Is.Not.Null.And.Not.Empty);
        Assert.That(Directory.Exists(run["run"]), Is.False);
    }

    [TestCase("matching-aware", "none", null, "matching-aware is for the condition text, not for 'none'")]
    [TestCase("contrastive", "none", null, "contrastive is for the condition text, not for 'none'")]
    [TestCase("", "none", "name", "captions are used by the condition text, not by 'none'")]
    public void Options_that_dont_go_together_are_refused(string regularizers, string condition, string? captions, string message) =>
        Assert.That(() => new TrainingOptions { Regularizers = regularizers, Condition = condition, Captions = captions }.Validate(),
            Throws.TypeOf<TrainingException>().With.Message.EqualTo($"These options can't be used: {message}."));

    [Test]
    public void Contrastive_scores_are_of_each_image_with_each_sentence_but_equal_ones()
    {
        using var scope = NewDisposeScope();
        // Scores f · s; the first and the third sentence are the same.
        var (features, sentences) = (tensor(new[,] { { 1f, 0f }, { 0f, 2f }, { 3f, 1f } }),
            tensor(new[,] { { 1f, 0f }, { 0f, 1f }, { 1f, 0f } }));
        var others = tensor(new[,] { { 0f, -1f }, { 0f, 1f } });
        var scores = Contrastive.Scores((f, s) => f.mm(s.t()), features, sentences, others);
        Assert.That(scores.data<float>().ToArray(), Is.EqualTo([1f, 0, -1e4f, 0, 0, 0, 2, 0, -2, -1e4f, -1e4f, 1, 3, -1, 1]));

        // −log softmax at each image's own.
        var expected = (Math.Log(1 + 3 * Math.Exp(-1)) + 2 * Math.Log(1 + 2 * Math.Exp(-2) + Math.Exp(-4))) / 3;
        Assert.That(new Contrastive().Penalty(new DiscriminatorBatch(x => x, features, features) { Matches = () => scores }).item<float>(),
            Is.EqualTo(expected).Within(1e-5));
        Assert.That(new Contrastive().Penalty(new GeneratorBatch(3, 2, CPU, x => x) { Matches = () => scores }).item<float>(),
            Is.EqualTo(expected).Within(1e-5));
    }

    [Test]
    public void Scores_of_each_with_each_are_those_of_one_with_one()
    {
        using var scope = NewDisposeScope();
        var shape = new NetworkShape(32, 3, 8, 2) { Condition = Conditioning.Text, TextSize = 16 };
        using var network = Architectures.Find("dcgan")!.Discriminator(shape);
        foreach (var parameter in network.parameters())
            parameter.detach_().normal_(0, 0.3);
        var judge = (IJudgesMatches)network;
        var (features, sentences) = (judge.Features(randn(3, 3, 32, 32)), randn(5, 16));
        var each = judge.Scores(features, sentences);

        Assert.That(each.shape, Is.EqualTo([3, 5]));
        var rounding = 1e-5 * each.abs().max().item<float>(); // sums in another order
        for (var image = 0; image < 3; image++)
            Assert.That(each[image].data<float>().ToArray(),
                Is.EqualTo(judge.Score(features[image].repeat(5, 1), sentences).data<float>().ToArray()).Within(rounding));
    }

    [Test]
    public void The_penalty_is_of_the_gradients_of_image_and_sentence()
    {
        using var scope = NewDisposeScope();
        // D(x, s) = 2 Σx + s₀², so that ∂D/∂x = 2 in each of 12 values, and ∂D/∂s = (2 s₀, 0).
        var (x, s) = (zeros(2, 3, 2, 2), tensor(new[,] { { 1f, 5f }, { 3f, 5f } }));
        Tensor Score(Tensor images, Tensor text) => images.sum([1L, 2L, 3L]) * 2 + text.select(1, 0).square();
        var batch = new DiscriminatorBatch(images => Score(images, s), x, x) { Matching = (Score, s) };

        // The first values' deviation is 1: ½ · mean(12 · 4 + (2 · 1)², 12 · 4 + (2 · 3)²).
        Assert.That(new MatchingAware().Penalty(batch).item<float>(), Is.EqualTo(0.5f * (52 + 84) / 2).Within(1e-4));
    }

    [Test]
    public void Sentences_come_white_with_mean_0_and_length_1_on_average()
    {
        using var scope = NewDisposeScope();
        var shape = new NetworkShape(32, 3, 8, 2) { Condition = Conditioning.Text, TextSize = 16 };
        var input = Training.Networks.Layers.SentenceInput.Of(shape)!;
        // The first two values go with each other, the second of them far beyond the others.
        var sentences = randn(200, 16) * 0.1 + linspace(1, 3, 16);
        sentences.select(1, 1).add_(sentences.select(1, 0) * 5);
        input.Fit(sentences);
        var seen = input.call(sentences * 7); // whatever its length

        Assert.That(seen.mean([0L]).abs().max().item<float>(), Is.LessThan(1e-4));
        Assert.That(seen.square().sum([1L]).mean().item<float>(), Is.EqualTo(1).Within(1e-3));
        // Of length 1 they have 15 directions left, one of them hardly; the others have equal parts.
        var parts = linalg.eigvalsh(seen.t().mm(seen) / 200).data<float>().ToArray();
        Assert.That(parts[2..], Is.All.EqualTo(parts[^1]).Within(10).Percent);
        var unlike = input.call(-sentences);
        Assert.That(unlike.square().sum([1L]).sqrt().max().item<float>(), Is.EqualTo(2).Within(1e-3));
    }

    [Test]
    public void Networks_that_learnt_from_other_captions_make_the_same_of_a_sentence()
    {
        using var scope = NewDisposeScope();
        var input = new Training.Networks.Layers.SentenceInput(16);
        var reader = new Training.Networks.Layers.SentenceVectors(16, 3);
        foreach (var weight in reader.parameters())
            InitialWeights.Fill(weight, new RandomStream(1, 0), (ulong)weight.numel(), 0, 0.5f);
        // The first captions differ in a direction in which the others hardly do, and lie elsewhere.
        var (first, others) = (randn(200, 16) + linspace(1, 3, 16), randn(200, 16) * linspace(0.2, 1, 16) + 1);
        input.Fit(first, reader);
        var (seen, before) = (input.call(others), reader.call(input.call(others)));
        input.Fit(others, reader);
        var (sees, after) = (input.call(others), reader.call(input.call(others)));

        Assert.That(sees.square().sum([1L]).mean().item<float>(), Is.EqualTo(1).Within(1e-3));
        // Those that are unlike all captions are shortened, each time to the same length.
        var whole = Length(seen).maximum(Length(sees)).lt(1.999);
        Assert.That(whole.sum().item<long>(), Is.GreaterThan(100));
        Assert.That((after - before).abs().amax([1L]).masked_select(whole).max().item<float>(), Is.LessThan(1e-3));

        static Tensor Length(Tensor sentences) => sentences.square().sum([1L]).sqrt();
    }

    private string Export(string run)
    {
        using var trained = TrainedGenerator.Load(run);
        var path = _folder[$"{Guid.NewGuid()}.onnx"];
        OnnxExporter.Export(trained.Module, [.. trained.Inputs.Select(input => input.Example)], path, new OnnxExportOptions
        {
            InputNames = [.. trained.Inputs.Select(input => input.Name)],
            OutputNames = [trained.Output],
            DynamicAxes = trained.OpenAxes,
            Metadata = trained.Metadata.ToProperties(),
        });
        return path;
    }

    private static float[] Mean(ImageBatch images) => [.. Enumerable.Range(0, 3).Select(channel =>
        images.Values.ToArray().Where((_, i) => i / (images.Height * images.Width) % 3 == channel).Average())];

    private static double Distance(float[] mean, Rgb24 colour) =>
        new[] { colour.R, colour.G, colour.B }.Zip(mean, (wanted, found) => Math.Pow(wanted / 127.5 - 1 - found, 2)).Sum();
}
