namespace GanOnnx.Inference;

/// <summary>
/// Turns texts into vectors, as models that take prompts were trained with. The package GanOnnx.Prompts has one. All members may be called
/// from several threads at once.
/// </summary>
public interface ITextEncoder
{
    /// <summary>What it is, as <c>all-MiniLM-L6-v2</c>.</summary>
    string Name { get; }

    /// <summary>The SHA-256 of its network's file, in lower-case hexadecimal.</summary>
    string Sha256 { get; }

    /// <summary>Values per vector (D).</summary>
    int Size { get; }

    /// <summary>Encodes texts, each by itself: what else is encoded with it changes nothing.</summary>
    /// <param name="texts">The texts (N).</param>
    /// <returns>A vector of <see cref="Size"/> values for each.</returns>
    float[][] Encode(IReadOnlyList<string> texts);
}
