using GanOnnx.Training.Networks;
using GanOnnx.Training.Networks.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanOnnx.Training.Tasks.Pix2Pix;

/// <summary>
/// Judges patches: whether a second image, seen together with the first, is real, a score for each patch. With no layers of stride 2 a
/// patch is one pixel, with 1 it has 16 × 16, with 3 the paper's 70 × 70, with 5 286 × 286.
/// </summary>
/// <remarks>Isola et al. 2016, appendix 6.1.2: C64-C128-C256-C512, batch normalization but in the first layer.</remarks>
internal sealed class PatchDiscriminator : nn.Module<Tensor, Tensor, Tensor>
{
    private const int Kernel = 4, Padding = 1, MostWidths = 8;
    private const double LeakySlope = 0.2;

    private readonly ModuleList<nn.Module<Tensor, Tensor>> convs = [];
    private readonly ModuleList<BatchNorm2d> norms = [];

    /// <param name="layers">How many layers have stride 2.</param>
    /// <param name="shape">Channels, width and normalization.</param>
    public PatchDiscriminator(int layers, NetworkShape shape) : base(nameof(PatchDiscriminator))
    {
        var made = new DiscriminatorLayers(shape);
        var norm = shape.DiscriminatorNorm && !shape.SpectralNorm;
        var (kernel, padding) = layers == 0 ? (1, 0) : (Kernel, Padding);
        var (inputs, count) = (2 * shape.Channels, Math.Max(2, layers + 1));
        for (var i = 0; i < count; i++)
        {
            var outputs = shape.Width * Math.Min(1 << i, MostWidths);
            convs.Add(made.Conv2d(inputs, outputs, kernel, i < layers ? 2 : 1, padding, bias: i == 0 || !norm));
            if (i > 0 && norm)
                norms.Add(BatchNorm2d(outputs));
            inputs = outputs;
        }
        convs.Add(made.Conv2d(inputs, 1, kernel, 1, padding));
        RegisterComponents();
    }

    /// <summary>Two images <c>[N, C, H, W]</c> to the scores of patches <c>[N, h, w]</c>.</summary>
    public override Tensor forward(Tensor first, Tensor second)
    {
        var x = cat([first, second], 1);
        for (var i = 0; i < convs.Count; i++)
        {
            x = convs[i].call(x);                                                               // [N, W·2ⁱ, H/2, W/2], at last [N, 1, h, w]
            if (i == convs.Count - 1)
                break;
            if (i > 0 && norms.Count > 0)
                x = norms[i - 1].call(x);
            x = functional.leaky_relu(x, LeakySlope);
        }
        return x.squeeze(1);
    }
}
