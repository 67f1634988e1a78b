namespace GanOnnx.Inference;

/// <summary>
/// Draws latents. Image <c>i</c> of seed <c>s</c> has the same latent whatever the batch size, the device or the
/// machine it is made on. The numbers are those of <see cref="RandomStream"/>, which specifies them, with the
/// stream number <see cref="RandomStream.Latents"/> and the image's number as the index.
/// </summary>
public sealed class LatentSampler
{
    /// <summary>A sampler of latents of one size.</summary>
    /// <param name="size">Values per latent (Z), at least 1.</param>
    /// <param name="distribution">What each value is drawn from. The default is normal.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="size"/> is less than 1.</exception>
    public LatentSampler(int size, LatentDistribution distribution = LatentDistribution.Normal)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        (Size, Distribution) = (size, distribution);
    }

    /// <summary>Values per latent (Z).</summary>
    public int Size { get; }

    /// <summary>What each value is drawn from.</summary>
    public LatentDistribution Distribution { get; }

    /// <summary>Draws the latents of neighbouring images of one seed.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="index">The number of the first image; the next ones follow it.</param>
    /// <param name="latents"><c>[N, Z]</c>, filled; its length decides N.</param>
    /// <exception cref="ArgumentException">Its length is no multiple of <see cref="Size"/>.</exception>
    public void Fill(ulong seed, ulong index, Span<float> latents)
    {
        if (latents.Length % Size != 0)
            throw new ArgumentException($"{latents.Length} values are no whole number of latents of {Size}.", nameof(latents));

        var stream = new RandomStream(seed, RandomStream.Latents);
        for (; !latents.IsEmpty; latents = latents[Size..], index++)
        {
            if (Distribution == LatentDistribution.Uniform)
                stream.FillUniform(index, latents[..Size]);
            else
                stream.FillNormal(index, latents[..Size]);
        }
    }

    /// <summary>
    /// The label an image gets when none is asked for: an integer below <paramref name="classes"/> from the stream
    /// <see cref="RandomStream.Labels"/>, the image's number being the index.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="classes"/> is less than 1.</exception>
    public static int Label(ulong seed, ulong index, int classes) =>
        new RandomStream(seed, RandomStream.Labels).Below(index, classes);
}
