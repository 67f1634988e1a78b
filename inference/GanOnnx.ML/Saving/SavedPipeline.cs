using System.IO.Compression;
using GanOnnx.ML.Models;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;

namespace GanOnnx.ML.Saving;

/// <summary>Finds in a loaded pipeline what was saved for ours, and puts ours in its place.</summary>
internal sealed class SavedPipeline(ZipArchive zip, ContextDevice context)
{
    private const string Root = "TransformerChain";

    public static ITransformer Restore(ITransformer loaded, string path, DataViewSchema? input, ContextDevice context)
    {
        using var zip = ZipFile.OpenRead(path);
        return new SavedPipeline(zip, context).Restore(loaded, Root, input);
    }

    // The layout of ML.NET's files: the parts of a chain are in folders Transform_000, Transform_001 …
    private ITransformer Restore(ITransformer loaded, string folder, DataViewSchema? input)
    {
        if (loaded is not TransformerChain<ITransformer> chain)
            return loaded;
        if (Find(chain, folder) is { } file)
            return Batched(file, input ?? throw Errors.NoSchema());

        List<ITransformer> parts = [];
        foreach (var part in chain)
        {
            parts.Add(Restore(part, Part(folder, parts.Count), input));
            input = input is null ? null : parts[^1].GetOutputSchema(input);
        }

        return new TransformerChain<ITransformer>(parts, Scopes(chain));
    }

    // A chain that holds a model with our settings was saved for one transformer of ours.
    private ModelCopy? Find(TransformerChain<ITransformer> chain, string folder)
    {
        for (var i = 0; i < chain.Count(); i++)
            if (Entry($"{Part(folder, i)}/OnnxModel") is { } entry)
            {
                var copy = ModelCopy.Extract(entry);
                if (copy.Settings is not null)
                    return copy;
                copy.Dispose();
            }

        return null;
    }

    private BatchedOnnxTransformer Batched(ModelCopy file, DataViewSchema input)
    {
        try
        {
            return new(file.Settings!.Load(file.Path, context), input, file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private ZipArchiveEntry? Entry(string name) => zip.Entries.FirstOrDefault(e => e.FullName.Replace('\\', '/') == name);

    private static string Part(string folder, int index) => $"{folder}/Transform_{index:000}";

    // A chain doesn't tell its scopes, but what is left of it in each.
    private static IEnumerable<TransformerScope> Scopes(TransformerChain<ITransformer> chain)
    {
        TransformerScope[] scopes = [TransformerScope.Training, TransformerScope.Testing, TransformerScope.Scoring];
        var members = scopes.Select(scope => (scope, chain.GetModelFor(scope).ToHashSet())).ToList();
        return chain.Select(part => members.Where(m => m.Item2.Contains(part)).Aggregate(TransformerScope.None, (all, m) => all | m.scope));
    }
}
