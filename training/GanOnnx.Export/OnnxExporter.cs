using GanOnnx.Export.Internals;
using Google.Protobuf;
using TorchSharp;

namespace GanOnnx.Export;

/// <summary>Writes TorchSharp modules as ONNX files. Every file is compared with its module in ONNX Runtime before it is written.</summary>
/// <remarks>
/// The module's tree is walked; the types that can be exported are listed by <see cref="SupportedTypes"/>, and a
/// <c>Sequential</c> of them nests. The first axis of input and output is the batch and is dynamic, named <c>N</c>.
/// </remarks>
public static class OnnxExporter
{
    /// <summary>The ONNX operator set files are written for: 17, which ONNX Runtime takes from 1.12 on.</summary>
    public const int Opset = 17;

    /// <summary>The names of the module types that can be exported.</summary>
    public static IReadOnlyList<string> SupportedTypes => Converters.ModuleConverters.SupportedTypes;

    /// <summary>Exports a module.</summary>
    /// <param name="module">The module, on the CPU and in evaluation mode (<c>module.eval()</c>).</param>
    /// <param name="example">An input of float32 <c>[N, …]</c>: its shape but the first axis becomes the model's.</param>
    /// <param name="path">The file to write. It appears whole or not at all, and an older one is replaced.</param>
    /// <param name="options">Names, metadata and the tolerance.</param>
    /// <exception cref="ExportException">
    /// The module has a type or a setting that can't be exported, it is in training mode or on another device, ONNX
    /// Runtime's output differs from its own, or the file can't be written.
    /// </exception>
    public static OnnxExportResult Export(
        torch.nn.Module<torch.Tensor, torch.Tensor> module, torch.Tensor example, string path, OnnxExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(example);
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new OnnxExportOptions();

        CheckOptions(options);
        CheckReady(module, example);
        CheckPath(path);
        var model = ModelBuilder.Build(module, example, options);
        var bytes = model.ToByteArray();
        var differences = Verification.Run(module, example.shape, bytes, options);
        Write(path, bytes);
        return new OnnxExportResult(path, bytes.Length, model.Graph.Node.Count, Opset, differences);
    }

    private static void CheckReady(torch.nn.Module<torch.Tensor, torch.Tensor> module, torch.Tensor example)
    {
        if (module.training)
            throw new ExportException("The module is in training mode, in which its output depends on the batch. Call module.eval() before exporting.");
        foreach (var (name, child) in module.named_modules())
            if (child.training)
                throw new ExportException($"'{name}' is in training mode, in which its output may depend on the batch. Call module.eval() before exporting.");
        if (example.dtype != torch.float32 || example.ndim < 1 || example.shape[0] < 1)
            throw new ExportException($"The example has {example.dtype} [{string.Join(", ", example.shape)}]; a float32 tensor [N, …] with N at least 1 is needed.");
        foreach (var (name, tensor) in module.state_dict())
            if (tensor.device_type != DeviceType.CPU)
                throw new ExportException($"'{name}' is on {tensor.device}; export needs the module on the CPU. Call module.cpu() first.");
    }

    private static void CheckOptions(OnnxExportOptions options)
    {
        if (!(options.Tolerance > 0))
            throw new ExportException($"The tolerance is {options.Tolerance}; a number above 0 is needed.");
        if (options.VerifiedBatchSizes.Count == 0 || options.VerifiedBatchSizes.Any(n => n < 1))
            throw new ExportException($"The verified batch sizes are [{string.Join(", ", options.VerifiedBatchSizes)}]; at least one is needed, each at least 1.");
        if (options.Metadata.GroupBy(e => e.Key).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new ExportException($"The metadata has the key '{twice.Key}' twice. Give each key once.");
    }

    private static void CheckPath(string path)
    {
        if (Directory.Exists(path))
            throw new ExportException($"'{path}' is a folder. Give the file to write.");
        for (var folder = Path.GetDirectoryName(Path.GetFullPath(path)); folder is not null; folder = Path.GetDirectoryName(folder))
            if (File.Exists(folder))
                throw new ExportException($"'{path}' can't be written: '{folder}' is a file, not a folder. Give another path.");
    }

    private static void Write(string path, byte[] bytes)
    {
        var temporary = path + ".tmp";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            File.WriteAllBytes(temporary, bytes);
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (File.Exists(temporary))
                File.Delete(temporary);
            throw new ExportException($"'{path}' can't be written: {e.Message}", e);
        }
    }
}
