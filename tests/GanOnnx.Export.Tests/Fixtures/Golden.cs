using GanOnnx.Onnx.Editing;

namespace GanOnnx.Export.Tests.Fixtures;

/// <summary>The texts in <c>Goldens/</c> that exported graphs are compared with.</summary>
internal static class Golden
{
    /// <summary>Compares a file's graph with <c>Goldens/NAME.txt</c>; what was found instead is kept beside the tests' program.</summary>
    public static void AssertSame(string name, string path)
    {
        var file = Path.Combine(AppContext.BaseDirectory, "Goldens", $"{name}.txt");
        var expected = File.Exists(file) ? File.ReadAllText(file) : "";
        var actual = GraphText.Of(OnnxFile.Read(path));
        if (actual != expected)
            File.WriteAllText(file + ".actual", actual);
        Assert.That(actual, Is.EqualTo(expected), $"The graph isn't that of Goldens/{name}.txt; it is in {file}.actual.");
    }
}
