using GanOnnx.Evaluation.Tests.Fixtures;
using GanOnnx.Inference;
using Google.Protobuf;

namespace GanOnnx.Evaluation.Tests;

/// <summary>Models made by hand, of which it is known what they make: a digit of each class, with a little noise.</summary>
public sealed class ImageEvaluationTests
{
    private const int Size = 16, LatentSize = 64;

    private TemporaryFolder _folder = null!;
    private EvaluationOptions _options = null!;

    private static string[] Names => [.. Enumerable.Range(0, 10).Select(i => $"{i}")];

    [OneTimeSetUp]
    public void WriteImages()
    {
        _folder = new TemporaryFolder();
        _options = new EvaluationOptions
        {
            Subject = Save("digits", Enumerable.Range(0, 10), Names),
            Data = Digits.Write(_folder["data"], 400, Size),
            Count = 200,
            Features = SaveClassifier("features"), // a small one: most tests are about the rest
        };
    }

    [OneTimeTearDown]
    public void Clean() => _folder.Dispose();

    [Test]
    public void Collapse_and_noise_are_further_away_than_digits_and_digits_than_real_images()
    {
        var digits = ImageEvaluation.Run(_options);
        var collapsed = Figures(_options with { Subject = Save("collapsed", [3], classes: null) });
        var noise = Figures(_options with { Subject = Save("noise", [3], classes: null, noise: 1) });
        var figures = digits.Figures.ToDictionary(scaled => scaled.Figure.Name, scaled => scaled.Figure.Value);

        Assert.That(digits.Figures[0].Real, Is.LessThan(figures["fd"]));
        Assert.That(digits.Figures[0].Noise, Is.GreaterThan(figures["fd"]));
        Assert.That(new[] { collapsed["fd"], noise["fd"] }, Is.All.GreaterThan(figures["fd"]));
        Assert.That(figures["kid"], Is.LessThan(collapsed["kid"]).And.LessThan(noise["kid"]));
        Assert.That(collapsed["coverage"], Is.LessThan(figures["coverage"]));
        Assert.That(collapsed["variety"], Is.LessThan(0.5 * figures["variety"]));
        Assert.That(figures["least varied class"], Is.LessThan(0.5), "one digit a class");
        Assert.That(collapsed["near-duplicates"], Is.GreaterThan(0.9));
        Assert.That(digits.Real, Is.EqualTo(new RealSummary("data", 400, 200, 200, Size, 1)));
        Assert.That(digits.Remarks, Has.Some.StartsWith("200 images are fewer than the 10,000"));
    }

    [Test]
    public void ResNet18_is_the_network_that_nobody_has_to_bring()
    {
        var result = ImageEvaluation.Run(_options with { Features = null, Count = 20 });

        Assert.That((result.Network.FrechetName, result.Network.Resizing), Is.EqualTo(("FD-ResNet18", Resizing.Clean)));
        Assert.That(result.Figures[0].Figure.Value, Is.InRange(result.Figures[0].Real!.Value, result.Figures[0].Noise!.Value));
        Assert.That(result.Remarks, Has.Some.StartsWith("ResNet-18 was trained on ImageNet's photographs"));
    }

    [Test]
    public void Real_pictures_are_as_good_as_real_pictures()
    {
        var figures = ImageEvaluation.Run(_options with { Subject = Digits.Write(_folder["others"], 200, Size) });

        Assert.That(figures.ModelSha256, Is.Null);
        foreach (var scaled in figures.Figures.Where(scaled => scaled.Figure.Name is "precision" or "recall" or "coverage" or "variety"))
            Assert.That(scaled.Figure.Value, Is.EqualTo(scaled.Real!.Value).Within(0.15), scaled.Figure.Name);
    }

    [Test]
    public void Pictures_of_the_data_itself_are_copies()
    {
        var figures = Figures(_options with { Subject = _options.Data, Metrics = ["copies"] });
        Assert.That(figures["copies"], Is.EqualTo(0.5).Within(0.05), "those compared with are every other one of these");
    }

