using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Training.Networks;

/// <summary>The two players.</summary>
/// <param name="Generator">Latents <c>[N, Z]</c> to images <c>[N, C, H, W]</c> from −1 to 1.</param>
/// <param name="Discriminator">Images <c>[N, C, H, W]</c> to scores (logits) <c>[N]</c>.</param>
internal sealed record GanNetworks(nn.Module<Tensor, Tensor> Generator, nn.Module<Tensor, Tensor> Discriminator);

/// <summary>What an architecture is built from.</summary>
/// <param name="Size">Height and width of the images in pixels.</param>
/// <param name="Channels">Colour channels, 1 or 3.</param>
/// <param name="LatentSize">Values per latent (Z).</param>
/// <param name="Width">Channels of the layers at the largest size.</param>
internal sealed record NetworkShape(int Size, int Channels, int LatentSize, int Width);
