using Microsoft.ML.OnnxRuntime;
using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Export.Internals;

/// <summary>Runs the same inputs through the module and through ONNX Runtime.</summary>
internal static class Verification
{
    public static IReadOnlyList<OutputDifference> Run(nn.Module<Tensor, Tensor> module, long[] exampleShape, byte[] model, OnnxExportOptions options)
    {
        using var session = Load(model);
        return [.. options.VerifiedBatchSizes.Select(batch => Compare(module, exampleShape, session, batch, options))];
    }

    private static InferenceSession Load(byte[] model)
    {
        try
        {
            using var sessionOptions = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
            return new InferenceSession(model, sessionOptions);
        }
        catch (OnnxRuntimeException e)
        {
            throw new ExportException($"ONNX Runtime refuses the exported model, so no file is written: {e.Message}", e);
        }
    }

    private static OutputDifference Compare(nn.Module<Tensor, Tensor> module, long[] exampleShape, InferenceSession session, int batch, OnnxExportOptions options)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        long[] shape = [batch, .. exampleShape[1..]];
        var input = Normals(shape);
        var expected = module.call(tensor(input, shape)).contiguous();
        var actual = RunSession(session, input, shape, options, out var actualShape);

        var sentence = $"at batch size {batch}, so no file is written.";
        if (!actualShape.SequenceEqual(expected.shape))
            throw new ExportException($"ONNX Runtime's output has the shape [{string.Join(", ", actualShape)}], the module's [{string.Join(", ", expected.shape)}], {sentence}");
        double largest = 0;
        foreach (var (mine, theirs) in expected.data<float>().ToArray().Zip(actual))
        {
            if (!float.IsFinite(mine) || !float.IsFinite(theirs))
                throw new ExportException($"The output has values that aren't finite numbers (module {mine}, ONNX Runtime {theirs}) {sentence} Check the module's weights.");
            largest = Math.Max(largest, Math.Abs((double)mine - theirs));
        }
        return largest <= options.Tolerance
            ? new OutputDifference(batch, largest)
            : throw new ExportException($"ONNX Runtime's output differs from the module's by up to {largest:g3}, more than {options.Tolerance:g3}, {sentence}");
    }

    private static float[] RunSession(InferenceSession session, float[] input, long[] shape, OnnxExportOptions options, out long[] outputShape)
    {
        using var value = OrtValue.CreateTensorValueFromMemory(input, shape);
        using var run = new RunOptions();
        try
        {
            using var outputs = session.Run(run, [options.InputName], [value], [options.OutputName]);
            outputShape = outputs[0].GetTensorTypeAndShape().Shape;
            return outputs[0].GetTensorDataAsSpan<float>().ToArray();
        }
        catch (OnnxRuntimeException e)
        {
            throw new ExportException($"ONNX Runtime can't run the exported model on [{string.Join(", ", shape)}], so no file is written: {e.Message}", e);
        }
    }

    // The caller's random state is left alone: the numbers come from a generator of our own, always the same.
    private static float[] Normals(long[] shape)
    {
        var random = new Random(0);
        var values = new float[shape.Aggregate(1L, (product, size) => product * size)];
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(Math.Tau * random.NextDouble()));
        return values;
    }
}
