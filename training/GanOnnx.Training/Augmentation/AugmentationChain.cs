using static TorchSharp.torch;

namespace GanOnnx.Training.Augmentation;

/// <summary>Several augmentations, one after the other.</summary>
internal sealed class AugmentationChain(IReadOnlyList<(string Name, IAugmentation Augmentation)> links) : IAugmentation
{
    /// <summary>Each one's, its name before the state's.</summary>
    public IEnumerable<(string Name, Tensor Value)> State =>
        links.SelectMany(link => link.Augmentation.State.Select(state => ($"{link.Name}.{state.Name}", state.Value)));

    /// <inheritdoc/>
    public Tensor? Probability => links.Select(link => link.Augmentation.Probability).FirstOrDefault(p => p is not null);

    /// <inheritdoc/>
    public Tensor Apply(Tensor images, double progress) =>
        links.Aggregate(images, (current, link) => link.Augmentation.Apply(current, progress));

    /// <inheritdoc/>
    public void Observe(Tensor realScores)
    {
        foreach (var (_, augmentation) in links)
            augmentation.Observe(realScores);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (_, augmentation) in links)
            augmentation.Dispose();
    }
}
