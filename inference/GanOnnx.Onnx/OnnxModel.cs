using GanOnnx.Onnx.Checking;
using GanOnnx.Onnx.Editing;
using GanOnnx.Onnx.Files;

namespace GanOnnx.Onnx;

/// <summary>An ONNX model, with its weights, in memory.</summary>
/// <remarks>The format: https://onnx.ai. Nothing is run; files of strangers may be read and checked.</remarks>
public sealed class OnnxModel
{
    /// <summary>The bytes of all weights above which <see cref="Write"/> puts them into a second file unless told otherwise: a file holds
    /// no more than 2 GB.</summary>
    public const long LargestWeights = 1_900_000_000;

    /// <summary>Who wrote a file, in the files that GanOnnx writes.</summary>
    internal const string Producer = "GanOnnx";

    internal OnnxModel(ModelProto proto) => Proto = proto;

    internal ModelProto Proto { get; }

    /// <summary>Reads a model, with the weights that lie beside its file.</summary>
    /// <param name="path">The .onnx file, of at most 2 GB. Weights beside it are taken from its own folder or below it alone.</param>
    /// <exception cref="OnnxFileException">The file is no ONNX file or damaged, or weights aren't where it says.</exception>
    /// <exception cref="IOException">The file, or one beside it, can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file, or one beside it, may not be read.</exception>
    public static OnnxModel Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new OnnxModel(ModelReader.Read(path));
    }

    /// <summary>Finds what a runtime would stumble over, without running anything or loading the weights beside the file.</summary>
    /// <remarks>
    /// Values that nothing makes or that are made too late, unknown operator sets, windows that don't move (a stride of 0
    /// ends a process in ONNX Runtime 1.29), shapes that can't be, functions without end, weights with too few bytes or in
    /// another folder. A file without findings may still be refused by a runtime: its types aren't inferred.
    /// </remarks>
    /// <param name="path">The .onnx file, of at most 2 GB.</param>
    /// <returns>A sentence for each fault, at most 100; none for a file that passes.</returns>
    /// <exception cref="OnnxFileException">The file is no ONNX file or damaged.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static IReadOnlyList<string> Check(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return ModelChecks.Of(ModelReader.Parse(path), path);
    }

    /// <summary>Whether a file is a model that GanOnnx wrote: ours to replace.</summary>
    internal static bool IsOurs(string path) => ModelReader.ProducerOf(path) == Producer;

    /// <summary>Writes the model, whole or not at all.</summary>
    /// <param name="path">The file. Its folder is made if missing, and an older model there is replaced.</param>
    /// <param name="externalDataThreshold">
    /// The bytes of all weights above which they go into a second file beside it, called after its contents
    /// (<c>model-0123456789abcdef.data</c>); weights of less than 4 KB stay. 0 to <see cref="LargestWeights"/>, which is the
    /// default.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The threshold is negative or above <see cref="LargestWeights"/>.</exception>
    /// <exception cref="IOException">It can't be written; what was there stays.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written; what was there stays.</exception>
    public void Write(string path, long externalDataThreshold = LargestWeights)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfNegative(externalDataThreshold);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(externalDataThreshold, LargestWeights);
        using var staged = StagedModel.Create(Proto, path, externalDataThreshold);
        staged.MoveIn();
    }

    /// <summary>The model's structure for people: inputs, weights without their values, nodes and outputs, a line each.</summary>
    public override string ToString() => GraphText.Of(Proto);
}
