using GanOnnx.Export.Tests.Fixtures;
using GanOnnx.Onnx;
using Microsoft.ML.OnnxRuntime;
using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Export.Tests.CheckedByOthers;

/// <summary>Runs a file at every graph optimization level of ONNX Runtime.</summary>
internal static class OptimizationLevels
{
    private const int OpenBatch = 2, OpenSize = 24; // a multiple of what networks and layers divide by

    // Merged operators add in another order; in float16 they round in other places, and in int8 a value may become the next byte.
    private const double Tolerance = 1e-5, HalfTolerance = 1e-2;

    public static void Check(string path, ModelProto model)
    {
        using var scope = NewDisposeScope();
        var inputs = model.Graph.Input.Select((input, seed) => Draw(input, seed)).ToList();
        var isHalf = model.Graph.Node.Any(n => n.OpType is "Cast" or "QLinearConv");
        var plain = Run(path, inputs, GraphOptimizationLevel.ORT_DISABLE_ALL);
        foreach (var level in Enum.GetValues<GraphOptimizationLevel>().Except([GraphOptimizationLevel.ORT_DISABLE_ALL]))
            foreach (var (expected, actual) in plain.Zip(Run(path, inputs, level)))
                Compare(Path.GetFileName(path), level, expected, actual, isHalf ? HalfTolerance : Tolerance);
    }

    private static Tensor[] Run(string path, List<Tensor> inputs, GraphOptimizationLevel level)
    {
        using var options = new SessionOptions
        {
            GraphOptimizationLevel = level,
            IntraOpNumThreads = 1,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL
        };
        using var session = new InferenceSession(path, options);
        return OnnxFile.Run(session, inputs);
    }

    private static void Compare(string file, GraphOptimizationLevel level, Tensor expected, Tensor actual, double tolerance)
    {
        var (a, b) = (expected.to(float64), actual.to(float64));
        var largest = Math.Max(1, a.abs().max().item<double>());
        if (!expected.shape.SequenceEqual(actual.shape)
            || !((a - b).abs().max().item<double>() <= (expected.dtype == uint8 ? 1 : tolerance * largest)))
            throw new InvalidDataException($"ONNX Runtime's result for {file} at {level} isn't that without optimization.");
    }

    private static Tensor Draw(ValueInfoProto input, int seed)
    {
        var shape = input.Type.TensorType.Shape.Dim.Select(d => d.HasDimValue ? d.DimValue : d.DimParam == "N" ? OpenBatch : OpenSize)
            .ToArray();
        return input.Type.TensorType.ElemType == (int)TensorProto.Types.DataType.Int64
            ? ones(shape, int64)
            : Modules.Draw(shape, seed);
    }
}
