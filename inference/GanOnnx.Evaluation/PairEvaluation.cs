using GanOnnx.Data;
using GanOnnx.Imaging;
using GanOnnx.Imaging.Resampling;
using GanOnnx.Inference;
using GanOnnx.Inference.Runtime;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanOnnx.Evaluation;

/// <summary>
/// Tells how near the pictures that a model makes of pictures come to those that it should make. With targets, by L1 and PSNR of red, green
/// and blue and SSIM of the luma; a model that enlarges also without, as super-resolution is measured: by PSNR and SSIM of the luma,
/// beside bicubic enlarging.
/// </summary>
public static class PairEvaluation
{
    private const int Tried = 64;

    /// <summary>Evaluates: one picture after the other, each at its own size, in tiles where it is large.</summary>
    /// <param name="options">What, with what.</param>
    /// <param name="progress">Is told how many pictures are done, and how many there are; null for nobody.</param>
    /// <param name="stop">Ends the run under way.</param>
    /// <exception cref="EvaluationException">There is nothing to compare, or what the model makes can't be compared with it.</exception>
    /// <exception cref="DataException">A source can't be read, or a picture has no partner.</exception>
    /// <exception cref="ModelException">The model can't be loaded or run.</exception>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    public static PairEvaluationResult Run(PairEvaluationOptions options, Action<long, long>? progress = null,
        CancellationToken stop = default) => Run(options, report: null, progress, stop);

    /// <summary>As <see cref="Run(PairEvaluationOptions, Action{long, long}?, CancellationToken)"/>, with a page to look at: the figures, and
    /// some of the pictures beside their targets.</summary>
    /// <param name="options">What, with what.</param>
    /// <param name="report">The .html file; one of ours is replaced. Null for none.</param>
    /// <param name="progress">Is told how many pictures are done, and how many there are; null for nobody.</param>
    /// <param name="stop">Ends the run under way.</param>
    /// <exception cref="IOException">The page can't be written there.</exception>
    public static PairEvaluationResult Run(PairEvaluationOptions options, string? report, Action<long, long>? progress = null,
        CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Count < 1)
            throw new EvaluationException($"{options.Count} pictures are too few: 1 is needed at least.");
        var page = report is null ? null : PairReport.For(report);
        using var translator = ImageTranslator.Load(options.Model, options.Translator, stop);
        if (translator.Model.Channels == 4)
            throw new EvaluationException($"'{Name(options)}' makes transparent pictures; grey or coloured ones can be compared.");
        int? scale = options.Target is not null ? null : ScaleOf(translator)
            ?? throw new EvaluationException($"'{Name(options)}' doesn't enlarge pictures by a whole number, so that nothing is known of what it "
                + "should make. Give targets: pictures of the same names.");
        using var pairs = scale is { } times ? PicturePairs.OfSmaller(options.Data, times, options.Split, stop)
            : PicturePairs.OfTargets(options.Data, options.Target!, options.Split, stop);
        var comparison = new PairComparison(Name(options), translator, pairs, scale, page);
        var chosen = RealImages.Spread(pairs.Source.Count, Math.Min(options.Count, pairs.Source.Count));
        for (var i = 0; i < chosen.Length; i++)
        {
            comparison.Add(chosen[i], stop);
            progress?.Invoke(i + 1, chosen.Length);
        }
        var result = comparison.Result(options);
        page?.Write(result);
        return result;
    }

    /// <summary>Whether a path is that of a model that makes pictures of pictures, by what its file says of itself, else by its
    /// input.</summary>
    /// <param name="path">Anything: what is no model isn't one.</param>
    /// <param name="stop">Stops reading.</param>
    /// <exception cref="ModelException">It is a model's, and can't be read.</exception>
    internal static bool IsFor(string path, CancellationToken stop)
    {
        if (!Subject.IsModel(path))
            return false;
        var content = ModelContent.Read(ModelFile.Find(path), stop);
        try
        {
            return ModelMetadata.FromProperties(content.Metadata) is { } metadata
                ? metadata.Task is ModelTask.Translate or ModelTask.Upscale
                // A latent may have four axes too, the last two of length 1.
                : content.Inputs() is [{ Axes: [_, _, { Length: not 1 }, _] }] or [{ Name: "image", Axes.Count: 3 }];
        }
        catch (ModelException)
        {
            // Loading says what is wrong with what the file says of itself.
            return false;
        }
    }

    private static string Name(PairEvaluationOptions options) => options.ModelName ?? options.Model;

    // How many times larger the model makes pictures; null where it doesn't, or not evenly.
    private static int? ScaleOf(ImageTranslator translator)
    {
        var source = translator.Loaded.Source;
        var (height, width) = (source.Height ?? Tried, source.Width ?? Tried);
        var plan = translator.PlanFor(source.Channels ?? 3, height, width);
        var scale = plan.Height / height;
        return scale > 1 && (plan.Height, plan.Width) == (scale * height, scale * width) ? scale : null;
    }
}
