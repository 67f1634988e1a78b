using GanOnnx.Training.Evaluation;
using Google.Protobuf;

namespace GanOnnx.Training.Tests.Evaluation;

/// <summary>The shipped model against a part of its own data, with a hastily trained classifier.</summary>
public sealed class ShippedModelEvaluationTests
{
    [Test]
    public void Fashion_dcgan_makes_every_class_and_is_nearer_than_noise()
    {
        using var folder = new TemporaryFolder();
        var options = new EvaluationOptions
        {
            Model = Path.Combine(Repository.Root, "models", "fashion-dcgan"),
            Data = RealData.FirstImages("fashion-mnist", 3000, folder["data"]),
            Classifier = folder["classifier.safetensors"],
            Count = 300,
            Epochs = 2,
        };
        var shipped = ModelEvaluation.Run(options);
        File.WriteAllBytes(folder["noise.onnx"],
            TableModel.Of([new float[32 * 32]], classes: null, size: 32, latentSize: 64, noise: 0.2f).Model.ToByteArray());
        var noise = ModelEvaluation.Run(options with { Model = folder["noise.onnx"] });

        Assert.That(shipped.Classifier.Accuracy, Is.GreaterThan(0.7));
        Assert.That(shipped.EffectiveClasses, Is.GreaterThan(7));
        // No more is asked of the distance: with so few images most of it, real images' too, comes from their small number.
        Assert.That(shipped.Fd(), Is.LessThan(0.5 * noise.Fd()));
    }
}
