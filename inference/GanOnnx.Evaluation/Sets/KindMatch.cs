using GanOnnx.Data;
using GanOnnx.Imaging;
using GanOnnx.Inference;

namespace GanOnnx.Evaluation;

/// <summary>Whether a model's images and the real ones are of one kind, before any is decoded for good.</summary>
internal static class KindMatch
{
    // Grey pictures that were saved with color, as JPEG, differ by a little.
    private const int LooksGrey = 8, Looked = 32;

    // 28 pixels are commonly trained on at 32; what is enlarged by more looks like no picture of that size.
    private const double MostEnlarged = 1.25;

    /// <exception cref="EvaluationMismatchException">They aren't, and the options don't allow it.</exception>
    public static void Check(EvaluationOptions options, ModelDescription model, IImageSource images)
    {
        string[] found = [.. Differences(model, images)];
        if (found.Length > 0 && !options.AllowMismatch)
            throw new EvaluationMismatchException($"'{options.SubjectName ?? model.Path}' and '{options.Data}' don't fit each other: {string.Join("; ", found)}.");
    }

    private static IEnumerable<string> Differences(ModelDescription model, IImageSource images)
    {
        // Grey pictures in a folder are trained on as those in color, unless it is said otherwise.
        if (model.Channels == 3 && images.Channels == 1)
            yield return "the model makes color images, and the real ones are grey";
        if (model.Channels == 1 && HasColor(images, model.Width!.Value))
            yield return "the model makes grey images, and the real ones have colors";
        if ((images as IDescribed)?.Sizes is { Largest: var largest }
            && Math.Min(largest.Width, largest.Height) * MostEnlarged < model.Width)
            yield return $"the model makes images of {model.Width} × {model.Height} pixels, and the largest real one has {largest}";
        if (!model.IsConditional || model.Classes.Count == 0 || ClassMatch.AreNumbered(model.Classes, images.Classes))
            yield break;
        if (Others(model.Classes, images.Classes) is { Length: > 0 } unknown)
            yield return $"the real images have no class {Listed(unknown)}, which the model makes";
        if (Others(images.Classes, model.Classes) is { Length: > 0 } missing)
            yield return $"the model makes no class {Listed(missing)}, which the real images have";
    }

    private static bool HasColor(IImageSource images, int size)
    {
        var looked = Math.Min(Looked, images.Count);
        for (var i = 0; i < looked; i++)
            try
            {
                if (HasColor(images.Read((int)((long)i * images.Count / looked), size, channels: 3)))
                    return true;
            }
            catch (ImageException)
            {
                // Decoding tells it, by its name.
            }
        return false;
    }

    private static bool HasColor(byte[] pixels)
    {
        for (var i = 0; i < pixels.Length; i += 3)
            if (Math.Abs(pixels[i] - pixels[i + 1]) > LooksGrey || Math.Abs(pixels[i + 1] - pixels[i + 2]) > LooksGrey)
                return true;
        return false;
    }

    private static string[] Others(IReadOnlyList<string> names, IReadOnlyList<string> known) =>
        [.. names.Where(name => !known.Contains(name, StringComparer.OrdinalIgnoreCase))];

    private static string Listed(string[] names) =>
        string.Join(", ", names.Take(3).Select(name => $"'{name}'")) + (names.Length > 3 ? $" and {names.Length - 3} more" : "");
}
