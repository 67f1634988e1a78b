using GanOnnx.Export.Running;
using static TorchSharp.torch;

namespace GanOnnx.Export.Converters;

/// <summary>
/// Finds what a module keeps to itself, as the number of heads, by running it: the candidate is taken that gives what the
/// module gives for inputs drawn here. The caller's example decides nothing, so its shape can't mislead.
/// </summary>
internal static class HiddenSettings
{
    // A wrong setting is off by a part of the values themselves; a right one by the order of float32 sums.
    private const double Tolerance = 1e-4;

    // Weights near zero may make candidates agree on small inputs.
    private static readonly double[] _scales = [1, 10, 100];

    /// <param name="layer">The module.</param>
    /// <param name="settings">What is looked for, for the error.</param>
    /// <param name="candidates">What may be.</param>
    /// <param name="shapes">The shapes of the module's inputs.</param>
    /// <param name="compute">What a candidate gives: the module's outputs, or the first of them.</param>
    /// <returns>
    /// The candidate that agrees. Of several that agree on every input, the closest: they make no difference that could be
    /// seen.
    /// </returns>
    /// <exception cref="ExportException">None agrees.</exception>
    public static T Find<T>(Layer layer, string settings, IReadOnlyList<T> candidates, IReadOnlyList<long[]> shapes, Func<T, Tensor[],
        IReadOnlyList<Tensor>> compute)
    {
        using var scope = NewDisposeScope();
        var agreeing = candidates;
        foreach (var scale in _scales)
        {
            Tensor[] inputs = [.. shapes.Select((shape, i) => Inputs.Normal(shape, i) * scale)];
            var expected = ModuleRunner.Run(layer.Module, inputs);
            List<T> closest = [.. agreeing.Select(c => (Candidate: c, Distance: Distance(expected, compute(c, inputs))))
                .Where(c => c.Distance <= Tolerance).OrderBy(c => c.Distance).Select(c => c.Candidate)];
            if (closest is [var only])
                return only;
            if (closest.Count == 0)
                break;
            agreeing = closest;
        }
        return ReferenceEquals(agreeing, candidates)
            ? throw layer.Error($"is a {layer.Module.GetType().Name} whose output none of the known settings gives ({settings}). Derive "
                + "it from TracedModule, or give its trace in OnnxExportOptions.Traces.")
            : agreeing[0];
    }

    private static double Distance(Tensor[] expected, IReadOnlyList<Tensor> actual) =>
        expected.Zip(actual, (mine, theirs) => Difference.Between(mine, theirs).Relative).Max();
}
