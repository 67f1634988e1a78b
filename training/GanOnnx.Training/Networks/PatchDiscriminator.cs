using GanOnnx.Export.Running;
using GanOnnx.Training.Networks.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanOnnx.Training.Networks;

/// <summary>
/// Judges patches: whether an image is real, a score for each patch. With no layers of stride 2 a patch is one pixel, with 1 it has
/// 16 × 16, with 3 the papers' 70 × 70, with 5 286 × 286.
/// </summary>
/// <remarks>
/// Isola et al. 2016, https://arxiv.org/abs/1611.07004, appendix 6.1.2: C64-C128-C256-C512, normalization but in the first layer; Zhu et
/// al. 2017, https://arxiv.org/abs/1703.10593, has instance normalization.
/// </remarks>
internal sealed class PatchDiscriminator : nn.Module<Tensor, Tensor>
{
    private const int Kernel = 4, Padding = 1, MostWidths = 8;

    // TorchSharp's temporary scalars can be freed while native code reads them; this one stays.
    private static readonly Scalar _leakySlope = 0.2;

    private readonly ModuleList<nn.Module<Tensor, Tensor>> convs = [], norms = [];

    /// <summary>How many of its layers have stride 2; 3 in the papers, patches of 70 × 70.</summary>
    public static TrainingOption PatchLayers { get; } =
        new("patchLayers", "Layers of stride 2 of the discriminator: 0 judges pixels, 1, 3 and 5 patches of 16, 70 and 286", typeof(int), 3)
        {
            Name = "--patch-layers",
            Least = 0,
            Most = 5,
            Rule = "the discriminator has {0} to {1} layers of stride 2",
        };

    /// <param name="inputs">Channels of what it sees.</param>
    /// <param name="shape">Width, layers of stride 2, normalization.</param>
    /// <param name="instanceNorm">Whether it has instance normalization, without weights, in the place of batch normalization.</param>
    public PatchDiscriminator(int inputs, NetworkShape shape, bool instanceNorm = false) : base(nameof(PatchDiscriminator))
    {
        var made = new DiscriminatorLayers(shape);
        var layers = (int)shape[PatchLayers];
        // Instance normalization leaves the images of a batch apart, so penalties on each image's score don't mind it.
        var norm = !shape.SpectralNorm && (instanceNorm || shape.DiscriminatorNorm);
        var (kernel, padding) = layers == 0 ? (1, 0) : (Kernel, Padding);
        var count = Math.Max(2, layers + 1);
        for (var i = 0; i < count; i++)
        {
            var outputs = shape.Width * Math.Min(1 << i, MostWidths);
            convs.Add(made.Conv2d(inputs, outputs, kernel, i < layers ? 2 : 1, padding, bias: i == 0 || !norm || instanceNorm));
            if (i > 0 && norm)
                norms.Add(instanceNorm ? InstanceNorm2d(outputs) : BatchNorm2d(outputs));
            inputs = outputs;
        }
        convs.Add(made.Conv2d(inputs, 1, kernel, 1, padding));
        RegisterComponents();
    }

    /// <summary>What its layers need of images, or null: after those of stride 2, 3 pixels.</summary>
    public static string? Error(TrainingOptions options)
    {
        var value = PatchLayers.In(options);
        return PatchLayers.Allows(value) && value is double and > 0 and var layers && options.Size >> (int)layers < 3
            ? $"a discriminator with {layers} layers of stride 2 needs images of {3 << (int)layers} pixels or more, not {options.Size}"
            : null;
    }

    /// <summary>Images <c>[N, C, H, W]</c> to the scores of patches <c>[N, h, w]</c>.</summary>
    public override Tensor forward(Tensor images)
    {
        var x = images;
        for (var i = 0; i < convs.Count; i++)
        {
            x = convs[i].Compute(x);                                                            // [N, W·2ⁱ, H/2, W/2], at last [N, 1, h, w]
            if (i == convs.Count - 1)
                break;
            if (i > 0 && norms.Count > 0)
                x = norms[i - 1].call(x);
            x = x.leaky_relu(_leakySlope);
        }
        return x.squeeze(1);
    }
}
