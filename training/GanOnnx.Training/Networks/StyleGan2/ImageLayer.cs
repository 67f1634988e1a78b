using GanOnnx.Export;
using GanOnnx.Training.Networks.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GanOnnx.Training.Networks.StyleGan2;

/// <summary>Turns the features of a size into colours and adds them to the image so far, enlarged.</summary>
internal sealed class ImageLayer : nn.Module
{
    private readonly ModulatedConv2d conv;
    private readonly Parameter bias;
    private readonly Upsample? up;

    public ImageLayer(long inputs, long channels, long styleSize, bool up) : base(nameof(ImageLayer))
    {
        conv = new ModulatedConv2d(inputs, channels, 1, styleSize, demodulate: false);
        bias = nn.Parameter(zeros(channels, 1, 1));
        // With a factor of 2 its weights are the filter 1 3 3 1.
        this.up = up ? nn.Upsample(scale_factor: [2, 2], mode: UpsampleMode.Bilinear, align_corners: false) : null;
        RegisterComponents();
    }

    /// <summary>Features <c>[N, C, H, W]</c>, the image <c>[N, 1|3, H/2, W/2]</c> or null, and a style <c>[N, S]</c> to <c>[N, 1|3, H,
    /// W]</c>.</summary>
    public TracedTensor Add(TracedTensor? image, TracedTensor features, TracedTensor style)
    {
        var colours = conv.call(features, style) + bias;
        return image is null ? colours : up!.call(image) + colours;
    }
}
