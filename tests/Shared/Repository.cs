namespace GanOnnx.Tests.Shared;

/// <summary>The checkout the tests were built in.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string folder) =>
        File.Exists(System.IO.Path.Combine(folder, "GanOnnx.sln")) ? folder : Find(System.IO.Path.GetDirectoryName(folder)!);
}
