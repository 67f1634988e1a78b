using System.CommandLine;
using System.CommandLine.Parsing;
using GanOnnx.Inference;

namespace GanOnnx.CommandLine;

/// <summary>The option <c>--device</c> of every verb that runs a model.</summary>
public static class DeviceOption
{
    /// <summary>The option; its value is <see cref="Device.Auto"/> without it.</summary>
    public static Option<Device> Create() => new("--device")
    {
        HelpName = "auto|cpu|cuda[:N]",
        Description = "auto, cpu, cuda, or one of several GPUs as cuda:1. The default is auto.",
        CustomParser = Parse,
        CompletionSources = { "auto", "cpu", "cuda" },
    };

    private static Device Parse(ArgumentResult argument)
    {
        try
        {
            return Device.Parse(argument.Tokens[0].Value);
        }
        catch (FormatException e)
        {
            argument.AddError(e.Message);
            return default;
        }
    }
}
