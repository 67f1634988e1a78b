using GanOnnx.Inference;

namespace GanOnnx.Tests.Shared.Models;

/// <summary>An encoder of three values, how much red, green and blue a text has, for <see cref="TestModels.Coloured"/>.</summary>
internal sealed class ColourEncoder : ITextEncoder
{
    private static readonly string[] _words = ["red", "green", "blue"];

    public string Name => "colours";

    public string Sha256 => new('c', 64);

    public int Size => _words.Length;

    /// <summary>How many texts were encoded.</summary>
    public int Encoded { get; private set; }

    public float[][] Encode(IReadOnlyList<string> texts)
    {
        Encoded += texts.Count;
        return [.. texts.Select(VectorOf)];
    }

    public static float[] VectorOf(string text) => [.. _words.Select(word => text.Contains(word, StringComparison.Ordinal) ? 1f : -1f)];
}
