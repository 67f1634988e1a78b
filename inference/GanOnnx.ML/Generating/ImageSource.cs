using GanOnnx.Inference;
using GanOnnx.ML.Models;

namespace GanOnnx.ML.Generating;

/// <summary>Makes the data whose rows are the images of one seed.</summary>
internal static class ImageSource
{
    private const string Image = "Image";

    public static GeneratedImages Create(
        string path, long count, ulong seed, IReadOnlyList<string>? labels, GenerateImagesOptions options, ContextDevice context)
    {
        // Which columns there are depends on whether the model, which isn't known yet, is conditional.
        var model = GenerateImagesModel.Load(path, new(Image, SampleView.Index, null, seed), options, context);
        try
        {
            var names = Labels(model.Generator.Model, seed, labels);
            var labelled = names is null ? model : model.WithLabel(SampleView.Label);
            return new(labelled, new SampleView(count, model.BatchSize, names));
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private static Func<ulong, string>? Labels(ModelDescription model, ulong seed, IReadOnlyList<string>? labels)
    {
        if (labels is { Count: > 0 })
        {
            string[] asked = [.. labels.Select(label => Name(model, model.FindLabel(label)))];
            return index => asked[index % (ulong)asked.Length];
        }

        if (!model.IsConditional)
            return null;
        if (model.Classes.Count == 0)
            throw Errors.UnknownClasses(model.Path);
        return index => model.Classes[LatentSampler.Label(seed, index, model.Classes.Count)];
    }

    private static string Name(ModelDescription model, int label) =>
        label < model.Classes.Count ? model.Classes[label] : label.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
