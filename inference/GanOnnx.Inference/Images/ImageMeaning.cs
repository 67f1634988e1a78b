using GanOnnx.Inference.Runtime;

namespace GanOnnx.Inference.Images;

/// <summary>
/// Decides what the values of a model's images mean, their range and the order of their channels: what the file says is believed, then
/// what the options say, then what the graph shows. Library, command line and ML.NET's columns all ask here.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="metadata">What it says about itself.</param>
/// <param name="format">What the options say.</param>
/// <param name="option">What messages call each of them.</param>
internal sealed class ImageMeaning(string path, ModelMetadata? metadata, PixelFormat format, Func<string, string> option)
{
    /// <summary>The form of images of a known shape.</summary>
    /// <param name="image">The tensor.</param>
    /// <param name="inferRange">Finds the range where nobody says it; null if it can't.</param>
    /// <exception cref="ModelException">Nobody says the range, or what is said contradicts the tensor.</exception>
    public ImageForm FormOf(ImageTensor image, Func<ValueRange?>? inferRange = null)
    {
        var shape = image.Shape!.Value;
        var channels = ToldChannels(image) ?? format.Channels ?? (shape.Channels == 1 ? ChannelOrder.Grey : ChannelOrder.Rgb);
        if (channels == ChannelOrder.Grey != (shape.Channels == 1))
            throw Errors.WrongChannels(path, image.Tensor, channels, option);

        var range = RangeOf(image) ?? inferRange?.Invoke() ?? throw Errors.UnknownRange(path, image.Tensor, option);
        return new(shape, image.Layout, channels == ChannelOrder.Bgr, range, image.Tensor.ElementType()!.Value);
    }

    /// <summary>The values of black and white; null where nobody says them.</summary>
    /// <exception cref="ModelException">The metadata has the lower one last.</exception>
    public ValueRange? RangeOf(ImageTensor image)
    {
        if (metadata?.Pixels is not { } pixels)
            return metadata is not null && !image.IsBytes ? ValueRange.Signed : format.Range ?? (image.IsBytes ? ValueRange.Bytes : null);
        if (!(pixels.Lowest < pixels.Highest))
            throw Errors.WrongRange(path, pixels);
        return new(pixels.Lowest, pixels.Highest);
    }

    private ChannelOrder? ToldChannels(ImageTensor image)
    {
        if (metadata?.Pixels is not { } pixels)
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
}
