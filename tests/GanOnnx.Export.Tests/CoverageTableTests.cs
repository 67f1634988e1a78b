using System.Text;
using GanOnnx.Export.Converters;
using GanOnnx.Export.Tests.Fixtures;

namespace GanOnnx.Export.Tests;

/// <summary>The table in the library's docs is what the registry of converters says.</summary>
public sealed class CoverageTableTests
{
    [Test]
    public void CoverageTable_SaysWhatTheCodeDoes() => ApprovedFile.AssertSame("training/GanOnnx.Export/COVERAGE.md", Table());

    private static string Table()
    {
        var text = new StringBuilder();
        text.Append("# What can be exported\n\n<!-- Made from Converters/KnownModules.cs by CoverageTableTests. -->\n");
        text.Append($"{KnownModules.Converters.Count} module types of TorchSharp become these operators; after a semicolon, those for "
            + "some settings. What the\n");
        text.Append("graph's passes do to them afterwards (batch norm goes into the layer before it, for one) isn't in the table. "
            + "`Sequential` nests\n");
        text.Append("any of them, and a module of your own derives from `TracedModule`.\n\n");
        text.Append("| module | operators |\n|---|---|\n");
        foreach (var (type, known) in KnownModules.Converters.OrderBy(e => e.Key.Name, StringComparer.Ordinal))
            text.Append($"| {type.Name} | {known.Operators} |\n");
        text.Append("\n## What can't, and why\n| module | why |\n|---|---|\n");
        foreach (var (type, reason) in KnownModules.NotCovered.OrderBy(e => e.Key, StringComparer.Ordinal))
            text.Append($"| {type} | {char.ToUpperInvariant(reason[0])}{reason[1..]} |\n");
        return text.ToString();
    }
}
