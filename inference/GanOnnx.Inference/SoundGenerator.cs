using GanOnnx.Inference.Models;

namespace GanOnnx.Inference;

/// <summary>
/// Generates sounds from a model file of GanOnnx: noise in, <c>[N, C, S]</c> out. All that <see cref="ImageGenerator"/> says of seeds,
/// batches, threads and memory holds here too: it is the same engine.
/// </summary>
/// <remarks>
/// A model has the task <c>sound</c> in its metadata and <c>gan.audio</c> with its rate; it takes what a generator of images takes, and
/// its output <c>audio</c> is float32 or float16 <c>[N, C, S]</c> from −1 to 1, with one channel or two.
/// </remarks>
public sealed class SoundGenerator : MediaGenerator<SoundBatch>
{
    internal SoundGenerator(ImageGenerator rows) : base(rows)
    {
    }

    /// <summary>Channels (C): 1 is mono, 2 left and right.</summary>
    public int Channels => Rows.Loaded.Form.Shape.Channels;

    /// <summary>Values per channel (S) of each sound.</summary>
    public int Samples => Rows.Loaded.Form.Shape.Width;

    /// <summary>Values per channel and second, in Hz.</summary>
    public int Rate => Model.Metadata!.Audio!.Rate;

    /// <summary>Loads a model.</summary>
    /// <param name="path">An .onnx file, or a folder with <c>model.onnx</c>.</param>
    /// <param name="options">How to run it; null for the defaults.</param>
    /// <param name="cancellation">Ends loading.</param>
    /// <exception cref="ModelException">The file can't be found, read, understood or run, isn't loaded in time, or makes no sounds; it has
    /// what would harm the process; the device can't be used; an option is out of its range.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static SoundGenerator Load(string path, MediaGeneratorOptions? options = null, CancellationToken cancellation = default) =>
        new(ImageGenerator.LoadRows(GeneratorKind.Sounds, path, (options ?? new()).OfRows, cancellation));

    internal override SoundBatch OfRows(ImageBatch rows) =>
        new(rows.Values.ToArray(), rows.Count, rows.Channels, rows.Width, Rate) { Provider = rows.Provider };
}
