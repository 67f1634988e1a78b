using System.CommandLine;
using GanOnnx.Cli.Terminal;
using GanOnnx.Training;
using GanOnnx.Training.Cli;

var root = new RootCommand("Trains GANs and exports them to ONNX.") { TrainCommand.Create() };
return await CommandLine.Run(root, args, e => e is TrainingException).ConfigureAwait(false);
