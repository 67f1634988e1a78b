using System.CommandLine;

namespace GanOnnx.CommandLine;

/// <summary>Finds what people give as MODEL.</summary>
public static class ModelPath
{
    /// <summary>The models' folder: where the <c>gan</c> script says it is, or <c>models</c> in the current folder.</summary>
    public static string Folder => Environment.GetEnvironmentVariable("GANONNX_MODELS") ?? "models";

    /// <summary>The argument of every verb that takes one.</summary>
    public static Argument<string> Argument() =>
        new("MODEL")
        {
            Description = "An .onnx file, a folder with model.onnx, or a name under models/.",
            CompletionSources = { _ => Names },
        };

    /// <summary>The file or folder that is meant.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public static string Resolve(string model)
    {
        if (IsRun(model))
            throw new UsageException($"'{model}' is a training run and no model yet. Export it first: "
                + $"{Hint.Of("export", model, "--out", $"{NameOfRun(model)}.onnx")}");
        if (File.Exists(model) || Directory.Exists(model))
            return model;
        if (model.Length > 0 && Directory.Exists(Path.Combine(Folder, model)))
            return Path.Combine(Folder, model);

        var names = Names.Count > 0 ? $" There are the names: {string.Join(", ", Names)}." : "";
        throw new UsageException($"There is no model '{model}': no such file, no folder, and no name under {Folder}/."
            + $"{Spelling.Meant(model, Names)}{names}");
    }

    /// <summary>The names under the models' folder.</summary>
    public static IReadOnlyList<string> Names => Directory.Exists(Folder)
        ? [.. Directory.GetDirectories(Folder).Where(folder => File.Exists(Path.Combine(folder, "model.onnx"))).Select(folder => Path.GetFileName(folder))
            .Order(StringComparer.Ordinal)] : [];

    /// <summary>Whether a path is a training run's: a checkpoint, or a folder with one and no model.</summary>
    public static bool IsRun(string path) => File.Exists(path) ? HasCheckpointsName(path)
        : Directory.Exists(path) && !File.Exists(Path.Combine(path, "model.onnx"))
            && Directory.EnumerateFiles(path).Any(HasCheckpointsName);

    private static bool HasCheckpointsName(string file) =>
        Path.GetExtension(file).Equals(".safetensors", StringComparison.OrdinalIgnoreCase);

    private static string NameOfRun(string path)
    {
        var full = Path.GetFullPath(path);
        var folder = Path.TrimEndingDirectorySeparator(File.Exists(full) ? Path.GetDirectoryName(full)! : full);
        return Path.GetFileName(folder) is { Length: > 0 } name ? name : "model";
    }

    /// <summary>The name files and messages call a model by.</summary>
    public static string NameOf(string path) =>
        Path.GetFileName(path) == "model.onnx" ? Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(path)))!
            : Path.GetFileNameWithoutExtension(path);
}
