using TorchSharp;

namespace GanOnnx.Training.Data;

/// <summary>Real images for one step of the discriminator.</summary>
/// <param name="Images">Bytes <c>[N, C, H, W]</c>.</param>
/// <param name="Labels">int64 <c>[N]</c>, or null where training takes no labels.</param>
internal sealed record TrainingBatch(torch.Tensor Images, torch.Tensor? Labels) : IDisposable
{
    /// <summary>Frees both.</summary>
    public void Dispose()
    {
        Images.Dispose();
        Labels?.Dispose();
    }
}
