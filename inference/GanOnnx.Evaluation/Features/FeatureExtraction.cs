namespace GanOnnx.Evaluation;

/// <summary>Puts sets of images through a feature network, as many batches at a time as there are cores.</summary>
internal static class FeatureExtraction
{
    // Images that are read at a time: enough for all cores, and no matter of memory.
    private const int MostPerChunk = 512, MostBytesPerChunk = 32 << 20;

    /// <summary>The features of a set.</summary>
    /// <param name="network">The network.</param>
    /// <param name="images">The images.</param>
    /// <param name="progress">Is told how many are done.</param>
    /// <param name="stop">Looked at between chunks.</param>
    /// <returns>The features of those that can be decoded, and which ones those are.</returns>
    public static (FeatureSet Features, int[] Places) Of(FeatureNetwork network, ImageSet images, Action<int> progress,
        CancellationToken stop)
    {
        var (features, places) = (new FeatureSet(network.FeatureCount), new List<int>(images.Count));
        var chunk = Math.Clamp(MostBytesPerChunk / images.Length, 1, MostPerChunk);
        var pixels = new byte[chunk * images.Length];
        for (var first = 0; first < images.Count; first += chunk)
        {
            var count = Math.Min(chunk, images.Count - first);
            var read = images.Read(first, count, pixels, stop);
            var made = OfChunk(network, pixels, count, images, stop);
            for (var i = 0; i < count; i++)
                if (read[i])
                {
                    features.Add(made.AsSpan(i * network.FeatureCount, network.FeatureCount));
                    places.Add(first + i);
                }
            progress(first + count);
        }
        return (features, [.. places]);
    }

    private static float[] OfChunk(FeatureNetwork network, byte[] pixels, int count, ImageSet images, CancellationToken stop)
    {
        var made = new float[count * network.FeatureCount];
        var batches = (count + network.BatchSize - 1) / network.BatchSize;
        var options = new ParallelOptions { CancellationToken = stop, MaxDegreeOfParallelism = network.Lanes };
        Parallel.For(0, batches, options, network.RentLane(images.Size, images.Channels), (batch, _, lane) =>
        {
            var start = batch * network.BatchSize;
            var size = Math.Min(network.BatchSize, count - start);
            lane.Run(pixels.AsSpan(start * images.Length, size * images.Length), size,
                made.AsSpan(start * network.FeatureCount, size * network.FeatureCount));
            return lane;
        }, network.ReturnLane);
        return made;
    }
}
