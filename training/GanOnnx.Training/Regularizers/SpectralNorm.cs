using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace GanOnnx.Training.Regularizers;

/// <summary>
/// Spectral normalization: a layer uses W / σ(W), σ being the largest singular value of its weights as a matrix, so its
/// slope is at most 1. σ is followed by one step of the power iteration for each forward pass in training.
/// </summary>
/// <remarks>
/// T. Miyato et al.: "Spectral Normalization for Generative Adversarial Networks", 2018,
/// https://arxiv.org/abs/1802.05957, algorithm 1.
/// </remarks>
internal static class SpectralNorm
{
    private const double Epsilon = 1e-12;

    /// <summary>W / σ(W), differentiable with respect to W. σ's singular vectors count as constants, as in the paper.</summary>
    /// <param name="weight">W, <c>[out, …]</c>; all further dimensions are the columns.</param>
    /// <param name="vector">
    /// The estimate of the left singular vector, <c>[out]</c> of length 1, a persistent buffer of the layer: random at
    /// first, changed in place by a training pass.
    /// </param>
    /// <param name="training">Whether to do the step of the power iteration.</param>
    public static Tensor Normalize(Tensor weight, Tensor vector, bool training)
    {
        if (weight.ndim < 2 || vector.ndim != 1 || vector.shape[0] != weight.shape[0])
            throw new ArgumentException($"Spectral normalization of weights [out, …] needs a vector [out], not {weight} and {vector}.",
                nameof(vector));
        var matrix = weight.flatten(1);                                       // [out, columns]
        var (left, right) = SingularVectors(matrix.detach(), vector, training);
        return weight / left.dot(matrix.mv(right));
    }

    private static (Tensor Left, Tensor Right) SingularVectors(Tensor matrix, Tensor vector, bool training)
    {
        using var noGrad = no_grad();
        var right = Unit(matrix.t().mv(vector));                              // [columns]
        if (training)
            vector.copy_(Unit(matrix.mv(right)));                             // [out]
        // The graph holds a copy: the next pass, perhaps before the backward pass, changes the vector.
        return (vector.clone(), right);
    }

    private static Tensor Unit(Tensor vector) => normalize(vector, dim: 0, eps: Epsilon);
}
