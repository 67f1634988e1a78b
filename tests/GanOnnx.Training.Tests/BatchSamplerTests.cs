using GanOnnx.Training.Data;

namespace GanOnnx.Training.Tests;

public sealed class BatchSamplerTests
{
    private const int Images = 7, BatchSize = 3;

    [Test]
    public void An_epoch_shows_every_image_once()
    {
        var drawn = Draw(steps: Images); // BatchSize epochs
        foreach (var epoch in drawn.Chunk(Images))
            Assert.That(epoch.Order(), Is.EqualTo(Enumerable.Range(0, Images)));
    }

    [Test]
    public void Epochs_have_orders_of_their_own()
    {
        var epochs = Draw(steps: Images).Chunk(Images).ToArray();
        Assert.That(epochs[0], Is.Not.EqualTo(epochs[1]));
    }

    [Test]
    public void A_step_draws_the_same_whatever_came_before()
    {
        using var folder = new TemporaryFolder();
        using var data = Data(folder);
        var fresh = Values(new BatchSampler(data, BatchSize, seed: 5), step: 11);

        Assert.That(Draw(steps: 12, seed: 5)[^BatchSize..], Is.EqualTo(fresh));
    }

    [Test]
    public void Another_seed_gives_another_order() =>
        Assert.That(Draw(steps: Images, seed: 1), Is.Not.EqualTo(Draw(steps: Images, seed: 2)));

    private static int[] Draw(int steps, ulong seed = 0)
    {
        using var folder = new TemporaryFolder();
        using var data = Data(folder);
        var sampler = new BatchSampler(data, BatchSize, seed);
        return [.. Enumerable.Range(0, steps).SelectMany(step => Values(sampler, step))];
    }

    // Image i is filled with the value i; the pixel in the middle tells which it is.
    private static int[] Values(BatchSampler sampler, int step)
    {
        var pixels = new byte[sampler.Length];
        sampler.Read(step, pixels, new long[BatchSize]);
        return [.. pixels.Chunk(32 * 32).Select(image => (int)image[16 * 32 + 16])];
    }

    private static ImageDataset Data(TemporaryFolder folder)
    {
        File.WriteAllBytes(folder["x-images-idx3-ubyte"], Tests.Images.Idx(Images));
        return ImageDataset.Decode(folder["x-images-idx3-ubyte"], folder["cache"], 32, null);
    }
}
