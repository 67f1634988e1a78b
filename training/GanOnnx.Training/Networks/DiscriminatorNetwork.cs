using static TorchSharp.torch;

namespace GanOnnx.Training.Networks;

/// <summary>Images <c>[N, C, H, W]</c> from −1 to 1, and labels int64 <c>[N]</c> or null, to scores (logits) <c>[N]</c>.</summary>
internal abstract class DiscriminatorNetwork(string name, NetworkShape shape) : nn.Module<Tensor, Tensor?, Tensor>(name)
{
    /// <summary>What it was built from.</summary>
    public NetworkShape Shape { get; } = shape;
}
