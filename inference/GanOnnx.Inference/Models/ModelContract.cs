using GanOnnx.Inference.Runtime;
using Microsoft.ML.OnnxRuntime;

namespace GanOnnx.Inference.Models;

/// <summary>What a file says about itself, and whether it is of the kind that is wanted.</summary>
internal static class ModelContract
{
    /// <summary>The file's metadata; null for a file made by others.</summary>
    /// <exception cref="ModelException">They can't be read.</exception>
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

    /// <inheritdoc cref="Metadata(string, InferenceSession)"/>
    /// <exception cref="ModelException">They can't be read, or the model is for another task.</exception>
    public static ModelMetadata? Metadata(string path, InferenceSession session, string verb, params ModelTask[] expected)
    {
        var metadata = Metadata(path, session);
        return metadata is null || expected.Contains(metadata.Task) ? metadata : throw Errors.WrongTask(path, metadata.Task, verb);
    }

    /// <summary>Compares the options with a batch that the graph fixes.</summary>
    /// <exception cref="ModelException">They ask for another one.</exception>
    public static void CheckBatch(string path, int? fixedBatch, ModelOptions options)
    {
        if (fixedBatch is { } size && options.BatchSize is { } asked && asked != size)
            throw Errors.OtherBatch(path, size, asked, options);
    }

    /// <summary>Runs a model for the first time; if it is said to have classes, with the last one.</summary>
    public static T Try<T>(string path, int classes, RunLimit limit, ModelOptions options, Func<T> run)
    {
        try
        {
            return run();
        }
        catch (Exception e) when (e is OverflowException or OutOfMemoryException)
        {
            throw Errors.TooLarge(path, e);
        }
        catch (OnnxRuntimeException e) when (limit.IsOverdue)
        {
            throw Errors.RunTakesTooLong(path, options.Timeout, options.Called, e);
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
}

/// <summary>Which generators are wanted.</summary>
/// <param name="Verb">What they do, to be read after <c>to</c>.</param>
/// <param name="Tasks">The tasks that their files have.</param>
internal sealed record GeneratorKind(string Verb, params ModelTask[] Tasks)
{
    /// <summary>Generators of images, whoever made them.</summary>
    public static GeneratorKind Images { get; } = new("generate", ModelTask.Generate, ModelTask.TextToImage);

    /// <summary>Generators of sounds, which say so.</summary>
    public static GeneratorKind Sounds { get; } = new("make sounds", ModelTask.Sound);

    /// <summary>Those that a file is one of, by what it says; of images where it says nothing of it.</summary>
    public static GeneratorKind Of(ModelTask? task) => task switch
    {
        ModelTask.Sound => Sounds,
        ModelTask.Video => Clips,
        _ => Images,
    };

    /// <summary>Generators of clips, which say so.</summary>
    public static GeneratorKind Clips { get; } = new("make clips", ModelTask.Video);
}
