using GanOnnx.Export;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanOnnx.Benchmarks;

/// <summary>The networks of the exporters' comparison; exporter.py has the same ones under the same names.</summary>
internal static class ExportedNetworks
{
    /// <param name="Name">Its name in exporter.py.</param>
    /// <param name="Title">Its name in the table.</param>
    /// <param name="InputShape">The input's shape without the batch.</param>
    public sealed record Network(string Name, string Title, long[] InputShape, Func<Module<Tensor, Tensor>> Create);

    public static IReadOnlyList<Network> All { get; } =
    [
        new("dcgan", "DCGAN 32 px", [100], Dcgan),
        new("resnet", "ResNet generator 64 px", [128], () => new ResidualGenerator()),
        new("unet", "U-Net 64 px", [3, 64, 64], () => new UNet()),
        new("espcn", "super-resolution 64 → 256 px", [3, 64, 64], () => new SuperResolution()),
    ];

    /// <summary>Draws the statistics and the scales of normalization, which would else be 0 and 1, and goes to evaluation mode.</summary>
    public static Module<Tensor, Tensor> Ready(this Module<Tensor, Tensor> network)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        foreach (var module in network.modules().OfType<BatchNorm2d>())
        {
            module.weight!.copy_(rand(module.num_features) + 0.5);
            module.bias!.copy_(randn(module.num_features) * 0.1);
            module.running_mean!.copy_(randn(module.num_features) * 0.1);
            module.running_var!.copy_(rand(module.num_features) + 0.5);
        }
        network.eval();
        return network;
    }

    /// <summary>The generator of DCGAN (Radford et al. 2015) at 32 px, width 64: latents <c>[N, 100]</c> to images <c>[N, 1, 32,
    /// 32]</c>.</summary>
    private static Sequential Dcgan() => Sequential(
        ("project", Linear(100, 256 * 4 * 4, hasBias: false)), ("reshape", Unflatten(1, [256, 4, 4])), ("norm4", BatchNorm2d(256)),
            ("relu4", ReLU()),
        ("up8", ConvTranspose2d(256, 128, 4, 2, 1, bias: false)), ("norm8", BatchNorm2d(128)), ("relu8", ReLU()),
        ("up16", ConvTranspose2d(128, 64, 4, 2, 1, bias: false)), ("norm16", BatchNorm2d(64)), ("relu16", ReLU()),
        ("up32", ConvTranspose2d(64, 1, 4, 2, 1)), ("tanh", Tanh()));

    /// <summary>Latents <c>[N, 128]</c> to images <c>[N, 3, 64, 64]</c> as in SNGAN's generator (Miyato et al. 2018), narrower.</summary>
    private sealed class ResidualGenerator : TracedModule
    {
        private readonly Linear _project = Linear(128, 256 * 4 * 4);
        private readonly Unflatten _reshape = Unflatten(1, [256, 4, 4]);
        private readonly UpBlock _up8 = new(256, 256), _up16 = new(256, 128), _up32 = new(128, 64), _up64 = new(64, 32);
        private readonly BatchNorm2d _norm = BatchNorm2d(32);
        private readonly Conv2d _rgb = Conv2d(32, 3, 3, padding: 1);

        public ResidualGenerator() : base("ResidualGenerator") => RegisterComponents();

        public override TracedTensor forward(TracedTensor input)
        {
            var x = _reshape.call(_project.call(input)); // [N, 256, 4, 4]
            x = _up16.call(_up8.call(x));                // [N, 128, 16, 16]
            x = _up64.call(_up32.call(x));               // [N, 32, 64, 64]
            return _rgb.call(_norm.call(x).relu()).tanh();
        }
    }

    private sealed class UpBlock : TracedModule
    {
        private readonly BatchNorm2d _norm1, _norm2;
        private readonly Conv2d _conv1, _conv2, _skip;

        public UpBlock(long inputs, long outputs) : base("UpBlock")
        {
            (_norm1, _norm2) = (BatchNorm2d(inputs), BatchNorm2d(outputs));
            _conv1 = Conv2d(inputs, outputs, 3, padding: 1);
            _conv2 = Conv2d(outputs, outputs, 3, padding: 1);
            _skip = Conv2d(inputs, outputs, 1);
            RegisterComponents();
        }

        public override TracedTensor forward(TracedTensor input)
        {
            var x = _conv1.call(_norm1.call(input).relu().upsample_nearest2d(2)); // [N, out, 2H, 2W]
            return _conv2.call(_norm2.call(x).relu()) + _skip.call(input.upsample_nearest2d(2));
        }
    }

    /// <summary>Images to images of 64 px as pix2pix's U-Net (Isola et al. 2017), narrower and of five levels.</summary>
    private sealed class UNet : TracedModule
    {
        private readonly Conv2d _down32 = Conv2d(3, 32, 4, 2, 1);
        private readonly Sequential _down16 = Down(32, 64), _down8 = Down(64, 128), _down4 = Down(128, 256), _down2 = Down(256, 256);
        private readonly Sequential _up4 = Up(256, 256), _up8 = Up(512, 128), _up16 = Up(256, 64), _up32 = Up(128, 32);
        private readonly ConvTranspose2d _up64 = ConvTranspose2d(64, 3, 4, 2, 1);

        public UNet() : base("UNet") => RegisterComponents();

        public override TracedTensor forward(TracedTensor input)
        {
            var x32 = _down32.call(input);                     // [N, 32, 32, 32]
            var x16 = _down16.call(x32);                       // [N, 64, 16, 16]
            var x8 = _down8.call(x16);                         // [N, 128, 8, 8]
            var x4 = _down4.call(x8);                          // [N, 256, 4, 4]
            var x = _up4.call(_down2.call(x4));                // [N, 256, 4, 4]
            x = _up8.call(TracedTensor.cat([x, x4], 1));       // [N, 128, 8, 8]
            x = _up16.call(TracedTensor.cat([x, x8], 1));      // [N, 64, 16, 16]
            x = _up32.call(TracedTensor.cat([x, x16], 1));     // [N, 32, 32, 32]
            return _up64.call(TracedTensor.cat([x, x32], 1).relu()).tanh();
        }

        private static Sequential Down(long inputs, long outputs) =>
            Sequential(("act", LeakyReLU(0.2)), ("conv", Conv2d(inputs, outputs, 4, 2, 1, bias: false)), ("norm", BatchNorm2d(outputs)));

        private static Sequential Up(long inputs, long outputs) =>
            Sequential(("act", ReLU()), ("conv", ConvTranspose2d(inputs, outputs, 4, 2, 1, bias: false)), ("norm", BatchNorm2d(outputs)));
    }

    /// <summary>Images <c>[N, 3, H, W]</c> to <c>[N, 3, 4H, 4W]</c> as ESPCN (Shi et al. 2016), with ReLU.</summary>
    private sealed class SuperResolution : TracedModule
    {
        private readonly Conv2d _conv1 = Conv2d(3, 64, 5, padding: 2), _conv2 = Conv2d(64, 32, 3, padding: 1),
            _conv3 = Conv2d(32, 48, 3, padding: 1);
        private readonly PixelShuffle _shuffle = PixelShuffle(4);

        public SuperResolution() : base("SuperResolution") => RegisterComponents();

        public override TracedTensor forward(TracedTensor input)
        {
            var x = _conv2.call(_conv1.call(input).relu()).relu(); // [N, 32, H, W]
            return _shuffle.call(_conv3.call(x)).sigmoid();        // [N, 3, 4H, 4W]
        }
    }
}
