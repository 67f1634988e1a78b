using GanOnnx.Data;
using GanOnnx.Evaluation;
using GanOnnx.Inference;
using GanOnnx.Training.Tasks;

namespace GanOnnx.Training.Monitoring.Quality;

/// <summary>What a task makes of the run's seed now, class by class in even shares.</summary>
internal sealed class TaskImages(ITrainingTask task, int count, int size, int channels, int classes) : ImageSet
{
    private const int MostPerBatch = 64;

    public override int Count => count;

    public override int Size => size;

    public override int Channels => channels;

    public override int LabelOf(int image) => classes == 0 ? -1 : (int)((long)image * classes / count);

    public override string NameOf(int image) => $"image {image}";

    public override bool[] Read(int first, int images, Span<byte> pixels, CancellationToken stop)
    {
        for (var next = 0; next < images;)
        {
            var many = Math.Min(MostPerBatch, images - next);
            var start = first + next;
            var batch = task.Generate(start, [.. Enumerable.Range(start, many).Select(LabelOf)])!;
            for (var i = 0; i < many; i++)
                batch.CopyBytesTo(i, pixels[((next + i) * Length)..]);
            next += many;
        }
        return [.. Enumerable.Repeat(true, images)];
    }

    public override void Dispose()
    {
    }
}

/// <summary>Some images of a run's data.</summary>
internal sealed class DatasetImages(ImageDataset data, int[] chosen) : ImageSet
{
    public override int Count => chosen.Length;

    public override int Size => data.Size;

    public override int Channels => data.Channels;

    public override int LabelOf(int image) => data.Labels[chosen[image]];

    public override string NameOf(int image) => $"image {chosen[image]}";

    public override bool[] Read(int first, int count, Span<byte> pixels, CancellationToken stop)
    {
        var planar = new byte[Length];
        var plane = Size * Size;
        for (var i = 0; i < count; i++)
        {
            data.ReadPicture(chosen[first + i], planar);
            var image = pixels.Slice(i * Length, Length);
            for (var p = 0; p < plane; p++)
                for (var c = 0; c < Channels; c++)
                    image[p * Channels + c] = planar[c * plane + p];
        }
        return [.. Enumerable.Repeat(true, count)];
    }

    public override void Dispose()
    {
    }
}
