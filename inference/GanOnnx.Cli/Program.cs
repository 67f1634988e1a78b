using GanOnnx.Cli;
using GanOnnx.Cli.Terminal;

return await CommandLine.Run("Generates images from an ONNX model.",
    [GenerateCommand.Create(), InterpolateCommand.Create(), InspectCommand.Create(), BenchCommand.Create()], args).ConfigureAwait(false);
