using System.Runtime.InteropServices;
using GanOnnx.Onnx;
using GanOnnx.Tests.Shared.Models;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;

namespace GanOnnx.Quantization.Tests;

/// <summary>Runs small models.</summary>
internal static class Runner
{
    /// <summary>The only output of a model of one input.</summary>
    /// <param name="model">The model.</param>
    /// <param name="shape">Its input's shape.</param>
    /// <param name="seed">Its input's values, −1 … 1.</param>
    public static float[] Run(ModelProto model, long[] shape, int seed = 1)
    {
        using var settings = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        using var session = new InferenceSession(model.ToByteArray(), settings);
        using var options = new RunOptions();
        using var input = OrtValue.CreateTensorValueFromMemory(Values(shape, seed), shape);
        using var outputs = session.Run(options, [session.InputNames[0]], [input], session.OutputNames);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }

    public static float[] Values(long[] shape, int seed)
    {
        var random = new Random(seed);
        var values = new float[shape.Aggregate(1L, (product, length) => product * length)];
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)(2 * random.NextDouble() - 1);
        return values;
    }

    /// <summary>The peak signal-to-noise ratio in dB, the peak being the range of the first ones.</summary>
    public static double Psnr(float[] expected, float[] actual)
    {
        var error = expected.Zip(actual, (a, b) => (double)(a - b) * (a - b)).Average();
        double peak = expected.Max() - expected.Min();
        return 10 * Math.Log10(peak * peak / error);
    }

    /// <summary>How many nodes there are of an operator.</summary>
    public static int Count(this ModelProto model, string operatorType) => model.Graph.Node.Count(node => node.OpType == operatorType);

    /// <summary>A constant of float32.</summary>
    public static TensorProto Constant(string name, long[] shape, float[] values) => new()
    {
        Name = name,
        DataType = (int)TensorProto.Types.DataType.Float,
        Dims = { shape },
        RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(values)),
    };

    /// <summary>Adds a constant.</summary>
    public static ModelBuilder With(this ModelBuilder builder, TensorProto constant)
    {
        builder.Model.Graph.Initializer.Add(constant);
        return builder;
    }
}
