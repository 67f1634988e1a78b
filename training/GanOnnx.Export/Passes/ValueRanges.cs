using System.Runtime.InteropServices;
using GanOnnx.Export.Graphs;
using GanOnnx.Export.Running;
using GanOnnx.Onnx;
using GanOnnx.Onnx.Passes.Precision;
using Microsoft.ML.OnnxRuntime;
using TensorElementType = Microsoft.ML.OnnxRuntime.Tensors.TensorElementType;

namespace GanOnnx.Export.Passes;

/// <summary>The ranges of all float32 values of a graph, its constants included, found by running it on the example.</summary>
internal static class ValueRanges
{
    public static Dictionary<string, ValueRange> Measure(ModelProto model, TracedModel traced)
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        var ranges = new Dictionary<string, ValueRange>(StringComparer.Ordinal);
        foreach (var constant in model.Graph.Initializer.Where(i => i.DataType == (int)TensorProto.Types.DataType.Float))
            ranges[constant.Name] = ValueRange.Of(MemoryMarshal.Cast<byte, float>(constant.RawData.Span));

        var inputs = traced.Inputs.Draw(traced.Inputs.TraceSizes);
        foreach (var (name, input) in traced.Inputs.Names.Zip(inputs).Where(i => i.Second.dtype == TorchSharp.torch.float32))
            ranges[name] = ValueRange.Of(MemoryMarshal.Cast<byte, float>(input.bytes));

        var values = model.Graph.Node.SelectMany(n => n.Output).Where(o => o.Length > 0).Distinct().ToList();
        var all = model.Clone();
        foreach (var value in values.Except(all.Graph.Output.Select(o => o.Name)))
            all.Graph.Output.Add(new ValueInfoProto { Name = value });
        using var loaded = LoadedModel.From(all, optimized: false);
        using var results = loaded.Run(traced.Inputs.Names, inputs, values);
        foreach (var (value, result) in values.Zip(results))
            if (result.GetTensorTypeAndShape().ElementDataType == TensorElementType.Float)
                ranges[value] = ValueRange.Of(result.GetTensorDataAsSpan<float>());
        return ranges;
    }
}
