using GanOnnx.Inference;
using GanOnnx.Inference.Runtime;
using Microsoft.ML.OnnxRuntime;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanOnnx.Imaging;

/// <summary>
/// Tells generated pictures from real ones by their pixels alone, with a network that was trained for it; often it says that it can't tell.
/// It is no proof of anything: how often it is wrong, and on what, stands with the network. Several threads may use it at once.
/// </summary>
public sealed class PictureDetector : IDisposable
{
    /// <summary>The key of what a detector's file says of its limits.</summary>
    internal const string Key = "gan.detector";

    private const string Input = "image", Probability = "probability", Familiarity = "familiarity";
    private const int LargestSide = 256;

    private readonly Session _session;

    private PictureDetector(Session session, DetectorLimits limits) => (_session, Limits) = (session, limits);

    /// <summary>From where on it says something.</summary>
    public DetectorLimits Limits { get; }

    /// <summary>Loads a detector.</summary>
    /// <param name="path">An .onnx file with the input <c>image</c> float32 [N, 3, H, W], −1 … 1, the outputs <c>probability</c> and
    /// <c>familiarity</c> float32 [N], and its limits in the metadata <c>gan.detector</c>; or a folder with <c>model.onnx</c>.</param>
    /// <param name="stop">Ends loading.</param>
    /// <exception cref="ModelException">It is none, or can't be loaded.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static PictureDetector Load(string path, CancellationToken stop = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var content = ModelContent.Read(ModelFile.Find(path), stop);
        if (content.Inputs() is not [{ Name: Input, Axes: [_, { Length: 3 }, _, _] }]
            || content.Outputs().Select(output => output.Name).Intersect([Probability, Familiarity]).Count() != 2)
            throw new ModelException($"'{content.Path}' is no detector: it takes {string.Join(" and ", content.Inputs())} and gives "
                + $"{string.Join(" and ", content.Outputs())}; {Input} [N, 3, H, W] to {Probability} and {Familiarity} is expected.");
        var limits = DetectorLimits.Read(content.Metadata.GetValueOrDefault(Key))
            ?? throw new ModelException($"'{content.Path}' doesn't say from where on a picture counts as generated: its metadata has no {Key} that can be read.");
        return new(Session.OpenCpu(content, 1, stop), limits);
    }

    /// <summary>Looks at a picture: at its middle, where it is larger than 256 pixels; transparent places count as white.</summary>
    /// <param name="picture">The picture, as it was decoded: one that was enlarged or made smaller has lost what it is told by.</param>
    /// <exception cref="ModelException">The network failed to run.</exception>
    public Detection Look(Image picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        if (Math.Min(picture.Width, picture.Height) < Limits.SmallestSide)
            return new(DetectionAnswer.CannotTell, null, null);
        var (width, height) = (Math.Min(picture.Width, LargestSide), Math.Min(picture.Height, LargestSide));
        using var pixels = picture.CloneAs<Rgba32>();
        var values = Values(pixels, (picture.Width - width) / 2, (picture.Height - height) / 2, width, height);
        var (probability, familiarity) = Run(values, width, height);
        return new(Limits.Answer(probability, familiarity), probability, familiarity);
    }

    /// <summary>Frees the network.</summary>
    public void Dispose() => _session.Dispose();

    private static float[] Values(Image<Rgba32> picture, int left, int top, int width, int height)
    {
        var area = width * height;
        var values = new float[3 * area];
        picture.ProcessPixelRows(rows =>
        {
            for (var y = 0; y < height; y++)
            {
                var row = rows.GetRowSpan(top + y).Slice(left, width);
                for (var x = 0; x < width; x++)
                {
                    var (pixel, place) = (row[x], y * width + x);
                    values[place] = On(pixel.R, pixel.A);
                    values[area + place] = On(pixel.G, pixel.A);
                    values[2 * area + place] = On(pixel.B, pixel.A);
                }
            }
        });
        return values;

        static float On(byte value, byte alpha) => (255 - (255 - value) * alpha / 255) / 127.5f - 1;
    }

    private (float Probability, float Familiarity) Run(float[] values, int width, int height)
    {
        try
        {
            using var image = OrtValue.CreateTensorValueFromMemory(values, [1, 3, height, width]);
            using var options = new RunOptions();
            using var outputs = _session.Graph.Run(options, [Input], [image], [Probability, Familiarity]);
            return (One(outputs[0]), One(outputs[1]));
        }
        catch (OnnxRuntimeException e)
        {
            throw new ModelException($"The detector failed to run: {e.Message}", e);
        }

        static float One(OrtValue value) => value.GetTensorDataAsSpan<float>() is [var only] && float.IsFinite(only) ? only
            : throw new ModelException("The detector gave no number.");
    }
}