    [Test]
    public void The_seed_decides_the_figures_and_the_batch_does_not()
    {
        var options = _options with { Metrics = ["fd"] };
        var once = Figures(options)["fd"];
        Assert.That(Figures(options)["fd"], Is.EqualTo(once));
        Assert.That(Figures(options with { Seed = 1 })["fd"], Is.Not.EqualTo(once));
        // Sums in another order, and bytes that are rounded the other way for it.
        Assert.That(Figures(options with { Generator = new() { BatchSize = 3 } })["fd"], Is.EqualTo(once).Within(0.1).Percent);
    }

    [Test]
    public void Real_images_are_put_through_the_network_once()
    {
        var data = Digits.Write(_folder["once"], 60, Size);
        List<EvaluationStage> Stages()
        {
            List<EvaluationStage> stages = [];
            ImageEvaluation.Run(_options with { Data = data, Count = 20, Metrics = ["fd"] }, (stage, _, _) => stages.Add(stage));
            return [.. stages.Distinct()];
        }
        EvaluationStage[] again = [EvaluationStage.Generated, EvaluationStage.Noise, EvaluationStage.Figures];

        Assert.That(Stages(), Is.EqualTo(again.Prepend(EvaluationStage.Real)));
        Assert.That(Stages(), Is.EqualTo(again));
        Digits.Write(data, 61, Size);
        Assert.That(Stages(), Does.Contain(EvaluationStage.Real), "the data has changed");
    }

    [Test]
    public void Only_the_metrics_asked_for_are_computed_and_unknown_ones_refused()
    {
        Assert.That(Figures(_options with { Metrics = ["prdc"] }).Keys, Is.EqualTo(new[] { "precision", "recall", "density", "coverage" }));
        Refused(_options with { Metrics = ["fd", "fid"] }, "There is no metric 'fid'; there are: fd, kid, prdc, variety, copies.");
    }

    [Test]
    public void Too_few_images_are_refused()
    {
        Refused(_options with { Count = 9 }, "9 images are too few: 10 are needed at least, and 10,000 are usual.");
        Refused(_options with { Data = Digits.Write(_folder["few"], 9, Size), AllowMismatch = true },
            $"'{_folder["few"]}' has 9 images that can be decoded; 10 are needed at least.");
    }

    [Test]
    public void Classes_that_differ_are_told_before_anything_is_computed() =>
        Differs(Save("ten", Enumerable.Range(0, 10), [.. Names[..9], "a"]), LabelledFolder(),
            "the real images have no class '0', '1', '2' and 6 more, which the model makes; the model makes no class 'b', which the real "
                + "images have");

    [Test]
    public void A_grey_model_and_images_with_colors_differ()
    {
        foreach (var (name, red) in new[] { ("0", (byte)0), ("1", (byte)255) })
        {
            Directory.CreateDirectory(_folder["colors/" + name]);
            Images.Save(_folder[$"colors/{name}/0.png"], red, 90, 30, 16, 16);
        }
        Differs(Save("grey", [3], classes: null), _folder["colors"], "the model makes grey images, and the real ones have colors");
    }

    [Test]
    public void Images_much_smaller_than_the_models_differ()
    {
        foreach (var (name, value) in new[] { ("0", (byte)0), ("1", (byte)255) })
        {
            Directory.CreateDirectory(_folder["small/" + name]);
            Images.Save(_folder[$"small/{name}/0.png"], value, value, value, 8, 12);
        }
        Differs(Save("large", [3], classes: null), _folder["small"],
            "the model makes images of 16 × 16 pixels, and the largest real one has 8 × 12");
    }

