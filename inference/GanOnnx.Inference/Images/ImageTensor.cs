namespace GanOnnx.Inference.Images;

/// <summary>
/// An input or output of a graph that is understood as images: where its axes are, and the lengths it fixes. Here it is decided which
/// layout a tensor has; <see cref="ImageMeaning"/> decides what its values mean.
/// </summary>
internal sealed record ImageTensor(TensorDescription Tensor, ChannelLayout Layout, int? Channels, int? Height, int? Width)
{
    public bool IsBytes => Tensor.Type == "uint8";

    /// <summary>The shape of one image, or null where the graph leaves some of it open.</summary>
    public ImageShape? Shape => (Channels, Height, Width) is ({ } c, { } h, { } w) ? new(c, h, w) : null;

    /// <summary>
    /// The images among a graph's inputs or outputs: the tensor called image, else the one with most axes, for an intermediate result may
    /// be an output as well. Null if none is understood.
    /// </summary>
    public static ImageTensor? Find(IReadOnlyList<TensorDescription> tensors, PixelFormat format) =>
        tensors.OrderByDescending(t => t.Name == "image").ThenByDescending(t => t.Axes.Count)
            .Select(t => Recognise(t, format)).OfType<ImageTensor>().OrderBy(image => image.Channels == 4).FirstOrDefault();

    /// <summary>The images among a graph's outputs. Messages name the option.</summary>
    /// <exception cref="ModelException">There are none.</exception>
    public static ImageTensor FindOutput(string path, IReadOnlyList<TensorDescription> outputs, PixelFormat format,
        Func<string, string> option) =>
        Find(outputs, format) ?? throw (outputs.FirstOrDefault(IsFlat) is { } flat && !outputs.Any(t => t.Axes.Count > 3)
            ? Errors.UnknownShape(path, flat, format.Shape, option)
            : format.Shape is { } shape ? Errors.OtherShape(path, outputs, shape, option) : Errors.NoImageOutput(path, outputs));

    /// <summary>The images that are a graph's only input. Messages name the option.</summary>
    /// <exception cref="ModelException">There are none, or other inputs as well.</exception>
    public static ImageTensor FindInput(string path, IReadOnlyList<TensorDescription> inputs, PixelFormat format,
        Func<string, string> option)
    {
        if (inputs is [var only] && Recognise(only, format) is { } image)
            return image;
        throw inputs is [var flat] && IsFlat(flat)
            ? Errors.UnknownShape(path, flat, format.Shape, option)
            : Errors.NoImageInput(path, inputs);
    }

    /// <summary>
    /// Float32, float16 or uint8 with the axes <c>[N, C, H, W]</c>, <c>[N, H, W, C]</c>, <c>[N, H, W]</c> (grey, where it can't be a
    /// sequence), or any other if the format gives a shape that fits; else null.
    /// </summary>
    public static ImageTensor? Recognise(TensorDescription tensor, PixelFormat format)
    {
        if (tensor.Type is not ("float32" or "float16" or "uint8") || tensor.Axes.Count < 2)
            return null;

        var lengths = tensor.Axes.Skip(1).Select(axis => axis.Length).ToArray();
        var image = lengths switch
        {
            [_, _, _] => OfFourAxes(tensor, format.Layout),
            [var height, var width] when tensor.Name == "image" || (height is not null && height == width) || format.Layout is not null =>
                new(tensor, ChannelLayout.First, 1, height, width),
            _ => null,
        };
        if (format.Shape is not { } shape)
            return image;
        if (image is null)
            return Fits(lengths, shape) ? new(tensor, format.Layout ?? ChannelLayout.First, shape.Channels, shape.Height, shape.Width)
                : null;
        return (image.Channels ?? shape.Channels, image.Height ?? shape.Height, image.Width ?? shape.Width) == (shape.Channels,
            shape.Height, shape.Width)
            ? image with { Channels = shape.Channels, Height = shape.Height, Width = shape.Width }
            : null;
    }

    /// <summary>A tensor of four axes with the channels where somebody says, else where they can be; null if they can't be there.</summary>
    public static ImageTensor? OfFourAxes(TensorDescription tensor, ChannelLayout? asked)
    {
        var (a, b, c) = (tensor.Axes[1].Length, tensor.Axes[2].Length, tensor.Axes[3].Length);
        if ((asked ?? LayoutOf(tensor, a, c)) is not { } layout)
            return null;

        var (channels, height, width) = layout == ChannelLayout.First ? (a, b, c) : (c, a, b);
        return channels is null or 1 or 3 || (channels == 4 && height is null or > 4 && width is null or > 4)
            ? new(tensor, layout, channels, height, width) : null;
    }

    /// <summary>The same with the lengths it turns out to have; null where the graph doesn't show which axis the channels are: a height of
    /// 3 or 4 would be taken for them.</summary>
    public ImageTensor? Lengths(IReadOnlyList<TensorAxis> axes)
    {
        if (Channels is null || Tensor.Axes.Count != 4 || axes.Count != 4)
            return (Height == 1 || Tensor.Axes.Count == 5) && axes.Select(axis => axis.Length).Skip(1).SequenceEqual(Tensor.Axes.Select(axis => axis.Length).Skip(1))
                ? this : null; // those of sounds and clips are known
        var (channels, height, width) = Layout == ChannelLayout.First ? (axes[1], axes[2], axes[3]) : (axes[3], axes[1], axes[2]);
        return channels.Length == Channels
            ? this with { Tensor = Tensor with { Axes = axes }, Height = height.Length, Width = width.Length } : null;
    }

    /// <summary>The same with some length for each that is open, to ask what the values mean.</summary>
    public ImageTensor OfSomeSize() => this with { Channels = Channels ?? 3, Height = Height ?? 1, Width = Width ?? 1 };

    // Whether the tensor would be images if somebody said of which shape.
    private static bool IsFlat(TensorDescription tensor) => tensor is { Type: "float32" or "float16" or "uint8", Axes.Count: 2 or 3 };

    private static ChannelLayout? LayoutOf(TensorDescription tensor, int? first, int? last)
    {
        ChannelLayout[] layouts = tensor.Type == "uint8" ? [ChannelLayout.Last, ChannelLayout.First]
            : [ChannelLayout.First, ChannelLayout.Last];
        // A 4 may be a small height or width as well as the channels of transparent images.
        foreach (var canBe in (Predicate<int?>[])[channels => channels is 1 or 3, channels => channels is 4, channels => channels is null])
            foreach (var layout in layouts)
                if (canBe(layout == ChannelLayout.First ? first : last))
                    return layout;
        return null;
    }

    private static bool Fits(int?[] lengths, ImageShape shape) =>
        lengths.Contains(null) || lengths.Aggregate(1L, (product, length) => product * length!.Value) == shape.Length;
}
