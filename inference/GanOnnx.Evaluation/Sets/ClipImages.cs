using GanOnnx.Data;
using GanOnnx.Imaging;
using GanOnnx.Inference;

namespace GanOnnx.Evaluation;

/// <summary>All frames of some clips, clip by clip: of a model, or of a data source.</summary>
/// <param name="frames">Frames of each clip.</param>
/// <param name="size">Height and width in pixels.</param>
/// <param name="channels">1 or 3.</param>
/// <param name="labels">Each clip's class by the data's numbers, or −1.</param>
/// <param name="read">All frames of a clip in order, each bytes <c>[H, W, C]</c>; null where it can't be decoded.</param>
internal sealed class ClipImages(int frames, int size, int channels, IReadOnlyList<int> labels, Func<int, byte[][]?> read) : ImageSet
{
    private (int Clip, byte[][]? Frames) _last = (-1, null);

    public int Frames => frames;

    public int Clips => labels.Count;

    public override int Count => labels.Count * frames;

    public override int Size => size;

    public override int Channels => channels;

    public override int LabelOf(int image) => labels[image / frames];

    public override string NameOf(int image) => $"clip {image / frames}, frame {image % frames}";

    public override bool[] Read(int first, int count, Span<byte> pixels, CancellationToken stop)
    {
        var there = new bool[count];
        for (var i = 0; i < count; i++)
        {
            stop.ThrowIfCancellationRequested();
            var clip = (first + i) / frames;
            if (_last.Clip != clip)
                _last = (clip, read(clip));
            if (_last.Frames is not { } all)
                continue;
            all[(first + i) % frames].CopyTo(pixels[(i * Length)..]);
            there[i] = true;
        }
        return there;
    }

    public override void Dispose()
    {
        // What it reads is whose it was.
    }

    /// <summary>Some of a model's clips.</summary>
    /// <param name="generator">The model.</param>
    /// <param name="samples">Which ones.</param>
    /// <param name="labels">Each one's class by the data's numbers, or −1.</param>
    /// <param name="stop">Ends a run of the model.</param>
    public static ClipImages Of(VideoGenerator generator, Sample[] samples, int[] labels, CancellationToken stop) =>
        new(generator.Frames, generator.Height, generator.Channels, labels, clip =>
        {
            var made = generator.Generate(1, samples[clip].Seed, samples[clip].Label, samples[clip].Index, stop).FramesOf(0);
            return [.. Enumerable.Range(0, generator.Frames).Select(frame =>
            {
                var bytes = new byte[generator.Height * generator.Width * generator.Channels];
                made.CopyBytesTo(frame, bytes);
                return bytes;
            })];
        });

    /// <summary>Some clips of a source.</summary>
    public static ClipImages Of(IImageSource source, int[] chosen, int size, int channels) =>
        new(((IClips)source).Frames, size, channels, [.. chosen.Select(source.LabelOf)], clip =>
        {
            try
            {
                return ((IClips)source).ReadClip(chosen[clip], size, channels);
            }
            catch (ImageException)
            {
                return null; // left out, and counted
            }
        });
}
