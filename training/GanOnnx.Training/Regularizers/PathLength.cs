using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Training.Regularizers;

/// <summary>
/// Path length: E(‖Jᵀy‖ − a)², where J = ∂image/∂w, y is a random image of normal pixels divided by √(H·W), and a the
/// running mean of ‖Jᵀy‖: a step of fixed size in w should change the image by a fixed amount. Over L layers,
/// ‖Jᵀy‖ is the root of the mean of their squared norms.
/// </summary>
/// <remarks>
/// T. Karras et al.: "Analyzing and Improving the Image Quality of StyleGAN", 2020, https://arxiv.org/abs/1912.04958,
/// equation 4 and appendix B. a is a constant to the gradient.
/// </remarks>
internal sealed class PathLength : IGeneratorRegularizer
{
    private const float MeanRate = 0.01f;

    private readonly Tensor _mean, _rate;

    /// <summary>With a running mean of 0.</summary>
    public PathLength(Device device)
    {
        _mean = tensor(0f, device: device).DetachFromDisposeScope();
        _rate = tensor(MeanRate, device: device).DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public IEnumerable<(string Name, Tensor Value)> State => [("mean", _mean)];

    /// <inheritdoc/>
    public Tensor Penalty(GeneratorBatch batch)
    {
        var (images, styles) = batch.Styles?.Invoke()
            ?? throw new ArgumentException("Path length needs a generator with intermediate latents.", nameof(batch));
        // Native code would abort the process.
        if (images.ndim != 4 || styles.ndim != 3 || images.shape[0] != styles.shape[0] || !images.requires_grad || !styles.requires_grad)
            throw new ArgumentException($"Path length needs images [N, C, H, W] with the graph of their styles [N, L, D], not {images} "
                + $"and {styles}.", nameof(batch));
        using Scalar perPixel = 1 / Math.Sqrt(images.shape[2] * images.shape[3]);
        using Scalar perLayer = 1 / Math.Sqrt(styles.shape[1]);

        var noise = randn_like(images.detach()).mul(perPixel);
        var product = (images * noise).sum();
        var gradient = autograd.grad([product], [styles], retain_graph: true, create_graph: true)[0]; // [N, L, D]
        var lengths = gradient.flatten(1).norm(1).mul(perLayer);                                      // [N]
        using (no_grad())
            _mean.lerp_(lengths.detach().mean(), _rate);
        var excess = lengths - _mean.clone();
        return (excess * excess).mean();
    }

    /// <summary>Frees the running mean.</summary>
    public void Dispose()
    {
        _mean.Dispose();
        _rate.Dispose();
    }
}
