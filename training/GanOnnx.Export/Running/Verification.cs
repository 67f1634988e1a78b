using GanOnnx.Export.Graphs;
using GanOnnx.Onnx;
using Microsoft.ML.OnnxRuntime;
using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Export.Running;

/// <summary>Runs the same inputs through the module and through ONNX Runtime.</summary>
internal static class Verification
{
    // A trace that was given and the forward it stands for are two texts, and what depends on values may be in one of them alone.
    private const int DrawsWithGivenTraces = 16;

    /// <param name="module">The module.</param>
    /// <param name="model">What is in the file.</param>
    /// <param name="traced">The graph as it was traced, to find the layer where a difference begins.</param>
    /// <param name="options">The tolerance, and what the outputs are.</param>
    public static IReadOnlyList<OutputDifference> Run(nn.Module module, LoadedModel model, TracedModel traced, OnnxExportOptions options)
    {
        for (var draw = 1; draw < DrawsWithGivenTraces && options.Traces.Count > 0; draw++)
            Compare(module, model, traced, traced.Inputs.VerifiedSizes[0], options, draw);
        return [.. traced.Inputs.VerifiedSizes.SelectMany(sizes => Compare(module, model, traced, sizes, options))];
    }

    public static double Tolerance(OnnxExportOptions options) =>
        options.Tolerance ?? (options.Precision == Precision.Float16 ? 1e-2 : 1e-4);

    private static List<OutputDifference> Compare(nn.Module module, LoadedModel model, TracedModel traced, AxisSizes sizes,
        OnnxExportOptions options, int draw = 0)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var inputs = traced.Inputs.Draw(sizes, draw);
        var sentence = $"at {sizes}, so no file is written.";
        var actual = RunSession(model, traced.Inputs, inputs, traced.OutputNames, sizes);
        var expected = ModuleRunner.Run(module, [.. inputs.Select(i => i.clone())]);

        var differences = new List<OutputDifference>();
        foreach (var (name, mine, theirs) in traced.OutputNames.Zip(expected, actual))
        {
            var wanted = options.ByteImages ? AsBytes(mine) : mine;
            if (!theirs.shape.SequenceEqual(wanted.shape))
                throw new ExportException($"ONNX Runtime's '{name}' has the shape [{string.Join(", ", theirs.shape)}], the module's "
                    + $"[{string.Join(", ", wanted.shape)}], {sentence}{FirstDeparture(traced, options)}");
            var difference = Difference.Between(wanted, theirs);
            if (double.IsNaN(difference.Absolute))
                throw new ExportException($"'{name}' has values that aren't finite numbers, in the module or in ONNX Runtime, {sentence} "
                    + "Check the module's weights.");
            if (options.Precision == Precision.Int8)
            {
                CheckPsnr(name, wanted, theirs, options, sentence);
                differences.Add(new OutputDifference(name, sizes, difference.Absolute, difference.Relative));
                continue;
            }
            var accepted = options.ByteImages ? Math.Max(1, 256 * Tolerance(options))
                : Tolerance(options) * Math.Max(1, difference.Magnitude);
            if (difference.Absolute > accepted)
                throw new ExportException($"ONNX Runtime's '{name}' differs from the module's by up to {difference.Absolute:g3}, more "
                    + $"than {accepted:g3}, {sentence}{Reason()}");
            differences.Add(new OutputDifference(name, sizes, difference.Absolute, difference.Relative));

            string Reason() => Difference.Between(mine, ModuleRunner.Run(module, [.. inputs.Select(i => i.clone())])[differences.Count])
                .Absolute > accepted / 2
                ? " The module's own values are others each time that it runs on the same input: it draws random numbers or remembers "
                    + "something."
                : FirstDeparture(traced, options);
        }
        return differences;
    }

    private static void CheckPsnr(string name, Tensor wanted, Tensor actual, OnnxExportOptions options, string sentence)
    {
        using var scope = NewDisposeScope();
        var (mine, theirs) = (wanted.to(float64), actual.to(float64));
        var peak = options.ByteImages ? byte.MaxValue : (mine.max() - mine.min()).item<double>();
        var psnr = 10 * Math.Log10(peak * peak / (mine - theirs).square().mean().item<double>());
        if (!(psnr >= options.MinPsnr) && peak > 0)
            throw new ExportException($"In int8, '{name}' is {psnr:0.0} dB from the module's, less than {options.MinPsnr:0.#}, {sentence} Export it in "
                + "float32; GanOnnx.Quantization can leave single layers of that file in float32.");
    }

    /// <summary>What <see cref="OnnxExportOptions.ByteImages"/> should make of the module's image.</summary>
    private static Tensor AsBytes(Tensor image) => (image * 127.5 + 128).clamp(0, 255).to(uint8).permute(0, 2, 3, 1);

    /// <summary>Says at which layer the traced graph departs first, by asking ONNX Runtime for every step's value.</summary>
    private static string FirstDeparture(TracedModel traced, OnnxExportOptions options)
    {
        var model = traced.Proto.Clone();
        foreach (var value in traced.Steps.Select(s => s.Value).Distinct().Except(model.Graph.Output.Select(o => o.Name)))
            model.Graph.Output.Add(new ValueInfoProto { Name = value });
        try
        {
            using var loaded = LoadedModel.From(model);
            var names = traced.Steps.Select(s => s.Value).Distinct().ToList();
            var values = RunSession(loaded, traced.Inputs, traced.Inputs.Draw(traced.Inputs.TraceSizes), names, traced.Inputs.TraceSizes);
            foreach (var step in traced.Steps)
            {
                var value = values[names.IndexOf(step.Value)];
                if (!value.shape.SequenceEqual(step.Example.shape))
                    return $" They depart first at '{step.Path}' ({step.Type}): [{string.Join(", ", value.shape)}] instead of "
                        + $"[{string.Join(", ", step.Example.shape)}].";
                var difference = Difference.Between(step.Example, value);
                if (!(difference.Absolute <= Tolerance(options) * Math.Max(1, difference.Magnitude)))
                    return $" They depart first at '{step.Path}' ({step.Type}), by up to {difference.Absolute:g3}.";
            }
        }
        catch (ExportException)
        {
            return "";
        }
        return $" At {traced.Inputs.TraceSizes} every layer agrees before the graph is optimized.";
    }

    private static IReadOnlyList<Tensor> RunSession(LoadedModel model, Inputs inputs, IReadOnlyList<Tensor> values,
        IReadOnlyList<string> outputNames, AxisSizes sizes)
    {
        try
        {
            using var outputs = model.Run(inputs.Names, values, outputNames);
            return [.. outputs.Select(OrtTensors.ToTensor)];
        }
        catch (OnnxRuntimeException e)
        {
            throw new ExportException($"ONNX Runtime can't run the exported model at {sizes}, so no file is written: {e.Message}", e);
        }
    }
}
