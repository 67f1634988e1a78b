using System.Runtime.InteropServices;
using GanOnnx.Onnx;
using GanOnnx.Onnx.Files;

namespace GanOnnx.Evaluation;

/// <summary>Where the network of the package Microsoft.ML.DnnImageFeaturizer.ResNet18 lies, and the image it subtracts first.</summary>
internal static class ResNet18
{
    public const string Name = "ResNet18";

    /// <summary>Its weights' <see cref="WeightsDigest"/>.</summary>
    public const string Digest = "e62876d6858ec32a67a713c6e57fd1469bdcd49a2fee018e2008d8189e055a74";

    // Beside a published program; where packages stay where NuGet keeps them, the program's configuration says where that is.
    private const string Folder = "DnnImageModels", Setting = "GanOnnx.Evaluation.DnnImageModels";

    /// <exception cref="EvaluationException">It isn't there.</exception>
    public static string Path => Find("ResNet18Onnx/ResNet18.onnx");

    /// <summary>The mean of ImageNet's images, blue, green, red, <c>[3, 224, 224]</c>, 0 … 255.</summary>
    public static float[] Mean()
    {
        var mean = ModelReader.Parse(Find("ResNetPrepOnnx/ResNetPreprocess.onnx")).Graph.Initializer.Single(t => t.Name == "MeanImage");
        return mean.FloatData.Count > 0 ? [.. mean.FloatData] : MemoryMarshal.Cast<byte, float>(mean.RawData.Span).ToArray();
    }

    /// <summary>The mean color of that image, <c>[3, S, S]</c>.</summary>
    public static float[] MeanOfChannels(int size)
    {
        var mean = Mean();
        var plane = mean.Length / 3;
        return [.. Enumerable.Range(0, 3)
            .SelectMany(channel => Enumerable.Repeat(mean.AsSpan(channel * plane, plane).ToArray().Average(), size * size))];
    }

    /// <summary><c>[1, 3, S, S]</c>.</summary>
    public static TensorShapeProto ShapeOf(int size) => new()
    {
        Dim = { new long[] { 1, 3, size, size }.Select(length => new TensorShapeProto.Types.Dimension { DimValue = length }) },
    };

    private static string Find(string file)
    {
        string?[] folders = [System.IO.Path.Combine(AppContext.BaseDirectory, Folder), AppContext.GetData(Setting) as string];
        return folders.OfType<string>().Select(folder => System.IO.Path.Combine(folder, file)).FirstOrDefault(File.Exists)
            ?? throw new EvaluationException($"The network '{file}' isn't beside the program in {Folder}. The package "
                + "Microsoft.ML.DnnImageFeaturizer.ResNet18 brings it, on which GanOnnx.Evaluation depends: restore, and publish again.");
    }
}
