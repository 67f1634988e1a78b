using System.Collections.Concurrent;
using GanOnnx.Inference.Images;
using GanOnnx.Inference.Runtime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace GanOnnx.Inference.Inputs;

/// <summary>
/// The prompt, as an encoder's vector. Where none is asked for, one of the examples that the file has, drawn from the sample's seed.
/// </summary>
internal sealed class TextInput : ModelInput
{
    private const string TensorName = "text";

    // Vectors of prompts that are asked for again, as they are asked for; 6 MB of 384 values each.
    private const int MostKept = 4096;

    private readonly TextDescription? _text;
    private readonly ITextEncoder? _encoder;
    private readonly ConcurrentDictionary<string, float[]> _vectors = new(StringComparer.Ordinal);

    private TextInput()
    {
    }

    private TextInput(TensorSpec tensor, TextDescription text, ITextEncoder? encoder) : base(tensor) => (_text, _encoder) = (text, encoder);

    /// <exception cref="ModelException">The metadata and the graph don't agree.</exception>
    public static TextInput Recognise(UntakenInputs inputs)
    {
        var task = inputs.Metadata?.Task;
        if (inputs.Metadata?.Text is not { } text)
            return task is ModelTask.TextToImage
                ? throw Errors.NoTextDescription(inputs.Path) : new();
        if (inputs.Take(t => t.Name == TensorName && t.Type is "float32" or "float16" && t.Axes.Count == 2) is not { } tensor
            || tensor.Axes[1].Length != text.Size)
            throw Errors.Contradiction(inputs.Path, $"prompts have {text.Size} values", $"has no input text float32 [N, {text.Size}]");
        return new(new(tensor.Name, tensor.ElementType()!.Value, [text.Size]), text, inputs.Options.TextEncoder);
    }

    public override string Name => "prompt";

    public override Sample Read(ModelDescription model, in Sample sample, string text) => sample with { Prompt = text };

    public override string? Write(in Sample sample) => sample.Prompt;

    // Encoded here, in the thread that asks: it takes some milliseconds, and what is wrong is told before anything runs.
    public override void Check(ModelDescription model, in Sample sample)
    {
        if (sample.Prompt is not { } prompt)
            return;
        if (!IsTaken)
            throw Errors.NoPrompt(model.Path);
        if (_vectors.ContainsKey(prompt))
            return;
        var text = PromptRules.Clean(prompt);
        if (!CanEncode && !_text!.Examples.Contains(text))
            throw _encoder is null ? Errors.NoEncoder(model.Path, _text) : Errors.OtherEncoder(model.Path, _text, _encoder);
        _ = VectorOf(prompt);
    }

    public override void Fill<TRows>(ReadOnlySpan<TensorBuffer> tensors, int row, in TRows images, int first, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var sample = images[first + i];
            tensors[First].Put(row + i, sample.Prompt is { } prompt ? VectorOf(prompt)
                : Example(LatentSampler.Label(sample.Seed, sample.Index, _text!.Examples.Count)));
        }
    }

    // With another encoder, captions that the file has can be asked for all the same.
    private bool CanEncode => _encoder is not null && _encoder.Sha256 == _text!.Sha256 && _encoder.Size == _text.Size;

    private ReadOnlySpan<float> Example(int example) => _text!.Vectors.Span.Slice(example * _text.Size, _text.Size);

    private ReadOnlySpan<float> VectorOf(string prompt)
    {
        if (_vectors.TryGetValue(prompt, out var known))
            return known;
        if (_vectors.Count >= MostKept)
            _vectors.Clear();
        var text = PromptRules.Clean(prompt);
        return _vectors.GetOrAdd(prompt, _ => CanEncode ? Encode(_encoder!, text)
            : Example(_text!.Examples.ToList().IndexOf(text)).ToArray());
    }

    private static float[] Encode(ITextEncoder encoder, string text)
    {
        var vector = encoder.Encode([text])[0];
        return vector.Length == encoder.Size && Finite.Are(vector) ? vector : throw Errors.WrongVector(encoder, vector.Length);
    }
}
