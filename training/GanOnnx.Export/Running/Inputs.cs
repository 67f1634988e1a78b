using GanOnnx.Export.Graphs;
using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Export.Running;

/// <summary>The sizes of the open axes in one run, by name.</summary>
internal sealed class AxisSizes(IEnumerable<(string Name, long Size)> sizes) : Dictionary<string,
    long>(sizes.ToDictionary(s => s.Name, s => s.Size))
{
    public override string ToString() => Count == 0 ? "the example's sizes" : string.Join(", ", this.Select(s => $"{s.Key} = {s.Value}"));
}

/// <summary>What goes into the module: names, examples, and which of their axes are open.</summary>
internal sealed class Inputs
{
    private readonly IReadOnlyList<DynamicAxis> _axes;

    public Inputs(IReadOnlyList<Tensor> examples, OnnxExportOptions options)
    {
        (Examples, _axes) = (examples, options.DynamicAxes);
        Names = ModelBuilder.Names("input", options.InputNames, examples.Count, "InputNames");
        foreach (var axis in _axes)
            Check(axis);
    }

    /// <summary>What the caller gave.</summary>
    public IReadOnlyList<Tensor> Examples { get; }

    public IReadOnlyList<string> Names { get; }

    /// <summary>
    /// The sizes that the graph is traced at: the largest to be verified, so that an open axis is unlikely to have the
    /// size of another axis.
    /// </summary>
    public AxisSizes TraceSizes => new(ByName().Select(a => (a.Name, Sizes(a.Axes).Max())));

    /// <summary>The runs to compare: as many as the axis with the most sizes has; the others take turns.</summary>
    public IReadOnlyList<AxisSizes> VerifiedSizes
    {
        get
        {
            var axes = ByName().Select(a => (a.Name, Sizes: Sizes(a.Axes))).ToList();
            var runs = axes.Count == 0 ? 1 : axes.Max(a => a.Sizes.Count);
            return [.. Enumerable.Range(0, runs).Select(run => new AxisSizes(axes.Select(a => (a.Name, a.Sizes[run % a.Sizes.Count]))))];
        }
    }

    /// <summary>The open axes of an input, by their place.</summary>
    public IReadOnlyDictionary<int, string> OpenAxes(int input) =>
        _axes.Where(a => Has(a, input)).ToDictionary(a => a.Axis, a => a.Name);

    /// <summary>
    /// Inputs of the given sizes: standard normal numbers, integers from the smallest to the largest of the example's.
    /// Always the same, and the caller's random state is left alone.
    /// </summary>
    /// <param name="sizes">The sizes of the open axes.</param>
    /// <param name="draw">Which of many such inputs.</param>
    public IReadOnlyList<Tensor> Draw(AxisSizes sizes, int draw = 0) =>
        [.. Examples.Select((example, i) =>
            Draw(example, [.. example.shape.Select((size, axis) => OpenAxes(i).TryGetValue(axis, out var name) ? sizes[name] : size)],
                i + draw * Examples.Count))];

    /// <summary>Which axes of the outputs are open: those that change when the module runs at another size.</summary>
    public IReadOnlyList<IReadOnlyDictionary<int, string>> AxesOfOutputs(nn.Module module, IReadOnlyList<TracedTensor> outputs)
    {
        var open = outputs.Select(_ => new Dictionary<int, string>()).ToArray();
        foreach (var (name, axes) in ByName())
        {
            var runs = OtherSizes(name, axes).Select(size => (Size: size, Shapes: ShapesAt(module, name, size))).ToList();
            for (var i = 0; i < open.Length; i++)
                for (var axis = 0; axis < outputs[i].ndim; axis++)
                    if (runs.Where(r => r.Shapes[i].Length == outputs[i].ndim).Select(r => (r.Size, Found: r.Shapes[i][axis]))
                        .ToList() is var found
                        && found.Any(f => f.Found != outputs[i].shape[axis]))
                        open[i][axis] = Named(open[i], axis, name,
                            sameSize: outputs[i].shape[axis] == TraceSizes[name] && found.All(f => f.Found == f.Size));
        }
        return open;
    }

