using GanOnnx.Inference;
using GanOnnx.Training.Evaluation;
using Google.Protobuf;

namespace GanOnnx.Training.Tests.Evaluation;

/// <summary>Models made by hand, of which it is known what they make: a digit of each class, with a little noise.</summary>
public sealed class ModelEvaluationTests
{
    private const int Size = 16, LatentSize = 64;

    private TemporaryFolder _folder = null!;
    private EvaluationOptions _options = null!;

    private static string[] Names => [.. Enumerable.Range(0, 10).Select(i => $"{i}")];

    [OneTimeSetUp]
    public void TrainClassifier()
    {
        _folder = new TemporaryFolder();
        _options = new EvaluationOptions
        {
            Model = Save("digits", Enumerable.Range(0, 10), Names),
            Data = Digits.Write(_folder["data"], 2000, Size),
            Classifier = _folder["classifier.safetensors"],
            Count = 300,
        };
        Assert.That(ModelEvaluation.Run(_options).Classifier.Accuracy, Is.GreaterThan(0.95), "digits drawn by a program are easy");
    }

    [OneTimeTearDown]
    public void Clean() => _folder.Dispose();

    [Test]
    public void Obeyed_labels_are_recognised()
    {
        var result = ModelEvaluation.Run(_options);
        Assert.That(result.LabelAccuracy, Is.GreaterThan(0.95));
        Assert.That(result.Classes.Select(c => c.Accuracy), Is.All.Not.Null);
        Assert.That(result.EffectiveClasses, Is.EqualTo(10).Within(0.5));
    }

    [Test]
    public void Classes_are_matched_by_name_not_by_place()
    {
        var reversed = Save("reversed", Enumerable.Range(0, 10).Reverse(), [.. Names.Reverse()]);
        var misnamed = Save("misnamed", Enumerable.Range(0, 10).Reverse(), Names);
        Assert.That(ModelEvaluation.Run(_options with { Model = reversed }).LabelAccuracy, Is.GreaterThan(0.95));
        Assert.That(ModelEvaluation.Run(_options with { Model = misnamed }).LabelAccuracy, Is.LessThan(0.05));
    }

    [Test]
    public void A_model_that_ignores_its_labels_shows()
    {
        var result = ModelEvaluation.Run(_options with { Model = Save("threes", Enumerable.Repeat(3, 10), Names) });
        Assert.That(result.LabelAccuracy, Is.EqualTo(0.1).Within(0.01), "the tenth that was asked for as 3");
        Assert.That(result.EffectiveClasses, Is.LessThan(1.1));
        Assert.That(result.Classes[5].TakenFor[0],
            Is.EqualTo(new ClassShare("3", 1)).Using<ClassShare>((a, b) => a.Name == b.Name && Math.Abs(a.Share - b.Share) < 0.1));
    }

    [Test]
    public void Collapse_and_noise_are_further_away_than_digits_and_digits_than_real_images()
    {
        var digits = ModelEvaluation.Run(_options);
        var collapsed = ModelEvaluation.Run(_options with { Model = Save("collapsed", [3], classes: null) });
        var noise = ModelEvaluation.Run(_options with { Model = Save("noise", [3], classes: null, noise: 1) });
        Assert.That(digits.Fd(), Is.GreaterThan(digits.RealDistance));
        Assert.That(collapsed.Fd(), Is.GreaterThan(2 * digits.Fd()));
        Assert.That(noise.Fd(), Is.GreaterThan(2 * digits.Fd()));
        Assert.That(collapsed.Spread, Is.LessThan(0.5 * digits.Spread));
    }

    [Test]
    public void Collapse_costs_recall_and_coverage_and_noise_precision()
    {
        var digits = Figures(_options);
        var collapsed = Figures(_options with { Model = Save("collapsed", [3], classes: null) });
        var noise = Figures(_options with { Model = Save("noise", [3], classes: null, noise: 1) });
        Assert.That(digits["kid"], Is.LessThan(collapsed["kid"]).And.LessThan(noise["kid"]));
        Assert.That(collapsed["recall"], Is.LessThan(0.5 * digits["recall"]));
        Assert.That(collapsed["coverage"], Is.LessThan(0.5 * digits["coverage"]));
        Assert.That(noise["precision"], Is.LessThan(0.5 * digits["precision"]));
    }

    [Test]
    public void Only_the_metrics_asked_for_are_computed_and_unknown_ones_refused()
    {
        Assert.That(Figures(_options with { Metrics = ["prdc"] }).Keys, Is.EqualTo(new[] { "precision", "recall", "density", "coverage" }));
        Refused(_options with { Metrics = ["fd", "fid"] }, "There is no metric 'fid'; there are: fd, kid, prdc.");
    }

    [Test]
    public void An_unconditional_model_has_shares_but_no_accuracy()
    {
        var result = ModelEvaluation.Run(_options with { Model = Save("seven", [7], classes: null) });
        Assert.That(result.LabelAccuracy, Is.Null);
        Assert.That(result.Classes.Select(c => c.Accuracy), Is.All.Null);
        Assert.That(result.Classes[7].Share, Is.GreaterThan(0.9));
        Assert.That(result.Classes.Sum(c => c.Share), Is.EqualTo(1).Within(1e-12), "the rounding of ten sums");
    }

