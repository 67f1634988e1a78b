using GanOnnx.Export.Onnx;
using Microsoft.ML.OnnxRuntime;

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
}
