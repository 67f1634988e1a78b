using GanOnnx.Data;
using GanOnnx.Inference;

namespace GanOnnx.Benchmarks.Augmentation;

/// <summary>The same number of images of each class of a source, drawn by a seed: the fewer are among the more.</summary>
internal sealed class FewImages(IImageSource all, int perClass, ulong seed) : IImageSource
{
    private const uint Stream = 1000;

    /// <summary>Their numbers in the source, class by class.</summary>
    public int[] Chosen { get; } = [.. Enumerable.Range(0, all.Classes.Count).SelectMany(label =>
    {
        int[] images = [.. Enumerable.Range(0, all.Count).Where(i => all.LabelOf(i) == label)];
        new RandomStream(seed, Stream).Shuffle((ulong)label, images.AsSpan());
        return images.Take(perClass);
    })];

    public string Name => all.Name;

    public int Count => Chosen.Length;

    public IReadOnlyList<string> Classes => all.Classes;

    public int Channels => all.Channels;

    public string NameOf(int image) => all.NameOf(Chosen[image]);

    public int LabelOf(int image) => all.LabelOf(Chosen[image]);

    public byte[] Read(int image, int size, int channels) => all.Read(Chosen[image], size, channels);

    // The source is whose it was.
    public void Dispose()
    {
    }
}
