using GanOnnx.Export.Graphs;
using GanOnnx.Export.Running;
using GanOnnx.Onnx;
using Microsoft.ML.OnnxRuntime;
using static TorchSharp.torch;

namespace GanOnnx.Export.Tests.Fixtures;

/// <summary>An exported file, read back and run.</summary>
internal static class OnnxFile
{
    public static ModelProto Read(string path) => ModelProto.Parser.ParseFrom(File.ReadAllBytes(path));

    public static (float[] Values, long[] Shape) Run(string path, float[] input, long[] shape)
    {
        using var session = new InferenceSession(path);
        using var value = OrtValue.CreateTensorValueFromMemory(input, shape);
        using var run = new RunOptions();
        using var outputs = session.Run(run, [session.InputNames[0]], [value], [session.OutputNames[0]]);
        return (outputs[0].GetTensorDataAsSpan<float>().ToArray(), outputs[0].GetTensorTypeAndShape().Shape);
    }

    /// <summary>The outputs for inputs in the order of the file's.</summary>
    public static Tensor[] Run(string path, params IReadOnlyList<Tensor> inputs)
    {
        using var session = new InferenceSession(path);
        return Run(session, inputs);
    }

    public static Tensor[] Run(InferenceSession session, IReadOnlyList<Tensor> inputs)
    {
        var values = inputs.Select(OrtTensors.ToOrtValue).ToList();
        using var run = new RunOptions();
        using var outputs = session.Run(run, session.InputNames, values, session.OutputNames);
        values.ForEach(v => v.Dispose());
        return [.. outputs.Select(OrtTensors.ToTensor)];
    }

    /// <summary>The types of a file's operators, in its order.</summary>
    public static IEnumerable<string> Operators(string path) => Read(path).Graph.Node.Select(n => n.OpType);
}