    [Test]
    public void What_differs_is_gone_on_with_where_that_is_allowed()
    {
        var model = Save("half-known", [.. Enumerable.Range(0, 10), 3], [.. Names[..5], "five", "six", "seven", "eight", "nine", "ten"]);
        Differs(model, _options.Data,
            "the real images have no class 'five', 'six', 'seven' and 3 more, which the model makes; the model makes no class '5', '6', "
                + "'7' and 2 more, which the real images have");
        Assert.That(Figures(_options with { Subject = model, AllowMismatch = true, Metrics = ["fd"] }), Does.ContainKey("fd in classes"));
    }

    [Test]
    public void Images_that_are_no_numbers_are_refused()
    {
        var model = Save("nan", [3], classes: null, noise: float.NaN);
        Assert.That(() => ImageEvaluation.Run(_options with { Subject = model }),
            Throws.TypeOf<ModelException>().With.Message.StartsWith($"'{model}' made an image with values that are no numbers"));
    }

    [Test]
    public void A_network_of_ones_own_is_used_and_called_unverified()
    {
        var result = ImageEvaluation.Run(_options with { Metrics = ["fd"] });
        Assert.That(result.Network.FrechetName, Is.EqualTo("FD, features features, unverified"));
        Assert.That(result.Figures[0].Figure.Value, Is.GreaterThan(0));
    }

    [Test]
    public void A_file_that_is_no_feature_network_is_refused() =>
        Assert.That(() => ImageEvaluation.Run(_options with { Features = _options.Subject }), Throws.TypeOf<EvaluationException>()
            .With.Message.StartsWith($"'{_options.Subject}' takes z float32 [N, 64] and label int64 [N]; a feature network takes"));

    [Test]
    public void A_feature_network_of_an_absurd_fixed_batch_is_refused()
    {
        var model = TableModel.ClassifierOf([.. Enumerable.Range(0, 10).Select(digit => Digits.Pixels(digit, Size))], Names, Size).Model;
        model.Graph.Input[0].Type.TensorType.Shape.Dim[0] = new() { DimValue = 100_000 };
        File.WriteAllBytes(_folder["absurd.onnx"], model.ToByteArray());

        Assert.That(() => ImageEvaluation.Run(_options with { Features = _folder["absurd.onnx"] }), Throws.TypeOf<ModelException>()
            .With.Message.StartsWith($"'{_folder["absurd.onnx"]}' takes batches of exactly 100000 images: "));
    }

    // It recognises a digit by which of ten it is nearest to, which with so little noise it always is.
    [Test]
    public void A_classifier_tells_whether_labels_are_obeyed()
    {
        var options = _options with { Classifier = SaveClassifier("classifier"), Metrics = ["variety"] };
        var misnamed = Save("misnamed", Enumerable.Range(0, 10).Reverse(), Names);
        var threes = ImageEvaluation.Run(options with { Subject = Save("threes", Enumerable.Repeat(3, 10), Names) }).Classes!;

        Assert.That(ImageEvaluation.Run(options).Classes!.Obeyed, Is.GreaterThan(0.95));
        Assert.That(ImageEvaluation.Run(options).Classes!.Effective, Is.EqualTo(10).Within(0.5));
        Assert.That(ImageEvaluation.Run(options with { Subject = misnamed }).Classes!.Obeyed, Is.LessThan(0.05));
        Assert.That(threes.Obeyed, Is.EqualTo(0.1).Within(0.01), "the tenth that was asked for as 3");
        Assert.That(threes.Effective, Is.LessThan(1.1));
        Assert.That(threes.Score, Is.LessThan(1.2));
        Assert.That(threes.All[5].TakenFor[0], Is.EqualTo(new ClassShare("3", 1)));
    }

