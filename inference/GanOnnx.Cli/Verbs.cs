using GanOnnx.CommandLine;

namespace GanOnnx.Cli;

/// <summary>The verbs that need no TorchSharp. A verb is a class that creates it and a line here.</summary>
internal static class Verbs
{
    public static IReadOnlyList<Verb> All { get; } =
    [
        GenerateCommand.Create(),
        InterpolateCommand.Create(),
        TranslateCommand.Create(),
        TranslateCommand.CreateUpscale(),
        AugmentCommand.Create(),
        QuantizeCommand.Create(),
        VerifyCommand.Create(),
        InspectCommand.Create(),
        EvaluateCommand.Create(),
        BenchCommand.Create(),
        InfoCommand.Create(),
    ];
}
