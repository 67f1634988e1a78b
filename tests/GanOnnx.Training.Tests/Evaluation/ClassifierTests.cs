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
        using var scope = NewDisposeScope();
        var features = classifier.Features(zeros([2, channels, size, size], uint8));
        Assert.That(features.shape, Is.EqualTo(new long[] { 2, Classifier.FeatureCount }));
        Assert.That(classifier.Scores(features).shape, Is.EqualTo(new long[] { 2, 5 }));
    }

    [Test]
    public void Features_of_an_image_do_not_depend_on_its_batch()
    {
        using var classifier = new Classifier(8, 1, classes: 2);
        classifier.SetTraining(false);
        using var scope = NewDisposeScope();
        var pixels = tensor(Enumerable.Range(0, 3 * 64).Select(i => (byte)(i * 37)).ToArray(), [3, 1, 8, 8]);
        var alone = classifier.Features(pixels.narrow(0, 1, 1).contiguous()).data<float>().ToArray();
        var together = classifier.Features(pixels).select(0, 1).contiguous().data<float>().ToArray();
        // Another batch size sums in another order: a few units in the last place of float32.
        Assert.That(together, Is.EqualTo(alone).Within(1e-5));
        Assert.That(alone, Has.Some.GreaterThan(0.01f));
    }

    [Test]
    public void The_same_images_give_the_same_file()
    {
        using var folder = new TemporaryFolder();
        using var data = Digits.Decode(folder["data"], folder["decoded"], count: 1300, size: 8);
        foreach (var file in new[] { "a", "b" })
            using (var classifier = ReferenceClassifier.Train(data, epochs: 2, (_, _, _) => { }, default))
                classifier.Save(folder[file]);
        Assert.That(File.ReadAllBytes(folder["b"]), Is.EqualTo(File.ReadAllBytes(folder["a"])));
    }

    [Test]
    public void A_loaded_classifier_is_the_saved_one()
    {
        using var folder = new TemporaryFolder();
        using var data = Digits.Decode(folder["data"], folder["decoded"], count: 1300, size: 8);
        using var trained = ReferenceClassifier.Train(data, epochs: 1, (_, _, _) => { }, default);
        trained.Save(folder["a"]);
        using var loaded = ReferenceClassifier.Load(folder["a"], data);
        loaded.Save(folder["b"]);

        Assert.That(File.ReadAllBytes(folder["b"]), Is.EqualTo(File.ReadAllBytes(folder["a"])));
        Assert.That(loaded.Real.Count, Is.EqualTo(1170));
        var heldOut = new ClassifierTraining(data, (_, _, _) => { }, default);
        Assert.That(heldOut.Measure(loaded.Network, heldOut.HeldOut).Confusion, Is.EqualTo(trained.Info.Confusion));
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

    [Test]
    public void A_classifier_of_other_images_is_refused()
    {
        using var folder = new TemporaryFolder();
        using var data = Digits.Decode(folder["data"], folder["decoded"], count: 1300, size: 8);
        using var others = Digits.Decode(folder["others"], folder["decoded others"], count: 1301, size: 8);
        using (var trained = ReferenceClassifier.Train(data, epochs: 1, (_, _, _) => { }, default))
            trained.Save(folder["a"]);
        Assert.That(() => ReferenceClassifier.Load(folder["a"], others), Throws.TypeOf<TrainingException>().With.Message.EqualTo(
            $"The classifier '{folder["a"]}' was trained on 'data' ({data.Fingerprint[..12]}) at 8 × 8, grey, 10 classes; the model and "
                + $"the data need one of 'others' ({others.Fingerprint[..12]}) at 8 × 8, grey, 10 classes. Name another "
                + "file for the classifier, and it is trained."));
    }

    [Test]
    public void A_flipped_bit_is_noticed_and_the_file_is_left()
    {
        using var folder = new TemporaryFolder();
        using var data = Digits.Decode(folder["data"], folder["decoded"], count: 1300, size: 8);
        using var trained = ReferenceClassifier.Train(data, epochs: 1, (_, _, _) => { }, default);
        trained.Save(folder["a"]);
        var bytes = File.ReadAllBytes(folder["a"]);
        bytes[^1000] ^= 4;
        File.WriteAllBytes(folder["a"], bytes);

        Assert.That(() => ClassifierCache.LoadOrTrain(folder["a"], data, 1, (_, _, _) => { }, default), Throws.TypeOf<TrainingException>());
        Assert.That(File.ReadAllBytes(folder["a"]), Is.EqualTo(bytes));
    }

    [Test]
    public void A_file_that_somebody_put_where_the_classifier_goes_is_left()
    {
        using var folder = new TemporaryFolder();
        using var data = Digits.Decode(folder["data"], folder["decoded"], count: 1300, size: 8);
        using var trained = ReferenceClassifier.Train(data, epochs: 1, (_, _, _) => { }, default);
        File.WriteAllText(folder["a"], "mine");

        Assert.That(() => trained.Save(folder["a"]), Throws.TypeOf<TrainingException>());
        Assert.That(File.ReadAllText(folder["a"]), Is.EqualTo("mine"));
    }

    [Test]
    public void Any_other_file_is_refused([Values("", "no classifier at all")] string contents)
    {
        using var folder = new TemporaryFolder();
        using var data = Digits.Decode(folder["data"], folder["decoded"], count: 10, size: 8);
        File.WriteAllText(folder["x"], contents);
        Assert.That(() => ReferenceClassifier.Load(folder["x"], data), Throws.TypeOf<TrainingException>().With.Message.EqualTo(
            $"'{folder["x"]}' is no classifier of gan evaluate, or a damaged one. Name another file for the classifier, or delete "
                + "this one, and it is trained."));
    }
}
