using System.CommandLine;
using GanOnnx.Cli.Terminal;

return await CommandLine.Run(new RootCommand("Generates images from an ONNX model."), args).ConfigureAwait(false);
