using GanOnnx.Inference;
using static TorchSharp.torch;
using Device = TorchSharp.torch.Device;

namespace GanOnnx.Training.Tasks.CycleGan;

/// <summary>
/// Generated images of earlier steps, which a discriminator sees in the place of half of the newest ones, so that it doesn't forget what
/// the generator did before.
/// </summary>
/// <remarks>A. Shrivastava et al.: "Learning from Simulated and Unsupervised Images through Adversarial Training", 2016,
/// https://arxiv.org/abs/1612.07828, section 2.3; single images instead of half batches, as Zhu et al. 2017.</remarks>
internal sealed class ImageHistory : IDisposable
{
    private readonly int _size, _player, _players;
    private readonly RandomStream _stream;

    /// <param name="size">How many images are kept; 0 for none.</param>
    /// <param name="channels">The images' channels.</param>
    /// <param name="pixels">Their height and width.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="player">Which history of the run it is, from 0.</param>
    /// <param name="players">How many histories the run has.</param>
    /// <param name="device">Where the images are.</param>
    public ImageHistory(int size, int channels, int pixels, ulong seed, int player, int players, Device device)
    {
        (_size, _player, _players) = (size, player, players);
        _stream = new RandomStream(seed, RandomStreams.ImageHistory);
        Images = zeros([size, channels, pixels, pixels], device: device).DetachFromDisposeScope();
    }

    /// <summary>What is kept, <c>[size, C, H, W]</c>; zeros where nothing was kept yet.</summary>
    public Tensor Images { get; }

    /// <summary>Takes new images and gives as many: until it is full the new ones, then for half of them one from before, in whose place
    /// the new one is kept.</summary>
    /// <param name="first">The first one's number, counted over the run: it decides what is drawn, and how many are kept.</param>
    /// <param name="images"><c>[N, C, H, W]</c>.</param>
    public Tensor Exchange(long first, Tensor images)
    {
        if (_size == 0)
            return images;
        using var noGrad = no_grad();
        var shown = new Tensor[images.shape[0]];
        for (var i = 0; i < shown.Length; i++)
        {
            var (number, image) = (first + i, images[i]);
            // One draw says whether, and which one.
            var place = number < _size ? number : _stream.Below((ulong)(number * _players + _player), 2 * _size);
            shown[i] = number < _size || place >= _size ? image : Images[place].clone();
            if (place < _size)
                Images[place].copy_(image);
        }
        return stack(shown);
    }

    /// <summary>Frees the images.</summary>
    public void Dispose() => Images.Dispose();
}
