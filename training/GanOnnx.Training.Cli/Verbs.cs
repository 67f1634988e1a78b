using GanOnnx.CommandLine;

namespace GanOnnx.Training.Cli;

/// <summary>The verbs that need TorchSharp. A verb is a class that creates it and a line here.</summary>
internal static class Verbs
{
    public static IReadOnlyList<Verb> All { get; } =
    [
        TrainCommand.Create(),
        ExportCommand.Create(),
        ClassifierCommand.Create(),
        RunsCommand.Create(),
    ];
}