    [Test]
    public void The_seed_decides_the_figures_and_the_classifier_is_trained_once()
    {
        var before = File.GetLastWriteTimeUtc(_options.Classifier!);
        HashSet<EvaluationStage> stages = [];
        var first = ModelEvaluation.Run(_options, (stage, _, _) => stages.Add(stage));
        Assert.That(ModelEvaluation.Run(_options).Fd(), Is.EqualTo(first.Fd()));
        Assert.That(ModelEvaluation.Run(_options with { Seed = 1 }).Fd(), Is.Not.EqualTo(first.Fd()));
        Assert.That(stages, Is.EquivalentTo([EvaluationStage.Decoding, EvaluationStage.Measuring, EvaluationStage.Generating]));
        Assert.That(File.GetLastWriteTimeUtc(_options.Classifier!), Is.EqualTo(before));
    }

    [Test]
    public void Images_without_labels_are_refused()
    {
        File.Copy(_folder["data/train-images-idx3-ubyte"],
            Directory.CreateDirectory(_folder["unlabelled"]).FullName + "/train-images-idx3-ubyte", overwrite: true);
        Refused(_options with { Data = _folder["unlabelled"] },
            $"'{_folder["unlabelled"]}' has no labels, and a classifier can't be trained without. Give images in a subfolder per class, "
            + "or IDX images with the labels' file beside them.");
    }

    [Test]
    public void Too_few_images_are_refused()
    {
        Refused(_options with { Count = 128 }, "128 images are too few: the distance needs 129 at least, and 10,000 are usual.");
        Refused(_options with { Data = Digits.Write(_folder["few"], 1289, Size) },
            $"'{_folder["few"]}' has 1289 images; 1290 are needed, so that the tenth that the classifier doesn't see has a distance.");
    }

    [Test]
    public void Classes_that_differ_are_told_before_anything_is_decoded() =>
        Differs(Save("ten", Enumerable.Range(0, 10), [.. Names[..9], "a"]), LabelledFolder(),
            "the real images have no class '0', '1', '2' and 6 more, which the model makes; the model makes no class 'b', which the real "
                + "images have");

    [Test]
    public void Classes_that_the_data_only_numbers_are_matched_in_order() =>
        Assert.That(ModelEvaluation.Run(_options with
        {
            Model = Save("named", Enumerable.Range(0, 10), [.. Names.Select(n => $"digit {n}")]),
        }).LabelAccuracy, Is.GreaterThan(0.95));

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
        var result = ModelEvaluation.Run(_options with { Model = model, AllowMismatch = true });
        Assert.That(result.LabelAccuracy, Is.GreaterThan(0.95), "of those that both have");
        Assert.That(result.Classes[7].Accuracy, Is.Null);
    }

    [Test]
    public void Images_that_are_no_numbers_are_refused()
    {
        var model = Save("nan", [3], classes: null, noise: float.NaN);
        Assert.That(() => ModelEvaluation.Run(_options with { Model = model }),
            Throws.TypeOf<ModelException>().With.Message.StartsWith($"'{model}' made an image with values that are no numbers"));
    }

    [Test]
    public void A_stop_ends_it()
    {
        using var stop = new CancellationTokenSource();
        Assert.That(() => ModelEvaluation.Run(_options with { Classifier = _folder["stopped"] }, (stage, _, _) =>
        {
            if (stage == EvaluationStage.Training)
                stop.Cancel();
        }, stop.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(File.Exists(_folder["stopped"]), Is.False);
    }

    private static Dictionary<string, double> Figures(EvaluationOptions options) =>
        ModelEvaluation.Run(options).Figures.ToDictionary(figure => figure.Name, figure => figure.Value);

    private static void Refused(EvaluationOptions options, string sentence) =>
        Assert.That(() => ModelEvaluation.Run(options), Throws.TypeOf<TrainingException>().With.Message.EqualTo(sentence));

    private void Differs(string model, string data, string differences)
    {
        HashSet<EvaluationStage> stages = [];
        Assert.That(() => ModelEvaluation.Run(_options with { Model = model, Data = data }, (stage, _, _) => stages.Add(stage)),
            Throws.TypeOf<EvaluationMismatchException>().With.Message
                .EqualTo($"'{model}' and '{data}' don't fit each other: {differences}."));
        Assert.That(stages, Is.Empty);
    }

    private string LabelledFolder()
    {
        foreach (var (name, value) in new[] { ("a", (byte)0), ("b", (byte)255) })
            if (!Directory.Exists(_folder["pictures/" + name]))
            {
                Directory.CreateDirectory(_folder["pictures/" + name]);
                Images.Save(_folder[$"pictures/{name}/0.png"], value, value, value, 16, 16);
                for (var i = 1; i < ClassifierTraining.FewestImages / 2; i++)
                    File.Copy(_folder[$"pictures/{name}/0.png"], _folder[$"pictures/{name}/{i}.png"]);
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
}
