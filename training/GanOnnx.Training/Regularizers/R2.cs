using static TorchSharp.torch;

namespace GanOnnx.Training.Regularizers;

/// <summary>R2: ½ E‖∂D/∂x‖² at generated images.</summary>
/// <remarks>
/// L. Mescheder, A. Geiger, S. Nowozin: "Which Training Methods for GANs do actually Converge?", 2018,
/// https://arxiv.org/abs/1801.04406, equation 10; its γ is the weight here.
/// </remarks>
internal sealed class R2 : IDiscriminatorRegularizer
{
    /// <inheritdoc/>
    public Tensor Penalty(DiscriminatorBatch batch) => ScoreGradient.HalfSquaredNorm(batch.Fake, batch.Score);
}
