using GanOnnx.Data;
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

    [Test]
    public void Half_of_the_images_are_mirrored_and_labels_are_their_own()
    {
        using var folder = new TemporaryFolder();
        using var data = ImageDataset.Decode("synthetic:digits", folder["digits"], 32, null);
        var (plain, mirrored) = (new BatchSampler(data, 200, seed: 5), new BatchSampler(data, 200, seed: 5, flip: true));
        var (before, after, labels) = (new byte[plain.Length], new byte[plain.Length], new long[200]);
        plain.Read(1, before, labels);
        mirrored.Read(1, after, new long[200]);

        var flipped = before.Chunk(32 * 32).Zip(after.Chunk(32 * 32)).Count(image => !image.First.SequenceEqual(image.Second));
        Assert.That(before.Chunk(32 * 32).Zip(after.Chunk(32 * 32)), Has.All.Matches<(byte[] Was, byte[] Is)>(image =>
            image.Is.SequenceEqual(image.Was) || image.Is.SequenceEqual(image.Was.Chunk(32).SelectMany(row => row.Reverse()))));
        Assert.That(flipped, Is.InRange(70, 130), "100 of 200 with a deviation of 7");
        Assert.That(labels.Zip(before.Chunk(32 * 32)), Has.All.Matches<(long Label, byte[] Pixels)>(image => Enumerable.Range(0, data.Count)
            .Any(i => data.Labels[i] == image.Label && Image(data, i).SequenceEqual(image.Pixels))));
    }

    [Test]
    public void The_loader_gives_the_samplers_batches_in_any_order_of_asking()
    {
        using var folder = new TemporaryFolder();
        using var data = ImageDataset.Decode("synthetic:digits", folder["digits"], 32, null);
        var options = new TrainingOptions { BatchSize = 10, Seed = 5, Condition = "concat" };
        var sampler = new BatchSampler(data, 10, seed: 5);
        using var loader = new BatchLoader(data, options);
        foreach (var number in new long[] { 0, 1, 2, 7, 8, 3 })
        {
            var (pixels, labels) = (new byte[sampler.Length], new long[10]);
            sampler.Read(number, pixels, labels);
            using var batch = loader.Load(number);
            Assert.That(batch.Images.data<byte>().ToArray(), Is.EqualTo(pixels), $"batch {number}");
            Assert.That(batch.Labels!.data<long>().ToArray(), Is.EqualTo(labels), $"batch {number}");
        }
    }

    private static byte[] Image(ImageDataset data, int image)
    {
        var pixels = new byte[data.ImageLength];
        data.Read(image, pixels);
        return pixels;
    }

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
        File.WriteAllBytes(folder["x-images-idx3-ubyte"], GanOnnx.Tests.Shared.Images.Idx(Images));
        return ImageDataset.Decode(folder["x-images-idx3-ubyte"], folder["cache"], 32, null);
    }
}
