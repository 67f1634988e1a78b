using GanOnnx.Inference.Runtime;

namespace GanOnnx.Inference.Images;

/// <summary>An output <c>[N, C, S]</c> of a graph that is understood as sounds: to what runs it, images of height 1.</summary>
internal static class SoundTensor
{
    /// <summary>The sounds among a graph's outputs.</summary>
    /// <exception cref="ModelException">There are none, or the file doesn't say their rate.</exception>
    public static ImageTensor FindOutput(string path, IReadOnlyList<TensorDescription> outputs, ModelMetadata? metadata)
    {
        if (metadata is null)
            throw Errors.NoSoundMetadata(path);
        var output = outputs.FirstOrDefault(output => output is { Name: "audio", Type: "float32" or "float16", Axes.Count: 3 }
            && output.Axes[1].Length is 1 or 2 && output.Axes[2].Length is > 0) ?? throw Errors.NoSoundOutput(path, outputs);
        return metadata.Audio is { IsPossible: true } ? new(output, ChannelLayout.First, output.Axes[1].Length, 1, output.Axes[2].Length)
            : throw Errors.NoRate(path);
    }
}
