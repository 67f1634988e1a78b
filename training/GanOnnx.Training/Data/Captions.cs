using GanOnnx.Data;
using GanOnnx.Inference;
using GanOnnx.Prompts;

namespace GanOnnx.Training.Data;

/// <summary>The captions of a run's data with the vectors that an encoder makes of them.</summary>
/// <param name="Encoder">The encoder.</param>
/// <param name="Texts">The captions, each once (K).</param>
/// <param name="Vectors">Their vectors, <c>[K, D]</c>.</param>
internal sealed record Captions(ITextEncoder Encoder, IReadOnlyList<string> Texts, float[] Vectors)
{
    private const string Key = "gan.text";

    // What a model file takes along: a quarter of a megabyte of vectors.
    private const int MostExamples = 128;

    /// <summary>How many values an encoder's vectors have, before anything is encoded.</summary>
    public static int Size { get; } = NewEncoder().Size;

    /// <summary>The numbers of those that a model file takes along, from everywhere among them.</summary>
    public int[] Examples { get; } = Spread(Texts.Count);

    /// <summary>Encodes a data set's captions.</summary>
    /// <param name="data">The data.</param>
    /// <param name="progress">Told how many of how many are encoded.</param>
    /// <param name="stop">Stops it.</param>
    public static Captions Of(ImageDataset data, Action<int, int> progress, CancellationToken stop)
    {
        const int Chunk = 256;
        using var encoder = NewEncoder();
        var vectors = new float[checked(data.Captions.Count * encoder.Size)];
        for (var first = 0; first < data.Captions.Count; first += Chunk)
        {
            stop.ThrowIfCancellationRequested();
            progress(first, data.Captions.Count);
            foreach (var (i, vector) in encoder.Encode([.. data.Captions.Skip(first).Take(Chunk)]).Index())
                vector.CopyTo(vectors, (first + i) * encoder.Size);
        }
        progress(data.Captions.Count, data.Captions.Count);
        return new(encoder, data.Captions, vectors);
    }

    /// <summary>What a model file says of them, as its value of <c>gan.text</c>.</summary>
    public string Describe() => new ModelMetadata
    {
        Text = new()
        {
            Encoder = Encoder.Name,
            Sha256 = Encoder.Sha256,
            Size = Encoder.Size,
            Examples = [.. Examples.Select(example => Texts[example])],
            Vectors = Examples.SelectMany(example => Vectors.AsSpan(example * Encoder.Size, Encoder.Size).ToArray()).ToArray(),
        },
    }.ToProperties().ToDictionary()[Key];

    /// <summary>What such a value says.</summary>
    /// <exception cref="TrainingException">It can't be read.</exception>
    public static TextDescription Read(string text)
    {
        try
        {
            return ModelMetadata.FromProperties(new ModelMetadata().ToProperties().Append(new(Key, text)))!.Text!;
        }
        catch (ModelException e)
        {
            throw new TrainingException($"What the checkpoint says of captions can't be read: {e.Message}", e);
        }
    }

    private static MiniLmEncoder NewEncoder() => new();

    private static int[] Spread(int count) =>
        [.. Enumerable.Range(0, Math.Min(MostExamples, count)).Select(i => (int)((long)i * count / Math.Min(MostExamples, count)))];
}
