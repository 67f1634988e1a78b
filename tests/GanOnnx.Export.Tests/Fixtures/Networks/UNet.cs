using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanOnnx.Export.Tests.Fixtures.Networks;

/// <summary>
/// An encoder and a decoder with skip connections (Ronneberger et al. 2015), for images <c>[N, 3, H, W]</c> whose sides
/// are multiples of 4.
/// </summary>
internal sealed class UNet : TracedModule
{
    private readonly Sequential _enter = Stage(3, 4, 1), _down1 = Stage(4, 6, 2), _down2 = Stage(6, 8, 2);
    private readonly ConvTranspose2d _up = ConvTranspose2d(8, 6, 2, 2);
    private readonly Sequential _merge1 = Stage(12, 6, 1), _merge2 = Stage(10, 4, 1);
    private readonly Conv2d _leave = Conv2d(4, 3, 1);

    public UNet() : base("UNet") => RegisterComponents();

    public override TracedTensor forward(TracedTensor input)
    {
        var full = _enter.call(input);                                                              // [N, 4, H, W]
        var half = _down1.call(full);                                                               // [N, 6, H/2, W/2]
        var quarter = _down2.call(half);                                                            // [N, 8, H/4, W/4]
        var up1 = _merge1.call(TracedTensor.cat([_up.call(quarter), half], 1));                     // [N, 6, H/2, W/2]
        var up2 = _merge2.call(TracedTensor.cat([up1.upsample_nearest2d(2), full], 1));             // [N, 4, H, W]
        return _leave.call(up2).tanh();                                                             // [N, 3, H, W]
    }

    /// <summary>The same in plain TorchSharp.</summary>
    public Tensor Plain(Tensor input)
    {
        var full = _enter.call(input);
        var half = _down1.call(full);
        var quarter = _down2.call(half);
        var up1 = _merge1.call(cat([_up.call(quarter), half], 1));
        var larger = functional.interpolate(up1, null, [2.0, 2.0], InterpolationMode.Nearest);
        return tanh(_leave.call(_merge2.call(cat([larger, full], 1))));
    }

    private static Sequential Stage(long channels, long outputs, long stride) => Sequential(
        ("conv", Conv2d(channels, outputs, 3, stride, 1, bias: false)),
        ("norm", BatchNorm2d(outputs)),
        ("act", LeakyReLU(0.2)));
}
