using GanOnnx.Onnx.Editing;

namespace GanOnnx.Onnx.Checking;

/// <summary>Whether a file says which version of the operators it means, and whether there is such a version.</summary>
internal static class Opsets
{
    // The newest that we know of.
    private const long Newest = 26;

    public static IEnumerable<string> Check(ModelProto model)
    {
        var imported = model.OpsetImport.Select(o => Domain(o.Domain)).ToHashSet(StringComparer.Ordinal);
        foreach (var opset in model.OpsetImport.Where(o => Domain(o.Domain).Length == 0 && o.Version is < 1 or > Newest))
            yield return $"The operator set is {opset.Version}; there are 1 to {Newest}.";
        foreach (var twice in model.OpsetImport.GroupBy(o => Domain(o.Domain)).Where(g => g.Count() > 1))
            yield return $"The operator set of the domain {Shown.Text(twice.Key)} is told {twice.Count()} times; once is needed.";
        foreach (var domain in model.Graph.Node.WithInner().Select(n => Domain(n.Domain)).Distinct().Where(d => !imported.Contains(d)))
            yield return $"Nodes use operators of the domain {Shown.Text(domain)}, whose operator set isn't told.";
    }

    /// <summary>The standard operators' domain has two spellings.</summary>
    private static string Domain(string domain) => domain == "ai.onnx" ? "" : domain;
}
