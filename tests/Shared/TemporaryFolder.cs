namespace GanOnnx.Tests.Shared;

/// <summary>A folder that is deleted at the end of a test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("ganonnx-test-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>What looks at a folder's files before they go; the test fails where it throws.</summary>
    public static Action<string> Closing { get; set; } = _ => { };

    public void Dispose()
    {
        try
        {
            Closing(Path);
        }
        finally
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
