using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GanOnnx.Training.Networks.Layers;

/// <summary>A discriminator's input: the image <c>[N, C, H, W]</c>, with a learned plane of its class as one more channel where labels get
/// in by concatenation.</summary>
internal sealed class LabelledImage : nn.Module
{
    private readonly Parameter? planes;
    private readonly int _size;

    public LabelledImage(NetworkShape shape) : base(nameof(LabelledImage))
    {
        if (shape.Condition == Conditioning.Concat)
            planes = nn.Parameter(zeros(shape.Classes, shape.Size * shape.Size));
        _size = shape.Size;
        Channels = shape.Channels + (planes is null ? 0 : 1);
        RegisterComponents();
    }

    /// <summary>Channels of <see cref="Join"/>'s result.</summary>
    public int Channels { get; }

    /// <summary>To <c>[N, Channels, H, W]</c>.</summary>
    public Tensor Join(Tensor images, Tensor? labels) => planes is null
        ? images
        : cat([images, planes.index_select(0, labels!).reshape(-1, 1, _size, _size)], 1);
}
