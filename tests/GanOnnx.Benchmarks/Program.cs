using GanOnnx.Benchmarks;

// dotnet run -c Release --project tests/GanOnnx.Benchmarks -- training | generation [MODEL]
switch (args)
{
    case ["training"]:
        TrainingBenchmark.Run();
        return 0;
    case ["generation"] or ["generation", _]:
        GenerationBenchmark.Run(args.Length > 1 ? args[1] : "models/fashion-dcgan/model.onnx");
        return 0;
    default:
        Console.Error.WriteLine("usage: training | generation [MODEL.onnx]");
        return 2;
}
