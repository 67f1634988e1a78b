using TorchSharp;

namespace GanOnnx.Training.Losses;

/// <summary>What the two players minimise, given the discriminator's scores (logits) of shape <c>[N]</c>.</summary>
internal interface IGanLoss
{
    /// <summary>The discriminator's loss, a scalar.</summary>
    torch.Tensor Discriminator(torch.Tensor realScores, torch.Tensor fakeScores);

    /// <summary>The generator's loss, a scalar.</summary>
    torch.Tensor Generator(torch.Tensor fakeScores);
}
