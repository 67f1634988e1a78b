using GanOnnx.Inference.Models;

namespace GanOnnx.Inference;

/// <summary>
/// Generates clips, moving pictures of some frames, from a model file of GanOnnx: noise in, <c>[N, T, C, H, W]</c> out. All that
/// <see cref="ImageGenerator"/> says of seeds, batches, threads and memory holds here too: it is the same engine.
/// </summary>
/// <remarks>
/// A model has the task <c>video</c> in its metadata and <c>gan.video</c> with its frames per second; it takes a latent in two inputs, the
/// content <c>z_content</c>, float32 <c>[N, Z]</c>, and the motion <c>z_motion</c>, float32 <c>[N, T, M]</c>, else what a generator of
/// images takes; and its output <c>video</c> is float32 or float16 <c>[N, T, C, H, W]</c> from −1 to 1, with 1, 3 or 4 channels.
/// </remarks>
public sealed class VideoGenerator : MediaGenerator<VideoBatch>
{
    internal VideoGenerator(ImageGenerator rows) : base(rows)
    {
    }

    /// <summary>Frames of each clip (T).</summary>
    public int Frames => Rows.Loaded.Form.Shape.Channels / Channels;

    /// <summary>Channels (C): 1 is grey, 3 is red, green and blue, 4 transparency after them.</summary>
    public int Channels => Model.Channels!.Value;

    /// <summary>Height in pixels (H).</summary>
    public int Height => Rows.Loaded.Form.Shape.Height;

    /// <summary>Width in pixels (W).</summary>
    public int Width => Rows.Loaded.Form.Shape.Width;

    /// <summary>How fast clips play.</summary>
    public double FramesPerSecond => Model.Metadata!.Video!.FramesPerSecond;

    /// <summary>Values of a latent that are the content's (Z); the rest is the motion's, the same number for each frame.</summary>
    public int ContentSize => Rows.Loaded.Inputs.Latent.ContentSize;

    /// <summary>Loads a model.</summary>
    /// <param name="path">An .onnx file, or a folder with <c>model.onnx</c>.</param>
    /// <param name="options">How to run it; null for the defaults.</param>
    /// <param name="cancellation">Ends loading.</param>
    /// <exception cref="ModelException">The file can't be found, read, understood or run, isn't loaded in time, or makes no clips; it has
    /// what would harm the process; the device can't be used; an option is out of its range.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static VideoGenerator Load(string path, MediaGeneratorOptions? options = null, CancellationToken cancellation = default) =>
        new(ImageGenerator.LoadRows(GeneratorKind.Clips, path, (options ?? new()).OfRows, cancellation));

    internal override VideoBatch OfRows(ImageBatch rows) =>
        new(rows.Values.ToArray(), rows.Count, Frames, Channels, rows.Height, rows.Width, FramesPerSecond) { Provider = rows.Provider };
}
