using Microsoft.ML.OnnxRuntime;

namespace GanOnnx.Inference.Internals;

/// <summary>Brings together what a file's metadata says, what its graph shows and what the options add.</summary>
internal static class Contract
{
    public static (ModelDescription Model, Graph Graph) Read(string path, InferenceSession session, ImageGeneratorOptions options)
    {
        var metadata = Metadata(path, session);
        var inputs = session.InputNames.Select(name => Graph.Describe(name, session.InputMetadata[name])).ToList();
        var outputs = session.OutputNames.Select(name => Graph.Describe(name, session.OutputMetadata[name])).ToList();
        if (metadata is not null && metadata.Task != ModelTask.Generate)
            throw Errors.WrongTask(path, metadata.Task);

        var graph = Graph.Recognise(path, inputs, outputs);
        if (metadata is not null)
            Compare(path, metadata, graph);

        var classes = metadata?.Classes is { Count: > 0 } named ? named : options.Classes;
        var model = new ModelDescription(path)
        {
            Inputs = inputs,
            Outputs = outputs,
            Metadata = metadata,
            LatentSize = graph.Latent.Axes[1].Length ?? metadata?.Latent?.Size
                ?? throw Errors.UnknownLatentSize(path, graph.Latent),
            LatentDistribution = metadata?.Latent?.Distribution ?? options.Latent,
            IsConditional = graph.Label is not null,
            HasTruncation = graph.Truncation is not null,
            Classes = graph.Label is null ? [] : classes,
            Channels = graph.Channels.Length,
            Height = graph.Height.Length,
            Width = graph.Width.Length,
        };
        return (model, graph);
    }

    /// <summary>
    /// The shape of an image. Where the graph leaves it open, or there are classes whose last one may not exist, one image
    /// is made to see.
    /// </summary>
    public static (int C, int H, int W) ImageShape(ModelDescription model, Runner runner)
    {
        if (model is { Classes.Count: 0, Channels: { } channels, Height: { } height, Width: { } width })
            return (channels, height, width);

        try
        {
            return runner.Probe(Math.Max(0, model.Classes.Count - 1));
        }
        catch (OnnxRuntimeException e) when (model.Classes.Count > 0)
        {
            throw Errors.LastClassFails(model.Path, model.Classes.Count, LoadFailure.Reason(e), e);
        }
        catch (OnnxRuntimeException e)
        {
            throw Errors.CantRun(model.Path, LoadFailure.Reason(e), e);
        }
    }

    private static ModelMetadata? Metadata(string path, InferenceSession session)
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

    private static void Compare(string path, ModelMetadata metadata, Graph graph)
    {
        if (metadata.Latent is { } latent && graph.Latent.Axes[1].Length is { } length && latent.Size != length)
            throw Errors.Contradiction(path, $"the latent has {latent.Size} values", $"has {graph.Latent}");
        if (metadata.Classes.Count > 0 && graph.Label is null)
            throw Errors.Contradiction(path, $"there are {metadata.Classes.Count} classes", "has no input label int64 [N]");
        if (metadata.Pixels is not { } pixels)
            return;
        (float, float) range = graph.MakesBytes ? (0, 255) : (-1, 1);
        if ((pixels.Lowest, pixels.Highest) != range)
            throw Errors.WrongRange(path, pixels, range);
        if (graph.Channels.Length is { } channels && pixels.Channels != (channels == 1 ? "grey" : "rgb"))
            throw Errors.Contradiction(path, $"the channels are {pixels.Channels}", $"makes {graph.Image}");
    }
}
