using System.Buffers.Binary;
using System.IO.Compression;
using GanOnnx.Inference;
using GanOnnx.Inference.Runtime;
using GanOnnx.ML.Models;
using GanOnnx.Shared;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;

namespace GanOnnx.ML.Saving;

/// <summary>Loads a pipeline, finds in it what was saved for ours, and puts ours in its place.</summary>
internal sealed class SavedPipeline
{
    private const string Root = "TransformerChain", Model = "OnnxModel";

    private readonly Dictionary<string, ModelContent> _models = new(StringComparer.Ordinal);
    private readonly ContextDevice _context;

    private SavedPipeline(string path, Stream file, ContextDevice context)
    {
        _context = context;
        using var zip = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
        foreach (var entry in zip.Entries)
            if (entry.FullName.Replace('\\', '/') is var name && name.Split('/')[^1].Equals(Model, StringComparison.OrdinalIgnoreCase))
                // Of two with one name, it isn't known which one ML.NET takes.
                if (!_models.TryAdd(name, Read(entry, $"{path}/{name}").Checked()))
                    throw Errors.DamagedPipeline(path, $"has two models called {name}", null);
    }

    /// <summary>Loads a pipeline. Its models are checked before ML.NET hands them to ONNX Runtime.</summary>
    /// <exception cref="ModelException">A model in it is damaged or dangerous, or the schema isn't there.</exception>
    public static ITransformer Load(ModelOperationsCatalog catalog, string path, out DataViewSchema input)
    {
        using var file = File.OpenRead(path);
        SavedPipeline saved;
        try
        {
            saved = new SavedPipeline(path, file, ContextDevice.Of(catalog));
        }
        catch (Exception e) when (e is InvalidDataException)
        {
            throw Errors.DamagedPipeline(path, "isn't a whole pipeline of ML.NET", e);
        }
        // The same open file: what was checked is what is loaded.
        file.Position = 0;
        var loaded = catalog.Load(file, out input);
        return saved.Restore(loaded, Root, input);
    }

    // ML.NET writes the number of bytes before them, as an int32.
    private static ModelContent Read(ZipArchiveEntry entry, string path)
    {
        using var source = SummedEntry.Open(entry);
        using var saved = new MemoryStream();
        source.CopyTo(saved);
        var content = saved.GetBuffer().AsSpan(0, (int)saved.Length);
        return !source.IsDamaged && content.Length >= sizeof(int)
            && BinaryPrimitives.ReadInt32LittleEndian(content) == content.Length - sizeof(int)
            ? ModelContent.Of(content[sizeof(int)..].ToArray(), path)
            : throw new InvalidDataException("A model isn't what was saved.");
    }

    // The layout of ML.NET's files: the parts of a chain are in folders Transform_000, Transform_001 …
    private ITransformer Restore(ITransformer loaded, string folder, DataViewSchema? input)
    {
        if (loaded is not TransformerChain<ITransformer> chain)
            return loaded;
        if (Find(chain, folder) is var (model, settings))
            return Batched(new ModelCopy(model, settings), input);

        List<ITransformer> parts = [];
        foreach (var part in chain)
        {
            parts.Add(Restore(part, Part(folder, parts.Count), input));
            input = input is null ? null : parts[^1].GetOutputSchema(input);
        }

        return new TransformerChain<ITransformer>(parts, Scopes(chain));
    }

    // A chain that holds a model with our settings was saved for one transformer of ours.
    private (ModelContent, SavedSettings)? Find(TransformerChain<ITransformer> chain, string folder)
    {
        for (var i = 0; i < chain.Count(); i++)
            if (_models.TryGetValue($"{Part(folder, i)}/{Model}", out var model)
                && model.Metadata.TryGetValue(SavedSettings.Key, out var json) && SavedSettings.FromJson(json) is { } settings)
                return (model, settings);

        return null;
    }

    private BatchedOnnxTransformer Batched(ModelCopy file, DataViewSchema? input)
    {
        try
        {
            return new(file.Settings.Load(file.Path, _context), input ?? throw Errors.NoSchema(), file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static string Part(string folder, int index) => $"{folder}/Transform_{index:000}";

    // A chain doesn't tell its scopes, but what is left of it in each.
    private static IEnumerable<TransformerScope> Scopes(TransformerChain<ITransformer> chain)
    {
        TransformerScope[] scopes = [TransformerScope.Training, TransformerScope.Testing, TransformerScope.Scoring];
        var members = scopes.Select(scope => (scope, chain.GetModelFor(scope).ToHashSet())).ToList();
        return chain.Select(part => members.Where(m => m.Item2.Contains(part)).Aggregate(TransformerScope.None, (all, m) => all | m.scope));
    }
}
