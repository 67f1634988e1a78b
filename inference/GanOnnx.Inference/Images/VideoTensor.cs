namespace GanOnnx.Inference.Images;

/// <summary>An output <c>[N, T, C, H, W]</c> of a graph that is understood as clips: to what runs it, images of T·C channels.</summary>
internal static class VideoTensor
{
    /// <summary>The clips among a graph's outputs.</summary>
    /// <exception cref="ModelException">There are none, or the file doesn't say how fast they play.</exception>
    public static ImageTensor FindOutput(string path, IReadOnlyList<TensorDescription> outputs, ModelMetadata? metadata)
    {
        if (metadata is null)
            throw Errors.NoVideoMetadata(path);
        var output = outputs.FirstOrDefault(output => output is { Name: "video", Type: "float32" or "float16", Axes.Count: 5 }
            && output.Axes[2].Length is 1 or 3 or 4 && output.Axes[1].Length is > 0 && output.Axes[3].Length is > 0
            && output.Axes[4].Length is > 0 && (long)output.Axes[1].Length!.Value * output.Axes[2].Length!.Value <= int.MaxValue)
            ?? throw Errors.NoVideoOutput(path, outputs);
        return metadata.Video is { IsPossible: true }
            ? new(output, ChannelLayout.First, output.Axes[1].Length * output.Axes[2].Length, output.Axes[3].Length, output.Axes[4].Length)
            : throw Errors.NoFrameRate(path);
    }

    /// <summary>The channels of a frame.</summary>
    public static int? ChannelsOf(ImageTensor clips) => clips.Tensor.Axes[2].Length;
}
