using GanOnnx.Cli.Terminal;
using GanOnnx.Export;
using GanOnnx.Training;
using GanOnnx.Training.Cli;

return await CommandLine.Run("Trains GANs, exports them to ONNX and evaluates them.", [TrainCommand.Create(), ExportCommand.Create(), EvaluateCommand.Create()], args,
    isBadInput: e => e is TrainingException or ExportException).ConfigureAwait(false);
