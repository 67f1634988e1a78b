using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GanOnnx.Training.Networks.Layers;

/// <summary>
/// Tells each image how close the others of its batch are to it by learned features, so that a generator which makes one
/// image over and over is found out: features <c>[N, F]</c> to <c>[N, F + B]</c>, the new ones being
/// Σⱼ exp(−‖Mᵢ − Mⱼ‖₁) over the other images, for each of B kernels.
/// </summary>
/// <remarks>T. Salimans et al.: "Improved Techniques for Training GANs", 2016, https://arxiv.org/abs/1606.03498, section 3.2.</remarks>
internal sealed class MinibatchDiscrimination : nn.Module<Tensor, Tensor>
{
    /// <summary>How many features it adds (B).</summary>
    public const int Kernels = 16;

    private const int KernelSize = 8;

    private readonly Parameter kernels;

    public MinibatchDiscrimination(long features) : base(nameof(MinibatchDiscrimination))
    {
        kernels = nn.Parameter(zeros(features, Kernels * KernelSize)); // [F, B·8]
        RegisterComponents();
    }

    public override Tensor forward(Tensor features)
    {
        var projected = features.matmul(kernels).reshape(-1, Kernels, KernelSize);                     // [N, B, 8]
        var distances = (projected.unsqueeze(0) - projected.unsqueeze(1)).abs().sum([3L]);             // [N, N, B]
        var closeness = (-distances).exp().sum([1L]) - 1;                                              // [N, B], itself left out
        return cat([features, closeness], 1);                                                          // [N, F + B]
    }
}
