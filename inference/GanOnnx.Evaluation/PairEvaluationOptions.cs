using GanOnnx.Inference;

namespace GanOnnx.Evaluation;

/// <summary>Which model that makes pictures of pictures to evaluate, with what.</summary>
public sealed record PairEvaluationOptions
{
    /// <summary>An .onnx file, or a folder with <c>model.onnx</c>.</summary>
    public required string Model { get; init; }

    /// <summary>What results, the page and messages call it. The default is null: its path.</summary>
    public string? ModelName { get; init; }

    /// <summary>
    /// The pictures that go into the model, a source as <c>gan train --data</c> takes it; without <see cref="Target"/> those that a model
    /// that enlarges should make. They stay at their own sizes.
    /// </summary>
    public required string Data { get; init; }

    /// <summary>
    /// The pictures that should come out, of the same names, endings apart. The default is null: the model enlarges, and what goes in is
    /// made of <see cref="Data"/>.
    /// </summary>
    public string? Target { get; init; }

    /// <summary>Which part of the data is meant where it is divided into some, as <c>test</c>. The default is null: it isn't.</summary>
    public string? Split { get; init; }

    /// <summary>How many pictures, at most, at least 1; of more, some all over the data. The default is 10,000.</summary>
    public int Count { get; init; } = EvaluationOptions.UsualCount;

    /// <summary>How the model is loaded and run.</summary>
    public ImageTranslatorOptions Translator { get; init; } = new();
}
