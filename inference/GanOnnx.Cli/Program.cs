using System.CommandLine;
using GanOnnx.Cli;
using GanOnnx.Cli.Terminal;

var root = new RootCommand("Generates images from an ONNX model.") { GenerateCommand.Create(), InspectCommand.Create() };
return await CommandLine.Run(root, args).ConfigureAwait(false);
