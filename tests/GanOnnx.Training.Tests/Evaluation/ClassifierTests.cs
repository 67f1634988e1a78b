using GanOnnx.Evaluation;
using GanOnnx.Training.Evaluation;
using static TorchSharp.torch;

namespace GanOnnx.Training.Tests.Evaluation;

public sealed class ClassifierTests
{
    [TestCase(8, 1)]
    [TestCase(28, 1)]
    [TestCase(32, 3)]
    [TestCase(64, 1)]
    [TestCase(256, 3)]
    public void Images_of_any_size_have_as_many_features(int size, int channels)
    {
        using var classifier = new Classifier(size, channels, classes: 5);
        classifier.eval();
        using var scope = NewDisposeScope();
        var outputs = classifier.forward([zeros([2, channels, size, size])]);
        Assert.That(outputs[0].shape, Is.EqualTo(new long[] { 2, Classifier.FeatureCount }));
        Assert.That(outputs[1].shape, Is.EqualTo(new long[] { 2, 5 }));
    }

    [Test]
    public void The_same_images_give_the_same_file()
    {
        using var folder = new TemporaryFolder();
        foreach (var file in new[] { "a.onnx", "b.onnx" })
            ClassifierTraining.Run(new() { Data = Digits.Write(folder["data"], 300, 8), Size = 8, Epochs = 2 }, folder[file]);
        Assert.That(File.ReadAllBytes(folder["b.onnx"]), Is.EqualTo(File.ReadAllBytes(folder["a.onnx"])));
    }

    [Test]
    public void Held_out_images_are_a_tenth_and_apart()
    {
        using var folder = new TemporaryFolder();
        using var data = Digits.Decode(folder["data"], folder["decoded"], count: 1300, size: 8);
        var training = new ClassifierTraining(data, (_, _, _) => { }, default);
        Assert.That(training.HeldOut, Has.Length.EqualTo(130));
        Assert.That(training.HeldOut.Concat(training.LearntFrom).Order(), Is.EqualTo(Enumerable.Range(0, 1300)));
        Assert.That(training.HeldOut.Select(i => data.Labels[i]).Distinct().Count(), Is.EqualTo(10),
            "not the tail of the files, which may be one class");
    }

    // Digits drawn by a program are easy; the evaluation finds in real ones what training found in those it held out.
    [Test]
    public void What_it_has_learnt_is_used_by_the_evaluation()
    {
        using var folder = new TemporaryFolder();
        var trained = ClassifierTraining.Run(new() { Data = Digits.Write(folder["data"], 2000, 16), Size = 16 }, folder["c.onnx"]);

        var classes = ImageEvaluation.Run(new()
        {
            Subject = Digits.Write(folder["others"], 300, 16),
            Data = folder["data"],
            Count = 300,
            Metrics = ["variety"],
            Classifier = folder["c.onnx"],
        }).Classes!;

        Assert.That(trained.Accuracy, Is.GreaterThan(0.95));
        Assert.That((trained.LearntFrom, trained.HeldOut), Is.EqualTo((1800, 200)));
        Assert.That(classes.RealAccuracy, Is.EqualTo(trained.Accuracy).Within(1e-9));
        Assert.That(classes.Obeyed, Is.GreaterThan(0.95));
        Assert.That(classes.All, Has.Count.EqualTo(10));
    }

    [Test]
    public void Images_without_labels_are_refused()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["d"]);
        for (var i = 0; i < 3; i++)
            Images.Save(folder[$"d/{i}.png"], 1, 2, 3);
        Assert.That(() => ClassifierTraining.Run(new() { Data = folder["d"] }, folder["c.onnx"]), Throws.TypeOf<TrainingException>()
            .With.Message.EqualTo($"'{folder["d"]}' has no labels, and a classifier can't be trained without. Give images in a subfolder per "
                + "class, or IDX images with the labels' file beside them."));
        Assert.That(File.Exists(folder["c.onnx"]), Is.False);
    }

    [Test]
    public void A_stop_ends_it_without_a_file()
    {
        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource();
        Assert.That(() => ClassifierTraining.Run(new() { Data = Digits.Write(folder["data"], 200, 8), Size = 8 }, folder["c.onnx"],
            (stage, _, _) =>
            {
                if (stage.StartsWith("Training", StringComparison.Ordinal))
                    stop.Cancel();
            }, stop.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(File.Exists(folder["c.onnx"]), Is.False);
    }
}
