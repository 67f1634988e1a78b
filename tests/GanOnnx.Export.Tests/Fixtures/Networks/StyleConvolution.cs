using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanOnnx.Export.Tests.Fixtures.Networks;

/// <summary>StyleGAN2's layer: an image and a latent of <c>[N, 5]</c> that scales the convolution's weights for each sample.</summary>
internal sealed class StyleConvolution : TracedModule2
{
    private const long Channels = 4, Outputs = 3;

    private readonly Linear _affine = Linear(5, Channels);
    private readonly Parameter _weight = Parameter(zeros(Outputs, Channels, 3, 3));
    private readonly Parameter _bias = Parameter(zeros(Outputs, 1, 1));

    public StyleConvolution() : base("StyleConvolution") => RegisterComponents();

    public override TracedTensor forward(TracedTensor image, TracedTensor latent)
    {
        var styles = _affine.call(latent) + 1;                                                      // [N, 4]
        var modulated = TracedTensor.modulated_conv2d(image, _weight, styles, padding: 1);          // [N, 3, H, W]
        return (modulated + _bias).leaky_relu(0.2);
    }

    /// <summary>The same in plain TorchSharp, a sample at a time.</summary>
    public Tensor Plain(Tensor image, Tensor latent)
    {
        var styles = _affine.call(latent) + 1;
        var samples = Enumerable.Range(0, (int)image.shape[0]).Select(i => One(image.narrow(0, i, 1), styles.narrow(0, i, 1)));
        return functional.leaky_relu(cat([.. samples], 0) + _bias, 0.2);
    }

    private Tensor One(Tensor image, Tensor style)
    {
        var scaled = _weight * style.reshape(1, Channels, 1, 1);
        var norm = (scaled * scaled).sum([1L, 2L, 3L], true).add(1e-8).sqrt();
        return functional.conv2d(image, scaled / norm, padding: [1, 1]);
    }
}
