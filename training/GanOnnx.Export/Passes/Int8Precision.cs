using System.Runtime.InteropServices;
using GanOnnx.Export.Graphs;
using GanOnnx.Export.Running;
using GanOnnx.Onnx;
using GanOnnx.Onnx.Passes.Quantization;
using TorchSharp;

namespace GanOnnx.Export.Passes;

/// <summary>Lets a graph's convolutions compute with bytes, in ranges that are found by running it on the calibration's inputs.</summary>
internal static class Int8Precision
{
    private const int Draws = 32;

    public static void Apply(ModelProto model, TracedModel traced, OnnxExportOptions options)
    {
        var layers = QuantizableLayer.Of(model.Graph);
        if (layers.Count == 0)
            throw new ExportException($"The module has no convolution that int8 would make faster: one with {QuantizableLayer.FewestChannels} channels or "
                + "more to make. Export it in float32.");
        var run = new Run(model, traced, options, [.. layers.SelectMany(layer => new[] { layer.Input, layer.Output }).Distinct()]);
        var ranges = run.Ranges();
        var histograms = ranges.ToDictionary(range => range.Key, range => new ValueHistogram(range.Value), StringComparer.Ordinal);
        run.Each((name, _, values) => histograms[name].Add(values));
        model.Graph = IntegerGraph.Of(model, layers.Select(layer => layer.Name).ToHashSet(StringComparer.Ordinal),
            value => histograms[value].LeastError(EndsInTanh(model.Graph, value)), run.SizeOf).Graph;
    }

    private static bool EndsInTanh(GraphProto graph, string value) =>
        graph.Node.Where(node => node.Input.Contains(value)).ToList() is { Count: > 0 } users && users.TrueForAll(user => user.OpType == "Tanh");

    private delegate void ValuesOf(string name, long[] shape, ReadOnlySpan<float> values);

    /// <summary>The graph, run on all inputs, with the values that are asked for.</summary>
    private sealed class Run(ModelProto model, TracedModel traced, OnnxExportOptions options, IReadOnlyList<string> wanted)
    {
        private readonly Dictionary<string, (long, long)?> _sizes = new(StringComparer.Ordinal);

        // Only a batch of any length leaves height and width as they are.
        private readonly bool _sizesAreFixed = options.DynamicAxes.All(axis => axis.Axis == 0);

        public (long Height, long Width)? SizeOf(string value) => _sizes.GetValueOrDefault(value);

        public Dictionary<string, ValueInterval> Ranges()
        {
            var ranges = new Dictionary<string, ValueInterval>(StringComparer.Ordinal);
            Each((name, shape, values) =>
            {
                var (low, high) = (float.PositiveInfinity, float.NegativeInfinity);
                foreach (var value in values)
                    (low, high) = (Math.Min(low, value), Math.Max(high, value));
                if (!float.IsFinite(low) || !float.IsFinite(high))
                    throw new ExportException($"'{name}' has values that aren't finite numbers, so its range can't be measured.");
                ranges[name] = ranges.TryGetValue(name, out var known) ? known.Union(new(low, high)) : new(low, high);
                _sizes[name] = _sizesAreFixed && shape is [_, _, var height, var width] ? (height, width) : null;
            });
            return ranges;
        }

        public void Each(ValuesOf take)
        {
            var watched = model.Clone();
            string[] made = [.. wanted.Except(traced.Inputs.Names)];
            watched.Graph.Output.AddRange(made.Except(watched.Graph.Output.Select(output => output.Name))
                .Select(name => new ValueInfoProto { Name = name }));
            using var loaded = LoadedModel.From(watched, optimized: false);
            foreach (var inputs in Inputs())
            {
                using var scope = torch.NewDisposeScope();
                using var results = loaded.Run(traced.Inputs.Names, inputs, made);
                foreach (var (name, result) in made.Zip(results))
                    take(name, result.GetTensorTypeAndShape().Shape, result.GetTensorDataAsSpan<float>());
                foreach (var (name, input) in traced.Inputs.Names.Zip(inputs).Where(input => wanted.Contains(input.First)))
                    take(name, input.shape, MemoryMarshal.Cast<byte, float>(input.contiguous().bytes));
            }
        }

        private IEnumerable<IReadOnlyList<torch.Tensor>> Inputs() => options.Calibration.Count > 0 ? options.Calibration
            : Enumerable.Range(0, Draws).Select(draw => traced.Inputs.Draw(traced.Inputs.TraceSizes, draw));
    }
}
