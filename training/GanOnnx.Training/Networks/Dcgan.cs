using System.Numerics;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanOnnx.Training.Networks;

/// <summary>
/// The deep convolutional GAN: strided and transposed convolutions, batch normalization everywhere but at the
/// generator's output and the discriminator's input.
/// </summary>
/// <remarks>
/// A. Radford, L. Metz, S. Chintala: "Unsupervised Representation Learning with Deep Convolutional Generative
/// Adversarial Networks", 2015, https://arxiv.org/abs/1511.06434. The paper's 64 px network has width 128; each
/// layer below doubles it until 4 × 4.
/// </remarks>
internal static class Dcgan
{
    private const int Kernel = 4, Stride = 2, Padding = 1, SmallestSize = 4;
    private const double LeakySlope = 0.2;

    /// <summary>The image sizes there are.</summary>
    public static IReadOnlyList<int> Sizes { get; } = [32, 64];

    /// <summary>Both players, their weights drawn from <paramref name="seed"/>.</summary>
    public static GanNetworks Create(NetworkShape shape, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(shape);
        var networks = new GanNetworks(Generator(shape), Discriminator(shape));
        InitialWeights.Draw(networks.Generator, seed, player: 0);
        InitialWeights.Draw(networks.Discriminator, seed, player: 1);
        return networks;
    }

    private static Sequential Generator(NetworkShape shape)
    {
        var doublings = Doublings(shape);
        var channels = shape.Width << (doublings - 1);
        var layers = Sequential(
            ("project", Linear(shape.LatentSize, channels * SmallestSize * SmallestSize, hasBias: false)), // [N, C·4·4]
            ("reshape", Unflatten(1, [channels, SmallestSize, SmallestSize])),                             // [N, C, 4, 4]
            ("norm4", BatchNorm2d(channels)),
            ("relu4", ReLU()));
        for (var size = 2 * SmallestSize; size < shape.Size; size *= 2, channels /= 2)                      // [N, C/2, size, size]
        {
            layers.append($"up{size}", ConvTranspose2d(channels, channels / 2, Kernel, Stride, Padding, bias: false));
            layers.append($"norm{size}", BatchNorm2d(channels / 2));
            layers.append($"relu{size}", ReLU());
        }
        layers.append($"up{shape.Size}", ConvTranspose2d(channels, shape.Channels, Kernel, Stride, Padding)); // [N, 1|3, H, W]
        return layers.append("tanh", Tanh());
    }

    private static Sequential Discriminator(NetworkShape shape)
    {
        var channels = shape.Width;
        var layers = Sequential(
            ($"down{shape.Size / 2}", Conv2d(shape.Channels, channels, Kernel, Stride, Padding)),           // [N, W, H/2, W/2]
            ($"lrelu{shape.Size / 2}", LeakyReLU(LeakySlope)));
        for (var size = shape.Size / 4; size >= SmallestSize; size /= 2, channels *= 2)                     // [N, 2C, size, size]
        {
            layers.append($"down{size}", Conv2d(channels, channels * 2, Kernel, Stride, Padding, bias: false));
            layers.append($"norm{size}", BatchNorm2d(channels * 2));
            layers.append($"lrelu{size}", LeakyReLU(LeakySlope));
        }
        layers.append("flatten", nn.Flatten());                                                             // [N, C·4·4]
        layers.append("score", Linear(channels * SmallestSize * SmallestSize, 1));                          // [N, 1]
        return layers.append("squeeze", nn.Flatten(0));                                                     // [N]
    }

    private static int Doublings(NetworkShape shape) => BitOperations.Log2((uint)(shape.Size / SmallestSize));
}
