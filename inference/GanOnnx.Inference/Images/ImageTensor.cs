namespace GanOnnx.Inference.Images;

/// <summary>An input or output of a graph that is understood as images: where its axes are, and the lengths it fixes.</summary>
internal sealed record ImageTensor(TensorDescription Tensor, ChannelLayout Layout, int? Channels, int? Height, int? Width)
{
    public bool IsBytes => Tensor.Type == "uint8";

    /// <summary>The shape of one image, or null where the graph leaves some of it open.</summary>
    public ImageShape? Shape => (Channels, Height, Width) is ({ } c, { } h, { } w) ? new(c, h, w) : null;

    /// <summary>
    /// Float32 or uint8 with the axes <c>[N, C, H, W]</c>, <c>[N, H, W, C]</c>, <c>[N, H, W]</c> (grey), or any other if
    /// the format gives a shape that fits; else null.
    /// </summary>
    public static ImageTensor? Recognise(TensorDescription tensor, PixelFormat format)
    {
        if (tensor.Type is not ("float32" or "uint8") || tensor.Axes.Count < 2)
            return null;

        var lengths = tensor.Axes.Skip(1).Select(axis => axis.Length).ToArray();
        var image = lengths switch
        {
            [var a, var b, var c] => FromThree(tensor, format.Layout, a, b, c),
            [var height, var width] => new(tensor, ChannelLayout.First, 1, height, width),
            _ => null,
        };
        if (format.Shape is not { } shape)
            return image;
        if (image is null)
            return Fits(lengths, shape) ? new(tensor, format.Layout ?? ChannelLayout.First, shape.Channels, shape.Height, shape.Width) : null;
        return (image.Channels ?? shape.Channels, image.Height ?? shape.Height, image.Width ?? shape.Width) == (shape.Channels, shape.Height, shape.Width)
            ? image with { Channels = shape.Channels, Height = shape.Height, Width = shape.Width }
            : null;
    }

    /// <summary>Whether the tensor would be images if somebody said of which shape.</summary>
    public static bool IsFlat(TensorDescription tensor) => tensor is { Type: "float32" or "uint8", Axes.Count: 2 };

    private static ImageTensor? FromThree(TensorDescription tensor, ChannelLayout? asked, int? a, int? b, int? c)
    {
        if ((asked ?? LayoutOf(tensor, a, c)) is not { } layout)
            return null;

        var (channels, height, width) = layout == ChannelLayout.First ? (a, b, c) : (c, a, b);
        return channels is null or 1 or 3 ? new(tensor, layout, channels, height, width) : null;
    }

    private static ChannelLayout? LayoutOf(TensorDescription tensor, int? first, int? last)
    {
        ChannelLayout[] layouts = tensor.Type == "uint8" ? [ChannelLayout.Last, ChannelLayout.First] : [ChannelLayout.First, ChannelLayout.Last];
        foreach (var open in (bool[])[false, true])
            foreach (var layout in layouts)
                if ((layout == ChannelLayout.First ? first : last) is var channels && (open ? channels is null : channels is 1 or 3))
                    return layout;
        return null;
    }

    private static bool Fits(int?[] lengths, ImageShape shape) =>
        lengths.Contains(null) || lengths.Aggregate(1L, (product, length) => product * length!.Value) == shape.Length;
}
