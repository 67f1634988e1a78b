using GanOnnx.Cli.Terminal;

namespace GanOnnx.Cli;

/// <summary>Finds what people give as MODEL.</summary>
internal static class ModelPath
{
    /// <summary>The models' folder: where the <c>gan</c> script says it is, or <c>models</c> in the current folder.</summary>
    private static string Models => Environment.GetEnvironmentVariable("GANONNX_MODELS") ?? "models";

    /// <summary>An .onnx file, a folder with model.onnx, or a name under models/.</summary>
    public static string Resolve(string model)
    {
        if (File.Exists(model) || Directory.Exists(model))
            return model;
        if (model.Length > 0 && Directory.Exists(Path.Combine(Models, model)))
            return Path.Combine(Models, model);

        var known = Directory.Exists(Models) ? Directory.GetDirectories(Models) : [];
        throw new UsageException($"There is no model '{model}': no such file, no folder, and no name under {Models}/. There are the names: {string.Join(", ", known.Select(Path.GetFileName).Order(StringComparer.Ordinal))}.");
    }

    /// <summary>The name files and messages call a model by.</summary>
    public static string NameOf(string path) =>
        Path.GetFileName(path) == "model.onnx" ? Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(path)))! : Path.GetFileNameWithoutExtension(path);
}