    [Test]
    public void The_page_shows_the_figures_and_escapes_names()
    {
        Directory.CreateDirectory(_folder["page"]);
        var data = Digits.Write(_folder["<b>data"], 60, Size);
        ImageEvaluation.Run(_options with { Data = data, Count = 30 }, _folder["page/r.html"]);
        var page = File.ReadAllText(_folder["page/r.html"]);

        Assert.That(page, Does.Contain("FD, features features, unverified").And.Contain("Nearest to real images").And.Contain("&lt;b&gt;data"));
        Assert.That(page, Does.Not.Contain("<b>").And.Not.Contain("http://").And.Not.Contain("https://"));
        ImageEvaluation.Run(_options with { Data = data, Count = 30, Metrics = ["fd"] }, _folder["page/r.html"]);
        File.WriteAllText(_folder["page/mine.html"], "mine");
        Assert.That(() => ImageEvaluation.Run(_options, _folder["page/mine.html"]), Throws.InstanceOf<IOException>());
        Assert.That(File.ReadAllText(_folder["page/mine.html"]), Is.EqualTo("mine"));
    }

    [Test]
    public void Features_of_another_range_are_not_those_that_were_kept()
    {
        // A network without a range of its own: the real images' features must not be taken from the evaluation before.
        double Real(float lowest) => ImageEvaluation.Run(_options with
        {
            Metrics = ["fd"],
            FeaturePixels = new() { Range = new ValueRange(lowest, 1) },
        }).Figures[0].Real!.Value;
        Assert.That(Real(0), Is.Not.EqualTo(Real(-1)).Within(1).Percent);
    }

    [Test]
    public void A_stop_ends_it()
    {
        using var stop = new CancellationTokenSource();
        Assert.That(() => ImageEvaluation.Run(_options, (stage, _, _) =>
        {
            if (stage == EvaluationStage.Generated)
                stop.Cancel();
        }, stop.Token), Throws.InstanceOf<OperationCanceledException>());
    }

    private static Dictionary<string, double> Figures(EvaluationOptions options) =>
        ImageEvaluation.Run(options).Figures.ToDictionary(scaled => scaled.Figure.Name, scaled => scaled.Figure.Value);

    private static void Refused(EvaluationOptions options, string sentence) =>
        Assert.That(() => ImageEvaluation.Run(options), Throws.TypeOf<EvaluationException>().With.Message.EqualTo(sentence));

    private void Differs(string model, string data, string differences)
    {
        HashSet<EvaluationStage> stages = [];
        Assert.That(() => ImageEvaluation.Run(_options with { Subject = model, Data = data }, (stage, _, _) => stages.Add(stage)),
            Throws.TypeOf<EvaluationMismatchException>().With.Message
                .EqualTo($"'{model}' and '{data}' don't fit each other: {differences}."));
        Assert.That(stages, Is.Empty);
    }

    private string LabelledFolder()
    {
        foreach (var (name, value) in new[] { ("a", (byte)0), ("b", (byte)255) })
        {
            Directory.CreateDirectory(_folder["pictures/" + name]);
            for (var i = 0; i < 6; i++)
                Images.Save(_folder[$"pictures/{name}/{i}.png"], value, value, value, 16, 16);
        }
        return _folder["pictures"];
    }

    /// <summary>A model whose label l gives the synthetic digit number <paramref name="digits"/>[l], plus noise from the latent; one digit
    /// and no classes for an unconditional one.</summary>
    private string Save(string name, IEnumerable<int> digits, string[]? classes, float noise = 0.02f)
    {
        var path = _folder[name + ".onnx"];
        File.WriteAllBytes(path, TableModel.Of([.. digits.Select(digit => Digits.Pixels(digit, Size))], classes, Size, LatentSize,
            noise).Model.ToByteArray());
        return path;
    }

    /// <summary>A classifier of the first ten digits: the score of each is the image's product with it, less half of its own.</summary>
    private string SaveClassifier(string name)
    {
        var path = _folder[name + ".onnx"];
        File.WriteAllBytes(path, TableModel.ClassifierOf([.. Enumerable.Range(0, 10).Select(digit => Digits.Pixels(digit, Size))], Names,
            Size)
            .Model.ToByteArray());
        return path;
    }
}