    // All that are known to be taken: two sizes alone may give an output of one size, as where a step leaves a rest.
    private List<long> OtherSizes(string name, IReadOnlyList<(DynamicAxis Axis, long Example)> axes)
    {
        var sizes = VerifiedSizes.Select(s => s[name]).Append(axes[0].Example).Distinct().Where(s => s != TraceSizes[name]).ToList();
        return sizes.Count > 0 ? sizes : [2 * TraceSizes[name]];
    }

    private long[][] ShapesAt(nn.Module module, string name, long size)
    {
        using var scope = NewDisposeScope();
        return [.. ModuleRunner.Run(module, Draw(new AxisSizes(TraceSizes.Select(s => (s.Key, s.Key == name ? size : s.Value)))))
            .Select(t => t.shape)];
    }

    // An axis that is N in the input and N in the output has one name; one that grows with it, as twice the height, has its own.
    private static string Named(Dictionary<int, string> open, int axis, string name, bool sameSize) =>
        sameSize && !open.ContainsValue(name) ? name : $"{name}_out_{axis}";

    private IEnumerable<(string Name, IReadOnlyList<(DynamicAxis Axis, long Example)> Axes)> ByName() =>
        from axis in _axes
        from input in Enumerable.Range(0, Examples.Count)
        where Has(axis, input)
        group (axis, Examples[input].shape[axis.Axis]) by axis.Name into named
        select (named.Key, (IReadOnlyList<(DynamicAxis, long)>)[.. named]);

    private static IReadOnlyList<long> Sizes(IReadOnlyList<(DynamicAxis Axis, long Example)> axes) =>
        axes.FirstOrDefault(a => a.Axis.VerifiedSizes.Count > 0).Axis is { } given
            ? [.. given.VerifiedSizes.Select(s => (long)s)]
            : [axes[0].Example, 2 * axes[0].Example];

    private static bool Has(DynamicAxis axis, int input) => axis.Input is not { } only || only == input;

    private void Check(DynamicAxis axis)
    {
        if (string.IsNullOrEmpty(axis.Name) || axis.VerifiedSizes.Any(s => s < 1))
            throw new ExportException($"The open axis '{axis.Name}' has the verified sizes [{string.Join(", ", axis.VerifiedSizes)}]; a "
                + "name and sizes of at least 1 are needed.");
        if (axis.Input is { } input && (input < 0 || input >= Examples.Count))
            throw new ExportException($"The open axis '{axis.Name}' is of input {input}, but there are {Examples.Count} inputs, "
                + "counted from 0.");
        foreach (var (example, i) in Examples.Select((e, i) => (e, i)))
            if (Has(axis, i) && (axis.Axis < 0 || axis.Axis >= example.ndim))
                throw new ExportException($"The open axis '{axis.Name}' is axis {axis.Axis} of '{Names[i]}', which has "
                    + $"[{string.Join(", ", example.shape)}]. Give an axis that is there, counted from 0.");
    }

    private static Tensor Draw(Tensor example, long[] shape, int seed)
    {
        if (!example.is_floating_point())
        {
            var random = new Random(seed);
            var count = shape.Aggregate(1L, (product, size) => product * size);
            var (low, high) = ((long)Difference.Numbers(example).DefaultIfEmpty(0).Min(),
                (long)Difference.Numbers(example).DefaultIfEmpty(0).Max());
            var integers = new long[count];
            for (var i = 0; i < count; i++)
                integers[i] = random.NextInt64(low, high + 1);
            return tensor(integers, shape).to(example.dtype);
        }
        return Normal(shape, seed).to(example.dtype);
    }

    /// <summary>Standard normal numbers, always the same for a seed.</summary>
    public static Tensor Normal(long[] shape, int seed)
    {
        var random = new Random(seed);
        var values = new float[shape.Aggregate(1L, (product, size) => product * size)];
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(Math.Tau * random.NextDouble()));
        return tensor(values, shape);
    }
}
