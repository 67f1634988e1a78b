using GanOnnx.Inference;
using GanOnnx.Inference.Images;
using GanOnnx.Inference.Models;
using GanOnnx.Inference.Runtime;
using GanOnnx.ML.Models;
using GanOnnx.ML.Saving;
using GanOnnx.ML.Tensors;
using Microsoft.ML.Data;

namespace GanOnnx.ML.Translating;

/// <summary>Loads graphs from image to image.</summary>
internal static class TranslatedImages
{
    /// <summary>One input and one output of four axes.</summary>
    public static TensorModel Load(string path, string output, string input, ImageOptions options, ContextDevice context)
    {
        options.Check();
        path = ModelFile.Find(path);
        return TensorModels.Open(path, options, context, session =>
        {
            var (from, to) = Images(path, session, input, output, options.Pixels);
            if (to.Type == NumberDataViewType.Byte && options.Pixels == PixelType.Single)
                throw Errors.MakesBytes(path, to.Tensor);
            return new(path, session, [from], [to], TensorModels.Size(session, [from, to], options, context),
                (model, schema) => SavedModels.DescribeImages(model, options, schema))
            {
                Parallelism = context.Parallelism(options, session.Provider),
            };
        });
    }

    private static (TensorColumn From, TensorColumn To) Images(string path, Session session, string input, string output, PixelType pixels)
    {
        var metadata = ModelContract.Metadata(path, session.Graph);
        if (metadata?.Task is ModelTask.Generate or ModelTask.Score)
            throw Errors.WrongTask(path, metadata.Task);
        var inputs = session.Graph.Inputs().Select(tensor => TensorColumn.Create(path, tensor, input)).ToList();
        var outputs = session.Graph.Outputs().Select(tensor => TensorColumn.Create(path, tensor, output)).ToList();
        if (inputs is not [{ Axes.Length: 4 } taken] || outputs.Find(o => o.Axes.Length == 4) is not { } made)
            throw Errors.NotImageToImage(path, inputs.Select(i => i.Tensor), outputs.Select(o => o.Tensor));

        var (source, image) = (Recognise(path, taken), Recognise(path, made));
        if (made.Type == NumberDataViewType.Single && Meaning(path, metadata, made).RangeOf(image) is { } range
            && range != ValueRange.Signed)
            throw Errors.OtherRange(path, range.Lowest, range.Highest);
        // The metadata's channels have never counted here.
        return (taken with { Image = Meaning(path, null, taken).FormOf(source.OfSomeSize()) },
            made with { Image = Meaning(path, null, made).FormOf(image.OfSomeSize()), Pixels = pixels });
    }

    private static ImageTensor Recognise(string path, TensorColumn image) =>
        ImageTensor.OfFourAxes(image.Tensor, TakenForGranted(image).Layout)
            ?? throw Errors.OtherLayout(path, image.Tensor, image.Type == NumberDataViewType.Byte ? "[N, H, W, C]" : "[N, C, H, W]");

    private static ImageMeaning Meaning(string path, ModelMetadata? metadata, TensorColumn image) =>
        new(path, metadata, TakenForGranted(image), nameof(GenerateImagesOptions.Format));

    // What these columns take for granted where ImageTranslator looks, and asks.
    private static PixelFormat TakenForGranted(TensorColumn image) => image.Type == NumberDataViewType.Byte
        ? new() { Layout = ChannelLayout.Last, Range = ValueRange.Bytes }
        : new() { Layout = ChannelLayout.First, Range = ValueRange.Signed };
}
