using GanOnnx.Inference.Runtime;
using GanOnnx.Onnx;
using GanOnnx.Onnx.Passes.Quantization;
using Microsoft.ML.OnnxRuntime;

namespace GanOnnx.Quantization;

/// <summary>The ranges of a model's values, found by running it: first their ends, then how often they are how large.</summary>
internal sealed class Calibration
{
    private readonly Dictionary<string, ValueHistogram> _histograms;
    private readonly Dictionary<string, (long Height, long Width)?> _sizes;
    private readonly HashSet<string> _endInTanh;

    private Calibration(Dictionary<string, ValueHistogram> histograms, Dictionary<string, (long Height, long Width)?> sizes,
        HashSet<string> endInTanh) => (_histograms, _sizes, _endInTanh) = (histograms, sizes, endInTanh);

    /// <summary>A value's height and width where the model fixes them.</summary>
    public (long Height, long Width)? SizeOf(string value) => _sizes[value];

    public ValueInterval RangeOf(string value, ActivationRanges rule) => rule switch
    {
        ActivationRanges.MinMax => _histograms[value].MinMax,
        ActivationRanges.Percentile => _histograms[value].Percentile(),
        _ => _histograms[value].LeastError(_endInTanh.Contains(value)),
    };

    /// <param name="model">The model.</param>
    /// <param name="values">Which of its values.</param>
    /// <param name="use">What goes into it.</param>
    /// <param name="path">What messages call it.</param>
    /// <param name="stop">Looked at between runs.</param>
    /// <exception cref="QuantizationException">A value isn't a finite number.</exception>
    public static Calibration Of(ModelProto model, IReadOnlyList<string> values, ModelUse use, string path, CancellationToken stop)
    {
        var ends = new Dictionary<string, ValueInterval>(StringComparer.Ordinal);
        var sizes = new Dictionary<string, (long, long)?>(StringComparer.Ordinal);
        var isOpen = model.Graph.Input.Any(input => input.Type.TensorType.Shape.Dim.Skip(1).Any(axis => !axis.HasDimValue));
        Run((name, shape, numbers) =>
        {
            sizes[name] = isOpen || shape is not [_, _, var height, var width] ? null : (height, width);
            var (low, high) = (float.PositiveInfinity, float.NegativeInfinity);
            foreach (var number in numbers)
                (low, high) = float.IsFinite(number) ? (Math.Min(low, number), Math.Max(high, number))
                    : throw new QuantizationException($"'{name}' of '{path}' has values that aren't finite numbers.");
            var range = new ValueInterval(low, high);
            ends[name] = ends.TryGetValue(name, out var known) ? known.Union(range) : range;
        });
        var histograms = ends.ToDictionary(end => end.Key, end => new ValueHistogram(end.Value), StringComparer.Ordinal);
        Run((name, _, numbers) => histograms[name].Add(numbers));
        var users = model.Graph.Node.SelectMany(node => node.Input.Select(input => (input, node.OpType)))
            .ToLookup(user => user.input, user => user.OpType);
        return new(histograms, sizes, [.. values.Where(value => users[value].Any() && users[value].All(type => type == "Tanh"))]);

        void Run(NumbersOf take) => Calibration.Run(model, values, use, path, take, stop);
    }

    private delegate void NumbersOf(string name, long[] shape, ReadOnlySpan<float> numbers);

    private static void Run(ModelProto model, IReadOnlyList<string> values, ModelUse use, string path, NumbersOf take,
        CancellationToken stop)
    {
        var watched = model.Clone();
        var inputs = watched.Graph.Input.Select(input => input.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var value in values.Where(value => !inputs.Contains(value)).Except(watched.Graph.Output.Select(output => output.Name)))
            watched.Graph.Output.Add(new ValueInfoProto { Name = value });
        string[] outputs = [.. values.Where(value => !inputs.Contains(value))];
        using var settings = new SessionOptions();
        using var session = Graphs.Load(ModelContent.Of(path, watched, stop), settings, stop);
        using var options = new RunOptions();
        foreach (var run in use.CalibrationRuns())
        {
            stop.ThrowIfCancellationRequested();
            using var results = session.Run(options, run, outputs);
            foreach (var (name, result) in outputs.Zip(results))
                take(name, result.GetTensorTypeAndShape().Shape, result.GetTensorDataAsSpan<float>());
            foreach (var (name, value) in run.Where(input => values.Contains(input.Key)))
                take(name, value.GetTensorTypeAndShape().Shape, value.GetTensorDataAsSpan<float>());
        }
    }
}
