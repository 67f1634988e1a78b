using GanOnnx.Inference.Images;
using GanOnnx.Inference.Runtime;
using Microsoft.ML.OnnxRuntime;

namespace GanOnnx.Inference.Models;

/// <summary>Brings together what a file's metadata says, what its graph shows and what the options add.</summary>
internal static class Contract
{
    /// <summary>What the file says about itself, and its inputs and outputs.</summary>
    public static (ModelMetadata? Metadata, List<TensorDescription> Inputs, List<TensorDescription> Outputs) Read(
        string path, InferenceSession session, string verb, params ModelTask[] expected)
    {
        var metadata = Metadata(path, session);
        if (metadata is not null && !expected.Contains(metadata.Task))
            throw Errors.WrongTask(path, metadata.Task, verb);

        return (metadata,
            [.. session.InputNames.Select(name => Graph.Describe(name, session.InputMetadata[name]))],
            [.. session.OutputNames.Select(name => Graph.Describe(name, session.OutputMetadata[name]))]);
    }

    /// <summary>What the latent, the label and the metadata say against each other.</summary>
    public static void Compare(string path, ModelMetadata metadata, Graph graph)
    {
        if (metadata.Latent is { } latent && graph.Latent?.Axes[1].Length is { } length && latent.Size != length)
            throw Errors.Contradiction(path, $"the latent has {latent.Size} values", $"has {graph.Latent}");
        if (metadata.Classes.Count > 0 && graph.Label is null)
            throw Errors.Contradiction(path, $"there are {metadata.Classes.Count} classes", "has no input label int64 [N]");
    }

    /// <summary>What the values of an image tensor of a known shape mean. Messages name the option.</summary>
    public static PixelCodec Codec(
        string path, ImageTensor image, ModelMetadata? metadata, PixelFormat format, string option, Func<ValueRange?> inferRange)
    {
        var shape = image.Shape!.Value;
        var channels = Channels(path, image, metadata?.Pixels) ?? format.Channels ?? (shape.Channels == 1 ? ChannelOrder.Grey : ChannelOrder.Rgb);
        if (channels == ChannelOrder.Grey != (shape.Channels == 1))
            throw Errors.WrongChannels(path, image.Tensor, channels, option);

        var range = Range(path, image, metadata, format, option) ?? inferRange() ?? throw Errors.UnknownRange(path, image.Tensor, option);
        return new(shape, image.Layout, channels == ChannelOrder.Bgr, range, image.IsBytes);
    }

    /// <summary>Runs a model for the first time; if it is said to have classes, with the last one.</summary>
    public static T Try<T>(string path, int classes, Func<T> run)
    {
        try
        {
            return run();
        }
        catch (OnnxRuntimeException e) when (classes > 0)
        {
            throw Errors.LastClassFails(path, classes, LoadFailure.Reason(e), e);
        }
        catch (OnnxRuntimeException e)
        {
            throw Errors.CantRun(path, LoadFailure.Reason(e), e);
        }
    }

    public static void CheckBatch(string path, Graph graph, ModelOptions options)
    {
        if (graph.FixedBatch is { } size && options.BatchSize is { } asked && asked != size)
            throw Errors.OtherBatch(path, size, asked);
    }

    private static ValueRange? Range(string path, ImageTensor image, ModelMetadata? metadata, PixelFormat format, string option)
    {
        if (metadata?.Pixels is not { } pixels)
            return metadata is not null && !image.IsBytes ? ValueRange.Signed : format.Range ?? (image.IsBytes ? ValueRange.Bytes : null);
        if (!(pixels.Lowest < pixels.Highest))
            throw Errors.InFile(path, Errors.WrongRange(option, pixels.Lowest, pixels.Highest));
        return new(pixels.Lowest, pixels.Highest);
    }

    private static ChannelOrder? Channels(string path, ImageTensor image, PixelDescription? pixels)
    {
        if (pixels is null)
            return null;
        if (image.Channels is { } channels && (pixels.Channels == "grey") != (channels == 1))
            throw Errors.Contradiction(path, $"the channels are {pixels.Channels}", $"makes {image.Tensor}");
        return pixels.Channels switch
        {
            "rgb" => ChannelOrder.Rgb,
            "bgr" => ChannelOrder.Bgr,
            "grey" => ChannelOrder.Grey,
            _ => throw Errors.UnknownChannels(path, pixels.Channels),
        };
    }

    public static ModelMetadata? Metadata(string path, InferenceSession session)
    {
        try
        {
            return ModelMetadata.FromProperties(session.ModelMetadata.CustomMetadataMap);
        }
        catch (ModelException e)
        {
            throw Errors.InFile(path, e);
        }
    }
}
