namespace GanOnnx.EndToEnd.Tests;

/// <summary>The card of a shipped model.</summary>
internal static class ModelCard
{
    private static readonly string[] _sections = ["Data", "License", "How it was trained", "Figures", "Limits", "Bias"];

    /// <summary>Fails where a section is missing.</summary>
    public static void AssertWhole(string folder)
    {
        var card = File.ReadAllText(Path.Combine(folder, "README.md"));
        foreach (var section in _sections)
            Assert.That(card, Does.Contain($"## {section}\n"));
    }
}
