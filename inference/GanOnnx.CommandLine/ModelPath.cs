using System.CommandLine;

namespace GanOnnx.CommandLine;

/// <summary>Finds what people give as MODEL.</summary>
public static class ModelPath
{
    /// <summary>The models' folder: where the <c>gan</c> script says it is, or <c>models</c> in the current folder.</summary>
    private static string Models => Environment.GetEnvironmentVariable("GANONNX_MODELS") ?? "models";

    /// <summary>The argument of every verb that takes one.</summary>
    public static Argument<string> Argument() =>
        new("MODEL") { Description = "An .onnx file, a folder with model.onnx, or a name under models/." };

    /// <summary>The file or folder that is meant.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public static string Resolve(string model)
    {
        if (File.Exists(model) || Directory.Exists(model))
            return model;
        if (model.Length > 0 && Directory.Exists(Path.Combine(Models, model)))
            return Path.Combine(Models, model);

        var known = Directory.Exists(Models) ? Directory.GetDirectories(Models) : [];
        var names = known.Length > 0 ? $" There are the names: "
            + $"{string.Join(", ", known.Select(Path.GetFileName).Order(StringComparer.Ordinal))}." : "";
        throw new UsageException($"There is no model '{model}': no such file, no folder, and no name under {Models}/.{names}");
    }

    /// <summary>The name files and messages call a model by.</summary>
    public static string NameOf(string path) =>
        Path.GetFileName(path) == "model.onnx" ? Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(path)))!
            : Path.GetFileNameWithoutExtension(path);
}
