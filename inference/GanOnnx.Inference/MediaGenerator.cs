namespace GanOnnx.Inference;

/// <summary>What generators of sounds and of clips have in common. All that <see cref="ImageGenerator"/> says of seeds, batches, threads and
/// memory holds here too: it is the same engine.</summary>
/// <typeparam name="TBatch">What they make.</typeparam>
public abstract class MediaGenerator<TBatch> : IDisposable
{
    internal MediaGenerator(ImageGenerator rows) => Rows = rows;

    /// <summary>What the file says and its graph shows.</summary>
    public ModelDescription Model => Rows.Model;

    /// <inheritdoc cref="ImageGenerator.Provider"/>
    public string Provider => Rows.Provider;

    /// <inheritdoc cref="ImageGenerator.Notice"/>
    public string? Notice => Rows.Notice;

    /// <summary>How many are made in a run of the model, at most.</summary>
    public int BatchSize => Rows.BatchSize;

    // The same model, to which what it makes is images.
    internal ImageGenerator Rows { get; }

    /// <summary>Generates some of one seed.</summary>
    /// <param name="count">How many (N), at least 1.</param>
    /// <param name="seed">The seed. The default is 0.</param>
    /// <param name="label">The class of all of them, from 0, see <see cref="ModelDescription.FindLabel"/>. The default is null: a
    /// conditional model's labels are drawn evenly, see <see cref="LatentSampler.Label"/>.</param>
    /// <param name="first">The number of the first. The default is 0.</param>
    /// <param name="cancellation">Ends the run under way.</param>
    /// <returns>Numbers <paramref name="first"/> to <paramref name="first"/> + <paramref name="count"/> − 1 of the seed.</returns>
    /// <exception cref="ModelException">The model can't do what is asked, or failed to run.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The generator is closed, or was closed meanwhile.</exception>
    public TBatch Generate(int count, ulong seed = 0, int? label = null, ulong first = 0, CancellationToken cancellation = default) =>
        OfRows(Rows.Generate(count, new Sample(seed, first, label), cancellation));

    /// <summary>As the other, for many callers who want few each, whose batches are shared: see
    /// <see cref="ImageGenerator.GenerateAsync(int, Sample, CancellationToken)"/>.</summary>
    /// <exception cref="QueueFullException">Too many wait.</exception>
    /// <inheritdoc cref="Generate"/>
    public async Task<TBatch> GenerateAsync(int count, ulong seed = 0, int? label = null, ulong first = 0,
        CancellationToken cancellation = default) =>
        OfRows(await Rows.GenerateAsync(count, new Sample(seed, first, label), cancellation).ConfigureAwait(false));

    /// <summary>Generates one by one what is chosen, a batch at a time as they are asked for.</summary>
    /// <param name="samples">Which ones, in the order they come.</param>
    /// <param name="cancellation">Ends the run under way.</param>
    /// <returns>Batches of <see cref="BatchSize"/>, the last one of what is left.</returns>
    /// <inheritdoc cref="Generate" path="exception"/>
    public IEnumerable<TBatch> Stream(IEnumerable<Sample> samples, CancellationToken cancellation = default) =>
        Rows.Stream(samples, cancellation: cancellation).Select(OfRows);

    /// <summary>Generates from latents of your own.</summary>
    /// <param name="latents"><c>[N, Z]</c>; its length decides N. Of a model of clips, a latent is its content's values and then its motion's,
    /// frame by frame.</param>
    /// <param name="labels"><c>[N]</c> for a conditional model, else empty.</param>
    /// <param name="cancellation">Ends the run under way.</param>
    /// <inheritdoc cref="Generate" path="exception"/>
    public TBatch FromLatents(ReadOnlyMemory<float> latents, ReadOnlyMemory<int> labels = default,
        CancellationToken cancellation = default) => OfRows(Rows.FromLatents(latents, labels, cancellation: cancellation));

    /// <inheritdoc cref="ImageGenerator.Dispose"/>
    public void Dispose()
    {
        Rows.Dispose();
        GC.SuppressFinalize(this);
    }

    // What rows are.
    internal abstract TBatch OfRows(ImageBatch rows);
}
