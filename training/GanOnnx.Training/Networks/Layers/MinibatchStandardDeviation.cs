using static TorchSharp.torch;

namespace GanOnnx.Training.Networks.Layers;

/// <summary>
/// Shows the discriminator how much the images of a group differ, as one more channel: <c>[N, C, H, W]</c> to
/// <c>[N, C + 1, H, W]</c>. The channel is constant in a group: the standard deviation over its images, averaged.
/// </summary>
/// <remarks>T. Karras et al.: "Progressive Growing of GANs", 2017, https://arxiv.org/abs/1710.10196, section 3.</remarks>
internal sealed class MinibatchStandardDeviation() : nn.Module<Tensor, Tensor>(nameof(MinibatchStandardDeviation))
{
    private const int LargestGroup = 4;
    private const double Epsilon = 1e-8;

    public override Tensor forward(Tensor features)
    {
        var (n, c, h, w) = (features.shape[0], features.shape[1], features.shape[2], features.shape[3]);
        var group = Enumerable.Range(1, LargestGroup).Last(size => n % size == 0);
        var groups = features.reshape(group, n / group, c, h, w);                                      // image i is in group i mod N/G
        var centred = groups - groups.mean([0L], true);
        var deviation = (centred.square().mean([0L]) + Epsilon).sqrt().mean([1L, 2L, 3L], true);       // [N/G, 1, 1, 1]
        return cat([features, deviation.repeat(group, 1, h, w)], 1);
    }
}
