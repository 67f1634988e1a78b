using System.Diagnostics;
using GanOnnx.Export;
using GanOnnx.Training.Checkpoints;
using static TorchSharp.torch;

namespace GanOnnx.Benchmarks;

/// <summary>
/// Files of <see cref="OnnxExporter"/> beside those of PyTorch's own exporter (exporter.py) for the same networks with
/// the same weights: nodes, sizes, and speed in ONNX Runtime on the CPU.
/// </summary>
internal static class ExporterBenchmark
{
    private static readonly int[] _batches = [1, 16, 64];

    public static void Run(string? only)
    {
        var folder = Directory.CreateTempSubdirectory("ganonnx-benchmark-").FullName;
        try
        {
            var networks = ExportedNetworks.All.Where(n => only is null || n.Name == only).ToList();
            var files = networks.ConvertAll(network =>
                (network.Title, Ours: Export(network, folder), Theirs: ExportWithPython(network, folder)));
            Console.WriteLine("| network | nodes | PyTorch's | KiB | PyTorch's | largest difference |");
            Console.WriteLine("|---|---|---|---|---|---|");
            foreach (var (title, ours, theirs) in files)
                OnnxFilePair.PrintGraphs(title, ours, theirs, _batches);
            PrintSpeeds(files);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Any two files with the same inputs and outputs, as one of before and one of after a change.</summary>
    public static void Run(string ours, string theirs)
    {
        Console.WriteLine("| network | nodes | the other's | KiB | the other's | largest difference |");
        Console.WriteLine("|---|---|---|---|---|---|");
        OnnxFilePair.PrintGraphs(Path.GetFileNameWithoutExtension(ours), ours, theirs, _batches);
        PrintSpeeds([(Path.GetFileNameWithoutExtension(ours), ours, theirs)]);
    }

    private static void PrintSpeeds(IReadOnlyList<(string Title, string Ours, string Theirs)> files)
    {
        Console.WriteLine();
        Console.WriteLine($"ONNX Runtime on the CPU, {Environment.ProcessorCount} cores");
        Console.WriteLine("| network | GanOnnx, images/s | PyTorch's file, images/s | ratio (least … most) |");
        Console.WriteLine("|---|---|---|---|");
        foreach (var (title, ours, theirs) in files)
            foreach (var threads in new[] { 1, Environment.ProcessorCount }.Distinct())
                OnnxFilePair.PrintSpeeds(title, ours, theirs, threads, _batches);
    }

    private static string Export(ExportedNetworks.Network network, string folder)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(0);
        var module = network.Create().Ready();
        SafetensorsFile.Write(Path.Combine(folder, $"{network.Name}.safetensors"),
            module.state_dict().Select(e => KeyValuePair.Create(e.Key, e.Value)), []);
        var path = Path.Combine(folder, $"{network.Name}.onnx");
        OnnxExporter.Export(module, zeros([1, .. network.InputShape]), path);
        return path;
    }

    private static string ExportWithPython(ExportedNetworks.Network network, string folder)
    {
        var path = Path.Combine(folder, $"{network.Name}.pytorch.onnx");
        using var python = Process.Start(new ProcessStartInfo("/usr/bin/python3",
            ["-W", "ignore", Path.Combine(AppContext.BaseDirectory, "exporter.py"), network.Name,
                Path.Combine(folder, $"{network.Name}.safetensors"), path])
        {
            RedirectStandardOutput = true,
        })!;
        python.StandardOutput.ReadToEnd();
        python.WaitForExit();
        return python.ExitCode == 0 ? path
            : throw new InvalidOperationException($"exporter.py failed for {network.Name}; it needs python3-torch.");
    }
}
