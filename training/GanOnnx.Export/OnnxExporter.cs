using GanOnnx.Export.Converters;
using GanOnnx.Export.Graphs;
using GanOnnx.Export.Passes;
using GanOnnx.Export.Running;
using GanOnnx.Onnx;
using TorchSharp;
using TorchSharp.Modules;

namespace GanOnnx.Export;

/// <summary>Writes TorchSharp modules as ONNX files. Every file is compared with its module in ONNX Runtime before it is written.</summary>
/// <remarks>
/// The module's tree is walked: the types that can be exported are listed by <see cref="SupportedTypes"/>, a
/// <c>Sequential</c> of them nests, and a module of your own derives from <see cref="TracedModule"/>. Exporting twice
/// gives the same bytes.
/// </remarks>
public static class OnnxExporter
{
    /// <summary>The version of the ONNX operators files are written for if no other is asked for: 17, which ONNX Runtime takes from 1.12
    /// on.</summary>
    public const int DefaultOpset = 17;

    private const int OldestOpset = 15, NewestOpset = 21;

    /// <summary>The names of TorchSharp's module types that can be exported.</summary>
    public static IReadOnlyList<string> SupportedTypes { get; } =
        [.. KnownModules.Converters.Keys.Append(typeof(Sequential)).Select(t => t.Name).Order(StringComparer.Ordinal)];

    /// <summary>Exports a module with one input.</summary>
    /// <param name="module">The module, on the CPU and in evaluation mode (<c>module.eval()</c>).</param>
    /// <param name="example">An input: its type, and its shape but the open axes, become the model's.</param>
    /// <param name="path">The file to write. It appears whole or not at all, and an older one is replaced.</param>
    /// <param name="options">Names, open axes, precision, metadata and the tolerance.</param>
    /// <exception cref="ExportException">
    /// The module has a type or a setting that can't be exported, it is in training mode or on another device, ONNX
    /// Runtime's output differs from its own, or the file can't be written.
    /// </exception>
    public static OnnxExportResult Export(torch.nn.Module module, torch.Tensor example, string path, OnnxExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(example);
        return Export(module, [example], path, options);
    }

    /// <summary>Exports a module with any number of inputs.</summary>
    /// <inheritdoc cref="Export(torch.nn.Module, torch.Tensor, string, OnnxExportOptions?)"/>
    /// <param name="module">The module, on the CPU and in evaluation mode (<c>module.eval()</c>).</param>
    /// <param name="examples">An input each: its type, and its shape but the open axes, become the model's. Integers are drawn from the
    /// example's range when the outputs are compared.</param>
    /// <param name="path">The file to write. It appears whole or not at all, and an older one is replaced.</param>
    /// <param name="options">Names, open axes, precision, metadata and the tolerance.</param>
    public static OnnxExportResult Export(torch.nn.Module module, IReadOnlyList<torch.Tensor> examples, string path,
        OnnxExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(examples);
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new OnnxExportOptions();

        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        CheckOptions(options);
        Readiness.Check(module, examples);
        ModelFile.CheckPath(path);
        var traced = ModelBuilder.Build(module, new Inputs(examples, options), options);
        var model = traced.Proto.Clone();
        GraphPasses.Apply(model, traced, options);
        var (differences, size) = ModelFile.Write(model, path, options.ExternalDataThreshold,
            loaded => Verification.Run(module, loaded, traced, options));
        return new OnnxExportResult(path, size, model.Graph.Node.Count, options.Opset, differences);
    }

    private static void CheckOptions(OnnxExportOptions options)
    {
        if (options.Tolerance is { } tolerance && !(tolerance > 0))
            throw new ExportException($"The tolerance is {tolerance}; a number above 0 is needed.");
        if (!(options.MinPsnr > 0))
            throw new ExportException($"The least PSNR is {options.MinPsnr} dB; a number above 0 is needed.");
        if (options.Calibration.Count > 0 && options.Precision != Precision.Int8)
            throw new ExportException("Calibration is for int8 alone; leave it out, or set Precision.Int8.");
        if (options.ExternalDataThreshold is < 0 or > OnnxModel.LargestWeights)
            throw new ExportException($"The threshold for external data is {options.ExternalDataThreshold}; 0 to "
                + $"{OnnxModel.LargestWeights} bytes are needed.");
        if (options.Opset is < OldestOpset or > NewestOpset)
            throw new ExportException($"The operator set is {options.Opset}; {OldestOpset} to {NewestOpset} can be written.");
        if (options.Metadata.GroupBy(e => e.Key).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new ExportException($"The metadata has the key '{twice.Key}' twice. Give each key once.");
    }
}
