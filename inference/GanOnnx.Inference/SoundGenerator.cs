namespace GanOnnx.Inference;

/// <summary>
/// Generates sounds from a model file of GanOnnx: noise in, <c>[N, C, S]</c> out. All that <see cref="ImageGenerator"/> says of seeds,
/// batches, threads and memory holds here too: it is the same engine.
/// </summary>
/// <remarks>
/// A model has the task <c>sound</c> in its metadata and <c>gan.audio</c> with its rate; it takes what a generator of images takes, and
/// its output <c>audio</c> is float32 or float16 <c>[N, C, S]</c> from −1 to 1, with one channel or two.
/// </remarks>
public sealed class SoundGenerator : IDisposable
{
    private readonly ImageGenerator _rows;

    internal SoundGenerator(ImageGenerator rows) => _rows = rows;

    /// <summary>What the file says and its graph shows. Its channels are the sounds', its width their values per channel, and its height
    /// is 1.</summary>
    public ModelDescription Model => _rows.Model;

    /// <summary>Channels (C): 1 is mono, 2 left and right.</summary>
    public int Channels => _rows.Loaded.Form.Shape.Channels;

    /// <summary>Values per channel (S) of each sound.</summary>
    public int Samples => _rows.Loaded.Form.Shape.Width;

    /// <summary>Values per channel and second, in Hz.</summary>
    public int Rate => Model.Metadata!.Audio!.Rate;

    /// <inheritdoc cref="ImageGenerator.Provider"/>
    public string Provider => _rows.Provider;

    /// <inheritdoc cref="ImageGenerator.Notice"/>
    public string? Notice => _rows.Notice;

    /// <summary>Sounds per run of the model, at most.</summary>
    public int BatchSize => _rows.BatchSize;

    // The same model, whose images are sounds of height 1.
    internal ImageGenerator Rows => _rows;

    /// <summary>Loads a model.</summary>
    /// <param name="path">An .onnx file, or a folder with <c>model.onnx</c>.</param>
    /// <param name="options">How to run it; null for the defaults.</param>
    /// <param name="cancellation">Ends loading.</param>
    /// <exception cref="ModelException">The file can't be found, read, understood or run, isn't loaded in time, or makes no sounds; it has
    /// what would harm the process; the device can't be used; an option is out of its range.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static SoundGenerator Load(string path, SoundGeneratorOptions? options = null, CancellationToken cancellation = default) =>
        new(ImageGenerator.LoadSounds(path, (options ?? new()).OfRows, cancellation));

    /// <summary>Generates sounds of one seed.</summary>
    /// <param name="count">How many (N), at least 1.</param>
    /// <param name="seed">The seed. The default is 0.</param>
    /// <param name="label">The class of all of them, from 0, see <see cref="ModelDescription.FindLabel"/>. The default is null: a
    /// conditional model's labels are drawn evenly, see <see cref="LatentSampler.Label"/>.</param>
    /// <param name="first">The number of the first sound. The default is 0.</param>
    /// <param name="cancellation">Ends the run under way.</param>
    /// <returns>Sounds <paramref name="first"/> to <paramref name="first"/> + <paramref name="count"/> − 1 of the seed.</returns>
    /// <exception cref="ModelException">The model can't do what is asked, or failed to run.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The generator is closed, or was closed meanwhile.</exception>
    public SoundBatch Generate(int count, ulong seed = 0, int? label = null, ulong first = 0, CancellationToken cancellation = default) =>
        OfRows(_rows.Generate(count, new Sample(seed, first, label), cancellation));

    /// <summary>As the other, for many callers with few sounds each: their sounds share batches, see
    /// <see cref="ImageGenerator.GenerateAsync(int, Sample, CancellationToken)"/>.</summary>
    /// <exception cref="QueueFullException">Too many sounds wait.</exception>
    /// <inheritdoc cref="Generate"/>
    public async Task<SoundBatch> GenerateAsync(int count, ulong seed = 0, int? label = null, ulong first = 0,
        CancellationToken cancellation = default) =>
        OfRows(await _rows.GenerateAsync(count, new Sample(seed, first, label), cancellation).ConfigureAwait(false));

    /// <summary>Generates sounds one by one chosen, a batch at a time as they are asked for.</summary>
    /// <param name="samples">Which sounds, in the order they come.</param>
    /// <param name="cancellation">Ends the run under way.</param>
    /// <returns>Batches of <see cref="BatchSize"/> sounds, the last one of what is left.</returns>
    /// <inheritdoc cref="Generate" path="exception"/>
    public IEnumerable<SoundBatch> Stream(IEnumerable<Sample> samples, CancellationToken cancellation = default) =>
        _rows.Stream(samples, cancellation: cancellation).Select(OfRows);

    /// <summary>Generates sounds from latents of your own.</summary>
    /// <param name="latents"><c>[N, Z]</c>; its length decides N.</param>
    /// <param name="labels"><c>[N]</c> for a conditional model, else empty.</param>
    /// <param name="cancellation">Ends the run under way.</param>
    /// <inheritdoc cref="Generate" path="exception"/>
    public SoundBatch FromLatents(ReadOnlyMemory<float> latents, ReadOnlyMemory<int> labels = default,
        CancellationToken cancellation = default) => OfRows(_rows.FromLatents(latents, labels, cancellation: cancellation));

    /// <inheritdoc cref="ImageGenerator.Dispose"/>
    public void Dispose() => _rows.Dispose();

    private SoundBatch OfRows(ImageBatch rows) =>
        new(rows.Values.ToArray(), rows.Count, rows.Channels, rows.Width, Rate) { Provider = rows.Provider };
}
