namespace GanOnnx.Export.Tests.Fixtures;

/// <summary>Files of the repository that are made from the code; <c>GANONNX_UPDATE=1</c> writes them anew.</summary>
internal static class ApprovedFile
{
    private const string Switch = "GANONNX_UPDATE";

    /// <param name="path">The file, from the repository's root.</param>
    /// <param name="actual">What the code gives.</param>
    public static void AssertSame(string path, string actual)
    {
        var file = Path.Combine(Repository.Root, path);
        if (Environment.GetEnvironmentVariable(Switch) == "1")
            File.WriteAllText(file, actual);
        var approved = File.Exists(file) ? File.ReadAllText(file).ReplaceLineEndings("\n") : "";
        Assert.That(actual, Is.EqualTo(approved),
            $"{path} isn't what the code gives. If the change is meant: {Switch}=1 ./gan test --filter GanOnnx.Export.Tests writes it; "
            + "look at the difference and commit it.");
    }
}
