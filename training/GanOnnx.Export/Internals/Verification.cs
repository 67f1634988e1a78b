using GanOnnx.Export.Onnx;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Export.Internals;

/// <summary>Runs the same inputs through the module and through ONNX Runtime.</summary>
internal static class Verification
{
    /// <param name="module">The module.</param>
    /// <param name="model">The file's content.</param>
    /// <param name="traced">The graph as it was traced, to find the layer where a difference begins.</param>
    /// <param name="options">The tolerance, and what the outputs are.</param>
    public static IReadOnlyList<OutputDifference> Run(nn.Module module, byte[] model, TracedModel traced, OnnxExportOptions options)
    {
        using var session = Load(model);
        return [.. traced.Inputs.VerifiedSizes.SelectMany(sizes => Compare(module, session, traced, sizes, options))];
    }

    public static double Tolerance(OnnxExportOptions options) =>
        options.Tolerance ?? (options.Precision == Precision.Float16 ? 1e-2 : 1e-4);

    private static List<OutputDifference> Compare(nn.Module module, InferenceSession session, TracedModel traced, AxisSizes sizes, OnnxExportOptions options)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var inputs = traced.Inputs.Draw(sizes);
        var sentence = $"at {sizes}, so no file is written.";
        var actual = RunSession(session, traced.Inputs.Names, inputs, traced.OutputNames, sizes);
        var expected = ModuleRunner.Run(module, [.. inputs.Select(i => i.clone())]);

        var differences = new List<OutputDifference>();
        foreach (var (name, mine, theirs) in traced.OutputNames.Zip(expected, actual))
        {
            var wanted = options.ByteImages ? Passes.ByteImages.Expected(mine) : mine;
            if (!theirs.shape.SequenceEqual(wanted.shape))
                throw new ExportException($"ONNX Runtime's '{name}' has the shape [{string.Join(", ", theirs.shape)}], the module's [{string.Join(", ", wanted.shape)}], {sentence}{FirstDeparture(traced, options)}");
            var difference = Difference.Between(wanted, theirs);
            if (double.IsNaN(difference.Absolute))
                throw new ExportException($"'{name}' has values that aren't finite numbers, in the module or in ONNX Runtime, {sentence} Check the module's weights.");
            var accepted = options.ByteImages ? Math.Max(1, 256 * Tolerance(options)) : Tolerance(options) * Math.Max(1, difference.Magnitude);
            if (difference.Absolute > accepted)
                throw new ExportException($"ONNX Runtime's '{name}' differs from the module's by up to {difference.Absolute:g3}, more than {accepted:g3}, {sentence}{FirstDeparture(traced, options)}");
            differences.Add(new OutputDifference(name, sizes.ToString(), difference.Absolute, difference.Relative));
        }
        return differences;
    }

    /// <summary>Says at which layer the traced graph departs first, by asking ONNX Runtime for every step's value.</summary>
    private static string FirstDeparture(TracedModel traced, OnnxExportOptions options)
    {
        var model = traced.Proto.Clone();
        foreach (var value in traced.Steps.Select(s => s.Value).Distinct().Except(model.Graph.Output.Select(o => o.Name)))
            model.Graph.Output.Add(new ValueInfoProto { Name = value });
        try
        {
            using var session = Load(model.ToByteArray());
            var names = traced.Steps.Select(s => s.Value).Distinct().ToList();
            var values = RunSession(session, traced.Inputs.Names, traced.Inputs.Draw(traced.Inputs.TraceSizes), names, traced.Inputs.TraceSizes);
            foreach (var step in traced.Steps)
            {
                var value = values[names.IndexOf(step.Value)];
                if (!value.shape.SequenceEqual(step.Example.shape))
                    return $" They depart first at '{step.Path}' ({step.Type}): [{string.Join(", ", value.shape)}] instead of [{string.Join(", ", step.Example.shape)}].";
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

    private static InferenceSession Load(byte[] model)
    {
        try
        {
            using var sessionOptions = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
            return new InferenceSession(model, sessionOptions);
        }
        catch (OnnxRuntimeException e)
        {
            throw new ExportException($"ONNX Runtime refuses the exported model, so no file is written: {e.Message}", e);
        }
    }

    private static IReadOnlyList<Tensor> RunSession(InferenceSession session, IReadOnlyList<string> inputNames, IReadOnlyList<Tensor> inputs, IReadOnlyList<string> outputNames, AxisSizes sizes)
    {
        var values = inputs.Select(OrtTensors.ToOrtValue).ToList();
        using var run = new RunOptions();
        try
        {
            // An input that nothing depends on isn't in the graph's inputs as ONNX Runtime sees them.
            using var outputs = session.Run(run, inputNames, values, outputNames);
            return [.. outputs.Select(OrtTensors.ToTensor)];
        }
        catch (OnnxRuntimeException e)
        {
            throw new ExportException($"ONNX Runtime can't run the exported model at {sizes}, so no file is written: {e.Message}", e);
        }
        finally
        {
            values.ForEach(v => v.Dispose());
        }
    }
}
