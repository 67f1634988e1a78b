namespace GanOnnx.Inference;

/// <summary>What goes into a model's input <c>text</c>: which encoder turns prompts into vectors, and some that it was trained
/// on.</summary>
public sealed record TextDescription
{
    /// <summary>The encoder's <see cref="ITextEncoder.Name"/>.</summary>
    public required string Encoder { get; init; }

    /// <summary>The encoder's <see cref="ITextEncoder.Sha256"/>.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Values per vector (D).</summary>
    public required int Size { get; init; }

    /// <summary>Captions of the training data (K), at least one: an image gets one of them where no prompt is asked for.</summary>
    public required IReadOnlyList<string> Examples { get; init; }

    /// <summary>What the encoder makes of them, <c>[K, D]</c>.</summary>
    public required ReadOnlyMemory<float> Vectors { get; init; }
}
