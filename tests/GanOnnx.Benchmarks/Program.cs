using GanOnnx.Benchmarks;

// dotnet run -c Release --project tests/GanOnnx.Benchmarks -- training | generation [MODEL] | exporter [NETWORK | OURS THEIRS]
switch (args)
{
    case ["training"]:
        TrainingBenchmark.Run();
        return 0;
    case ["generation"] or ["generation", _]:
        GenerationBenchmark.Run(args.Length > 1 ? args[1] : "models/fashion-dcgan/model.onnx");
        return 0;
    case ["exporter"] or ["exporter", _]:
        ExporterBenchmark.Run(args.Length > 1 ? args[1] : null);
        return 0;
    case ["exporter", var ours, var theirs]:
        ExporterBenchmark.Run(ours, theirs);
        return 0;
    default:
        Console.Error.WriteLine("usage: training | generation [MODEL.onnx] | exporter [NETWORK | OURS.onnx THEIRS.onnx]");
        return 2;
}
