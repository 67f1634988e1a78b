using Microsoft.ML;
using Microsoft.ML.Trainers;

namespace AugmentClass;

/// <summary>A classifier of images by ML.NET alone: any of its apps loads what is saved.</summary>
internal static class ImageClassification
{
    /// <summary>Trains it on rows with a <c>Label</c> and an <c>Image</c>.</summary>
    public static ITransformer Train(MLContext context, IDataView rows) => context.Transforms.Conversion.MapValueToKey("Class", "Label")
        .AppendCacheCheckpoint(context) // the trainer goes over them many times
        .Append(context.MulticlassClassification.Trainers.SdcaMaximumEntropy(new SdcaMaximumEntropyMulticlassTrainer.Options
        {
            LabelColumnName = "Class",
            FeatureColumnName = "Image",
            NumberOfThreads = 1, // the same numbers each time
            MaximumNumberOfIterations = 10,
        }))
        .Append(context.Transforms.Conversion.MapKeyToValue("Recognised", "PredictedLabel"))
        .Fit(rows);

    /// <summary>What it takes each image for.</summary>
    public static string[] Recognise(MLContext context, ITransformer classifier, IDataView rows) =>
        [.. context.Data.CreateEnumerable<Prediction>(classifier.Transform(rows), reuseRowObject: true).Select(row => row.Recognised)];

    private sealed class Prediction
    {
        public string Recognised { get; set; } = "";
    }
}
