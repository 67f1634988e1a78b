using GanOnnx.CommandLine;

namespace GanOnnx.Server;

/// <summary>The verbs that need ASP.NET Core.</summary>
internal static class Verbs
{
    public static IReadOnlyList<Verb> All { get; } = [ServeCommand.Create()];
}
