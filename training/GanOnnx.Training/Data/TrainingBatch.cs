using GanOnnx.Data;
using TorchSharp;

namespace GanOnnx.Training.Data;

/// <summary>Real images for one step of the discriminator.</summary>
/// <param name="Images">Bytes <c>[N, C, H, W]</c>.</param>
/// <param name="Labels">int64 <c>[N]</c>, classes or numbers of captions; null where training takes no labels.</param>
internal sealed record TrainingBatch(torch.Tensor Images, torch.Tensor? Labels) : IDisposable
{
    /// <summary>Second images, bytes <c>[N, C, H, W]</c>: the pairs of the images, or as many of the second set. The default is null: the
    /// data has none.</summary>
    public torch.Tensor? SecondImages { get; init; }

    /// <summary>Frees all.</summary>
    public void Dispose()
    {
        Images.Dispose();
        Labels?.Dispose();
        SecondImages?.Dispose();
    }
}
