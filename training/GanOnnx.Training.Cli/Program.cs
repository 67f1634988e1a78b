using GanOnnx.Cli.Terminal;
using GanOnnx.Export;
using GanOnnx.Training;
using GanOnnx.Training.Cli;

return await CommandLine.Run("Trains GANs and exports them to ONNX.", [TrainCommand.Create(), ExportCommand.Create()], args,
    isBadInput: e => e is TrainingException or ExportException).ConfigureAwait(false);
