using static TorchSharp.torch;

namespace GanOnnx.Training.Networks.Layers;

/// <summary>Makes a discriminator's layers, with spectral normalization where the shape asks for it.</summary>
internal sealed class DiscriminatorLayers(NetworkShape shape)
{
    /// <summary>A convolution of square kernels.</summary>
    public nn.Module<Tensor, Tensor> Conv2d(long inputs, long outputs, long kernel, long stride = 1, long padding = 0, bool bias = true) =>
        shape.SpectralNorm
        ? new SpectralConv2d(inputs, outputs, (kernel, kernel), (stride, stride), (padding, padding), bias)
        : nn.Conv2d(inputs, outputs, kernel, stride, padding, bias: bias);

    /// <summary>A convolution of <c>[N, C, 1, L]</c> along the last axis.</summary>
    public nn.Module<Tensor, Tensor> Conv1d(long inputs, long outputs, long kernel, long stride = 1, long padding = 0, bool bias = true) =>
        shape.SpectralNorm
        ? new SpectralConv2d(inputs, outputs, (1, kernel), (1, stride), (0, padding), bias)
        : nn.Conv2d(inputs, outputs, (1, kernel), (1, stride), (0, padding), bias: bias);

    /// <summary>A linear layer.</summary>
    public nn.Module<Tensor, Tensor> Linear(long inputs, long outputs) =>
        shape.SpectralNorm ? new SpectralLinear(inputs, outputs) : nn.Linear(inputs, outputs);
}
