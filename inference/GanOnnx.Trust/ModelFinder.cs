using GanOnnx.CommandLine;
using GanOnnx.Inference;
using GanOnnx.Inference.Models;
using GanOnnx.Inference.Runtime;

namespace GanOnnx.Trust;

/// <summary>Finds models by the SHA-256 of what is loaded of them, among those that are named and those that are shipped.</summary>
internal sealed class ModelFinder : IModels, IDisposable
{
    // A folder that was named by mistake may hold a disk.
    private const int MostFiles = 1_000, Deepest = 4;

    private const int MostOpen = 4;

    private readonly ImageGeneratorOptions _options;
    private readonly CancellationToken _stop;
    private readonly Queue<string> _unread;
    private readonly Dictionary<string, string> _paths = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, ImageGenerator> _open = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="models">Files, folders and names.</param>
    /// <param name="options">How they are loaded.</param>
    /// <param name="stop">Ends looking and loading.</param>
    /// <exception cref="UsageException">One that is named isn't there.</exception>
    public ModelFinder(IEnumerable<string> models, ImageGeneratorOptions options, CancellationToken stop)
    {
        (_options, _stop) = (options, stop);
        _unread = new(models.SelectMany(Files).Concat(ModelPath.Names.SelectMany(name => Files(name))).Distinct(StringComparer.Ordinal));
    }

    /// <inheritdoc/>
    public ImageGenerator? Find(string sha256)
    {
        if (_open.TryGetValue(sha256, out var generator))
            return generator;
        if (FileOf(sha256) is not { } file)
            return null;
        if (_open.Count == MostOpen)
            Dispose();
        var task = ModelMetadata.FromProperties(ModelContent.Read(file, _stop).Metadata)?.Task;
        return _open[sha256] = ImageGenerator.LoadRows(GeneratorKind.Of(task), file, _options, _stop);
    }

    private string? FileOf(string sha256)
    {
        while (!_paths.ContainsKey(sha256) && ReadNext())
        {
        }
        return _paths.GetValueOrDefault(sha256);
    }

    /// <inheritdoc/>
    public string? PathOf(string beginning)
    {
        do
        {
            if (_paths.FirstOrDefault(path => path.Key.StartsWith(beginning, StringComparison.OrdinalIgnoreCase)).Value is { } file)
                return file;
        }
        while (ReadNext());
        return null;
    }

    public void Dispose()
    {
        foreach (var generator in _open.Values)
            generator.Dispose();
        _open.Clear();
    }

    private static IEnumerable<string> Files(string model)
    {
        var path = Directory.Exists(model) ? model : ModelPath.Resolve(model);
        if (File.Exists(path))
            return [path];
        var files = Directory.EnumerateFiles(path, "*.onnx", new EnumerationOptions
        {
            RecurseSubdirectories = true,
            MaxRecursionDepth = Deepest,
            IgnoreInaccessible = true,
        }).Take(MostFiles + 1).Order(StringComparer.Ordinal).ToList();
        return files.Count <= MostFiles ? files
            : throw new UsageException($"'{path}' holds more than {MostFiles:N0} models; name the one, or a smaller folder.");
    }

    private bool ReadNext()
    {
        if (!_unread.TryDequeue(out var path))
            return false;
        if (Sha256Of(path) is { } sha256)
            _paths.TryAdd(sha256, path);
        return true;
    }

    private string? Sha256Of(string path)
    {
        try
        {
            return ModelContent.Read(path, _stop).Sha256;
        }
        catch (ModelException)
        {
            return null; // not the one
        }
    }
}
