using GanOnnx.Export;
using GanOnnx.Training;
using GanOnnx.Training.Losses;
using GanOnnx.Training.Networks;
using OwnLoss;

// A loss, and a network with an option, of this program's own; registered, they can be named as those of the library.
GanLosses.Register("exponential", new GanLoss("exponentials of the scores", _ => new ExponentialLoss()));
Architectures.Register("tiny", TinyNetworks.Architecture);

// A preset reads as those of gan train do: { "architecture": "tiny", "loss": "exponential", "hidden": 32, ... }
var options = TrainingOptions.FromJson(
    File.ReadAllText(args is [var preset, ..] ? preset : Path.Combine(AppContext.BaseDirectory, "tiny.json")));
var folder = args is [_, var given] ? given : Directory.CreateTempSubdirectory("own-loss-").FullName;
Trainer.Run(new TrainingRun { Data = "synthetic:digits", Folder = folder, Options = options }, new TickPrinter());

using var generator = TrainedGenerator.Load(folder);
var result = OnnxExporter.Export(generator.Module, [.. generator.Inputs.Select(i => i.Example)], Path.Combine(folder, "model.onnx"),
    new OnnxExportOptions
    {
        InputNames = [.. generator.Inputs.Select(i => i.Name)],
        OutputNames = ["image"],
        Metadata = generator.Metadata.ToProperties(),
    });
Console.WriteLine($"{result.Path}: {result.Nodes} operators");
