using GanOnnx.Audio;
using GanOnnx.Data;
using GanOnnx.Inference;

namespace GanOnnx.Evaluation;

/// <summary>A model's images, class by class in even shares, as the bytes that would be saved.</summary>
/// <param name="generator">The model, of a fixed size.</param>
/// <param name="count">How many images; image i of the seed is of label i · K / count.</param>
/// <param name="seed">Their seed.</param>
/// <param name="truncation">See <see cref="Sample.Truncation"/>.</param>
/// <param name="labels">The data's class of each of the model's labels; null for a model without labels.</param>
internal sealed class ModelImages(ImageGenerator generator, int count, ulong seed, float? truncation, int[]? labels) : ImageSet
{
    /// <summary>Makes pictures of sounds, of that size. The default is none: the model makes pictures.</summary>
    public (Spectrogram Spectrogram, int Size)? Spectrograms { get; init; }

    /// <summary>Where the model makes clips: their generator, of which the other has the rows. A clip's image is one of its
    /// frames, as the data's is. The default is null: it makes none.</summary>
    public VideoGenerator? Clips { get; init; }

    public override int Count => count;

    public override int Size => Spectrograms?.Size ?? generator.Model.Height!.Value;

    /// <summary>What an image is of, or the clip that it is a frame of.</summary>
    public Sample SampleOf(int image) => new(seed, (ulong)image, labels is null ? null : Group(image), Truncation: truncation);

    public override int Channels => Spectrograms is null ? generator.Model.Channels!.Value : 1;

    public override int LabelOf(int image) => labels?[Group(image)] ?? -1;

    public override string NameOf(int image) => labels is null ? $"seed {seed}, image {image}" : $"seed {seed}, image {image}, label {Group(image)}";

    public override bool[] Read(int first, int images, Span<byte> pixels, CancellationToken stop)
    {
        for (int next = first, end = first + images; next < end;)
        {
            var group = Group(next);
            var many = Math.Min(end, Start(group + 1)) - next;
            var batch = generator.Generate(many, SampleOf(next), stop);
            if (Spectrograms is var (spectrogram, _))
                batch = spectrogram.OfRows(batch);
            if (Clips is { } clips)
                batch = ClipFrames.ShownOf(clips.OfRows(batch), next);
            for (var i = 0; i < many; i++)
                batch.CopyBytesTo(i, pixels[((next - first + i) * Length)..]);
            next += many;
        }
        return [.. Enumerable.Repeat(true, images)];
    }

    public override void Dispose() => generator.Dispose();

    private int Groups => labels?.Length ?? 1;

    private int Start(int group) => (int)((long)count * group / Groups);

    private int Group(int image)
    {
        var group = (int)((long)image * Groups / count);
        while (Start(group + 1) <= image)
            group++;
        return group;
    }
}
