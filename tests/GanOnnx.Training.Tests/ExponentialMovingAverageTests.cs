using static TorchSharp.torch;

namespace GanOnnx.Training.Tests;

public sealed class ExponentialMovingAverageTests
{
    [Test]
    public void Update_moves_weights_and_statistics_towards_the_source()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var (source, copy) = (Network(), Network());
        var average = new ExponentialMovingAverage(source, copy);
        source.state_dict()["1.weight"].copy_(tensor([5f, 5f], [2]));
        source.state_dict()["1.running_mean"].copy_(tensor([8f, 8f], [2]));
        source.state_dict()["1.num_batches_tracked"].copy_(tensor(17L));

        average.Update(decay: 0.75);

        Assert.That(copy.state_dict()["1.weight"].data<float>().ToArray(), Is.All.EqualTo(0.75 * 1 + 0.25 * 5));
        Assert.That(copy.state_dict()["1.running_mean"].data<float>().ToArray(), Is.All.EqualTo(0.25 * 8));
        Assert.That(copy.state_dict()["1.num_batches_tracked"].item<long>(), Is.EqualTo(17));
    }

    [Test]
    public void It_begins_as_a_copy_in_evaluation_mode()
    {
        using var scope = NewDisposeScope();
        var source = Network();
        var average = new ExponentialMovingAverage(source, Network());

        Assert.That(average.Module.training, Is.False);
        Assert.That(average.Module.state_dict()["0.weight"].data<float>().ToArray(),
            Is.EqualTo(source.state_dict()["0.weight"].data<float>().ToArray()));
    }

    [TestCase(1_000_000, 0.5, Description = "a half-life of 10,000 images forgets half in 10,000")]
    [TestCase(20_000, 0.000976562, Description = "after 20,000 images the half-life is 1,000: ten of them fit in 10,000")]
    [TestCase(0, 0, Description = "the first step replaces the first weights")]
    public void Decay_ramps_up_to_the_half_life(long imagesSeen, double decay) =>
        Assert.That(ExponentialMovingAverage.Decay(batchSize: 10_000, halfLifeKimg: 10, imagesSeen), Is.EqualTo(decay).Within(1e-9));

    private static nn.Module<Tensor, Tensor> Network() => nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2));
}
