namespace GanOnnx.Tests.Shared;

/// <summary>The real data sets, which are no part of the repository.</summary>
internal static class RealData
{
    /// <summary>A data set's folder; the test is skipped by name where it is absent.</summary>
    public static string Folder(string name)
    {
        var data = Environment.GetEnvironmentVariable("GANONNX_DATA") ?? System.IO.Path.Combine(Repository.Root, "..", "shared", "data");
        var folder = System.IO.Path.GetFullPath(System.IO.Path.Combine(data, name));
        if (!Directory.Exists(folder))
            Assert.Ignore($"The data set {name} is absent: no folder {folder}. Set GANONNX_DATA to where the data sets are.");
        return folder;
    }
}
