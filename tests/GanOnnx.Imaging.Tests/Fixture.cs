namespace GanOnnx.Imaging.Tests;

/// <summary>The pictures in Fixtures/, made by Fixtures/make.py.</summary>
internal static class Fixture
{
    public static string Path(string name) => System.IO.Path.Combine(AppContext.BaseDirectory, "Fixtures", name);
}
