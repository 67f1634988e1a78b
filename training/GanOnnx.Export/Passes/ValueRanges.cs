using GanOnnx.Export.Internals;
using GanOnnx.Export.Onnx;
using Microsoft.ML.OnnxRuntime;
using System.Runtime.InteropServices;
using TensorElementType = Microsoft.ML.OnnxRuntime.Tensors.TensorElementType;

namespace GanOnnx.Export.Passes;

/// <summary>What a float32 value is for the example.</summary>
/// <param name="Largest">Its largest absolute value; infinite where some aren't finite numbers.</param>
/// <param name="Count">How many numbers it has.</param>
internal readonly record struct ValueRange(double Largest, long Count)
{
    // A quarter of float16's largest number, since other inputs may give more, and its smallest one of full precision.
    private const double Most = 16384, Least = 6.103515625e-5;

    /// <summary>Whether float16 holds it; a value that is zero throughout too.</summary>
    public bool FitsHalf => Largest <= Most && (Largest >= Least || Largest == 0);

    public static ValueRange Of(ReadOnlySpan<float> values)
    {
        var largest = 0f;
        foreach (var value in values)
            largest = float.IsFinite(value) ? Math.Max(largest, Math.Abs(value)) : float.PositiveInfinity;
        return new ValueRange(largest, values.Length);
    }

    /// <summary>The ranges of all float32 values of a graph, its constants included, found by running it on the example.</summary>
    public static Dictionary<string, ValueRange> Measure(ModelProto model, TracedModel traced)
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        var ranges = new Dictionary<string, ValueRange>(StringComparer.Ordinal);
        foreach (var constant in model.Graph.Initializer.Where(i => i.DataType == (int)TensorProto.Types.DataType.Float))
            ranges[constant.Name] = Of(MemoryMarshal.Cast<byte, float>(constant.RawData.Span));

        var inputs = traced.Inputs.Draw(traced.Inputs.TraceSizes);
        foreach (var (name, input) in traced.Inputs.Names.Zip(inputs).Where(i => i.Second.dtype == TorchSharp.torch.float32))
            ranges[name] = Of(MemoryMarshal.Cast<byte, float>(input.bytes));

        var values = model.Graph.Node.SelectMany(n => n.Output).Where(o => o.Length > 0).Distinct().ToList();
        var all = model.Clone();
        foreach (var value in values.Except(all.Graph.Output.Select(o => o.Name)))
            all.Graph.Output.Add(new ValueInfoProto { Name = value });
        using var loaded = LoadedModel.From(all, optimized: false);
        using var results = loaded.Run(traced.Inputs.Names, inputs, values);
        foreach (var (value, result) in values.Zip(results))
            if (result.GetTensorTypeAndShape().ElementDataType == TensorElementType.Float)
                ranges[value] = Of(result.GetTensorDataAsSpan<float>());
        return ranges;
    }
}
