using System.CommandLine;
using GanOnnx.Cli.Terminal;
using GanOnnx.Export;
using GanOnnx.Training;
using GanOnnx.Training.Cli;

var root = new RootCommand("Trains GANs and exports them to ONNX.") { TrainCommand.Create(), ExportCommand.Create() };
return await CommandLine.Run(root, args, e => e is TrainingException or ExportException).ConfigureAwait(false);
