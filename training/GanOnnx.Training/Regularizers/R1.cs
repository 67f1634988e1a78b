using static TorchSharp.torch;

namespace GanOnnx.Training.Regularizers;

/// <summary>R1: ½ E‖∂D/∂x‖² at real images, which lets the game come to rest where the generator makes the data.</summary>
/// <remarks>
/// L. Mescheder, A. Geiger, S. Nowozin: "Which Training Methods for GANs do actually Converge?", 2018,
/// https://arxiv.org/abs/1801.04406, equation 9; its γ is the weight here. Applied every 16th step in StyleGAN2.
/// </remarks>
internal sealed class R1 : IDiscriminatorRegularizer
{
    /// <inheritdoc/>
    public Tensor Penalty(DiscriminatorBatch batch) => ScoreGradient.HalfSquaredNorm(batch.Real, batch.Score);
}
