namespace GanOnnx.Inference;

/// <summary>
/// A walk from seed to seed through latent space, in frames: feed it to <c>ImageGenerator.FromLatents</c>, and one image
/// turns smoothly into the next.
/// </summary>
/// <remarks>
/// Every seed stands for its image 0, as in <c>--seeds</c>, and takes the same share of the frames. Closed, the last seed leads back to
/// the first: K seeds have K legs, and frame f lies at f · K / frames, so that the first frame follows the last one as any other does.
/// Open, there are K − 1 legs, and frame f lies at f · (K − 1) / (frames − 1): the last frame is the last seed's own.
/// <para>
/// Normal latents are interpolated by <see cref="LatentInterpolation.Spherical"/>, uniform ones by
/// <see cref="LatentInterpolation.Linear"/>: on a great circle they would leave [−1, 1].
/// </para>
/// <para>
/// Labels can't be walked between: a conditional model knows its classes as whole numbers. Keep one label for the whole walk.
/// </para>
/// </remarks>
public sealed class LatentWalk
{
    private readonly LatentSampler _sampler;
    private readonly ulong[] _seeds;

    /// <summary>A walk through the latents of <paramref name="seeds"/>. Nothing is drawn before <see cref="Fill"/>.</summary>
    /// <param name="sampler">Draws the latents, as the model's: <see cref="ModelDescription.LatentSize"/> and
    /// <see cref="ModelDescription.LatentDistribution"/>.</param>
    /// <param name="seeds">At least two, in the order they are passed; one may come again.</param>
    /// <param name="frames">How many latents the whole walk has, at least as many as seeds.</param>
    /// <param name="isClosed">Whether it leads back to the first seed. The default is true.</param>
    /// <exception cref="ArgumentException">There are fewer than two seeds, or fewer frames than seeds.</exception>
    public LatentWalk(LatentSampler sampler, IReadOnlyList<ulong> seeds, int frames, bool isClosed = true)
    {
        ArgumentNullException.ThrowIfNull(sampler);
        ArgumentNullException.ThrowIfNull(seeds);
        if (seeds.Count < 2)
            throw new ArgumentException($"A walk needs at least 2 seeds, not {seeds.Count}.", nameof(seeds));
        if (frames < seeds.Count)
            throw new ArgumentException($"A walk through {seeds.Count} seeds needs at least that many frames, not {frames}.",
                nameof(frames));

        (_sampler, _seeds, Frames, IsClosed) = (sampler, [.. seeds], frames, isClosed);
    }

    /// <summary>How many latents the whole walk has.</summary>
    public int Frames { get; }

    /// <summary>Whether the last seed leads back to the first.</summary>
    public bool IsClosed { get; }

    /// <summary>Computes the latents of neighbouring frames.</summary>
    /// <param name="frame">The number of the first one, from 0; the next ones follow it.</param>
    /// <param name="latents"><c>[N, Z]</c>, filled; its length decides N.</param>
    /// <exception cref="ArgumentException">Its length is no multiple of Z.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The frames aren't all from 0 to <see cref="Frames"/> − 1.</exception>
    public void Fill(int frame, Span<float> latents)
    {
        var (count, rest) = Math.DivRem(latents.Length, _sampler.Size);
        if (rest != 0)
            throw new ArgumentException($"{latents.Length} values are no whole number of latents of {_sampler.Size}.", nameof(latents));
        ArgumentOutOfRangeException.ThrowIfNegative(frame);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(frame, Frames - count);

        float[] from = new float[_sampler.Size], to = new float[_sampler.Size];
        for (var i = 0; i < count; i++)
            FillOne(frame + i, from, to, latents.Slice(i * _sampler.Size, _sampler.Size));
    }

    private void FillOne(int frame, float[] from, float[] to, Span<float> latent)
    {
        var (legs, steps) = IsClosed ? (_seeds.Length, Frames) : (_seeds.Length - 1, Frames - 1);
        var (leg, rest) = Math.DivRem((long)frame * legs, steps);
        if (rest == 0)
        {
            _sampler.Fill(_seeds[leg], 0, latent);
            return;
        }
        _sampler.Fill(_seeds[leg], 0, from);
        _sampler.Fill(_seeds[(leg + 1) % _seeds.Length], 0, to);
        if (_sampler.Distribution == LatentDistribution.Uniform)
            LatentInterpolation.Linear(from, to, (double)rest / steps, latent);
        else
            LatentInterpolation.Spherical(from, to, (double)rest / steps, latent);
    }
}
