using GanOnnx.Data;
using GanOnnx.Imaging;
using GanOnnx.Imaging.Resampling;
using GanOnnx.Inference;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanOnnx.Evaluation;

/// <summary>Compares what a model makes of pictures with their targets, one after the other.</summary>
/// <param name="model">What messages call the model.</param>
/// <param name="translator">The model.</param>
/// <param name="pairs">The pictures and their targets.</param>
/// <param name="scale">How many times larger the model makes them where the inputs were made for it; else null.</param>
/// <param name="page">Is shown some of them; null for none.</param>
internal sealed class PairComparison(string model, ImageTranslator translator, PicturePairs pairs, int? scale, PairReport? page)
{
    private readonly List<PictureFigures> _figures = [];
    private readonly List<string> _undecodable = [];
    private TilePlan? _blended;

    /// <summary>Compares one more.</summary>
    /// <exception cref="EvaluationException">It can't be compared.</exception>
    public void Add(int picture, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        var name = pairs.Source.NameOf(picture);
        Image<Rgb24> input, target;
        try
        {
            (input, target) = pairs.Read(picture);
        }
        catch (ImageException)
        {
            _undecodable.Add(name);
            return;
        }
        using (input)
        using (target)
        {
            using var made = Translate(name, input, target, stop);
            using var bicubic = scale is null ? null : Bicubic.Resize(input, target.Width, target.Height);
            _figures.Add(new(name, target.Width, target.Height, Compare(made, target, stop),
                bicubic is null ? null : Compare(bicubic, target, stop)));
            page?.Show(_figures[^1], input, made, bicubic, target);
        }
    }

    /// <summary>What came out.</summary>
    /// <exception cref="EvaluationException">Nothing did.</exception>
    public PairEvaluationResult Result(PairEvaluationOptions options) => _figures.Count == 0
        ? throw new EvaluationException($"'{options.Data}' has no picture that can be decoded{(scale is null ? ", with its target" : "")}.")
        : new()
        {
            Model = model,
            ModelSha256 = translator.Model.Sha256,
            Data = pairs.Source.Name,
            Target = options.Target,
            Scale = scale,
            Pictures = _figures,
            Mean = Mean([.. _figures.Select(picture => picture.Model)]),
            BicubicMean = scale is null ? null : Mean([.. _figures.Select(picture => picture.Bicubic!)]),
            Remarks = [.. Remarks()],
        };

    private Image<Rgb24> Translate(string name, Image<Rgb24> input, Image<Rgb24> target, CancellationToken stop)
    {
        // Before the model runs.
        var plan = translator.PlanFor(translator.Channels ?? 3, input.Height, input.Width);
        if ((plan.Width, plan.Height) != (target.Width, target.Height))
            throw new EvaluationException($"'{model}' makes {new PictureSize(plan.Width, plan.Height)} pixels of '{name}', and its target has "
                + $"{new PictureSize(target.Width, target.Height)}. Give targets of the size that the model makes.");
        if (plan is { IsExact: false, Tiles: > 1 })
            _blended ??= plan;
        var made = translator.Translate([input], cancellation: stop)[0];
        if (made is Image<L8> && scale is null && IsColoured(target))
        {
            made.Dispose();
            throw new EvaluationException($"'{model}' makes grey pictures, and the target of '{name}' is in colour. Give grey targets.");
        }
        return PicturePairs.Coloured(made);
    }

    private PictureSimilarity Compare(Image<Rgb24> made, Image<Rgb24> target, CancellationToken stop)
    {
        var (luma, targetLuma) = (Plane.OfLuma(made, scale ?? 0), Plane.OfLuma(target, scale ?? 0));
        var ssim = Similarity.Ssim(luma, targetLuma, stop);
        if (scale is not null)
            return new(null, Similarity.Psnr(luma, targetLuma), ssim);
        var (colours, targetColours) = (Plane.OfColours(made), Plane.OfColours(target));
        return new(Similarity.L1(colours, targetColours), Similarity.Psnr(colours, targetColours), ssim);
    }

    private static PictureSimilarity Mean(IReadOnlyList<PictureSimilarity> all) =>
        new(all.Average(one => one.L1), all.Average(one => one.Psnr), all.Average(one => one.Ssim));

    private static bool IsColoured(Image<Rgb24> picture)
    {
        var values = Plane.OfColours(picture).Values;
        for (var i = 0; i < values.Length; i += 3)
            if (values[i] != values[i + 1] || values[i] != values[i + 2])
                return true;
        return false;
    }

    private IEnumerable<string> Remarks()
    {
        if (scale is not null)
        {
            yield return $"The inputs are the pictures made {scale} times smaller as MATLAB's imresize does it: bicubic, antialiased, rounded "
                + "to bytes.";
            yield return $"PSNR (dB) and SSIM are of the luma (BT.601, 16 to 235, rounded), without {scale} pixels at each side, as is usual "
                + "for super-resolution. A grey picture has three equal channels.";
        }
        else
            yield return "L1 and PSNR (dB) are of red, green and blue, SSIM is of the luma (BT.601, 16 to 235).";
        if (_figures.Exists(picture => picture.Model.Ssim is null))
            yield return $"Below {Similarity.Window} pixels{(scale is null ? "" : " that are compared")} at a side there is no SSIM.";
        if (_figures.Exists(picture => double.IsInfinity(picture.Model.Psnr)))
            yield return "A PSNR is infinite where a picture is its target to the byte, and so is the mean then.";
        if (_blended is { } plan)
            yield return $"Tiles of {new PictureSize(plan.TileWidth, plan.TileHeight)} pixels were blended: a pixel of this model's pictures "
                + "depends on more than a tile, so it may differ from what the whole picture would give.";
        if (_undecodable.Count > 0)
            yield return _undecodable.Count == 1 ? $"One picture can't be decoded and is left out: {_undecodable[0]}."
                : $"{_undecodable.Count} pictures can't be decoded and are left out: {_undecodable[0]}, ….";
        foreach (var files in (pairs.Source as IDescribed)?.LeftOut.Reasons ?? [])
            yield return $"Left out are {files}.";
    }
}
