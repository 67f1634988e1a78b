using System.Globalization;
using GanOnnx.Benchmarks;
using GanOnnx.Benchmarks.Augmentation;
using GanOnnx.Benchmarks.Serving;
using GanOnnx.Benchmarks.Translation;
using GanOnnx.Benchmarks.Trust;
using GanOnnx.Benchmarks.Trust.Detector;

const string Shipped = "models/fashion-dcgan/model.onnx";

// What measures generation is a verb: gan bench.
// dotnet run -c Release --project tests/GanOnnx.Benchmarks -- training [PRESET [THREADS [ROUNDS]]] | training bf16 [PRESET [THREADS]]
// | exporter [NETWORK | OURS THEIRS]
// | combinations [SIZE] | training-memory [STEPS] | training-soak [STEPS] | stress [SECONDS [MODEL]] | stream [COUNT [MODEL]]
// | augment [MINUTES [FOLDER [CELLS]]] | features [IMAGES] | kills [COUNT [SEED]] | signals [SEED] | remedies DIGITS FOLDER [KIMG [SEEDS]]
// | text MODEL CAPTIONED.zip FOLDER [PROMPTS] | phrasings CAPTIONED.zip FOLDER [COUNT]
// | recipes DATA FOLDER MINUTES|75kimg SET,… PRESET,… SEEDS | pictures DATA FOLDER SIZE COUNT [CLASS …]
// | trust credentials [COUNT [TAMPERED]] | trust verify|bounds [COUNT] | trust speed [ROUNDS [MODEL]]
// | trust detector DATA FILE.onnx [STEPS]
// | trust watermark [COUNT [REAL [ROUNDS]]]
// | translation pix2pix|cyclegan DATA FROM TO FOLDER KIMG SEEDS | serve [SECONDS [CORE [MODEL]]]
// | sets [COUNT [PROCESSES [KILLS [FORMAT]]]]
switch (args)
{
    case ["training"] or ["training", "dcgan" or "wgan-gp" or "stylegan2" or "pix2pix" or "cyclegan"] or ["training", not "bf16", _]
        or ["training", not "bf16", _, _]:
        TrainingBenchmark.Run(args.ElementAtOrDefault(1), At(2, Environment.ProcessorCount), args.Length > 3 ? Parse(args[3]) : null);
        return 0;
    case ["training", "bf16"] or ["training", "bf16", _] or ["training", "bf16", _, _]:
        PrecisionBenchmark.Run(args.ElementAtOrDefault(2), At(3, Environment.ProcessorCount));
        return 0;
    case ["combinations"] or ["combinations", _]:
        return CombinationRun.Run(Number(32));
    case ["training-memory"] or ["training-memory", _]:
        TrainingEndurance.Run(Number(50_000), busy: false);
        return 0;
    case ["training-soak"] or ["training-soak", _]:
        TrainingEndurance.Run(Number(20_000), busy: true);
        return 0;
    case ["stress"] or ["stress", _] or ["stress", _, _]:
        await StressBenchmark.Run(args.ElementAtOrDefault(2) ?? Shipped, TimeSpan.FromSeconds(Number(60)));
        return 0;
    case ["stream"] or ["stream", _] or ["stream", _, _]:
        await StreamBenchmark.Run(args.ElementAtOrDefault(2) ?? Shipped, Number(1_000_000));
        return 0;
    case ["serve"] or ["serve", _] or ["serve", _, _] or ["serve", _, _, _]:
        await ServeBenchmark.Run(args.ElementAtOrDefault(3) ?? Shipped, Number(10), At(2, 1));
        return 0;
    case [ServeBenchmark.LoopVerb, var looped, var seconds, var batch]:
        Peers.Loop(looped, TimeSpan.FromSeconds(Parse(seconds)), Parse(batch));
        return 0;
    case [ServeBenchmark.EndpointVerb, var asked, var port]:
        await Peers.Endpoint(asked, Parse(port));
        return 0;
    case ["exporter"] or ["exporter", _]:
        ExporterBenchmark.Run(args.Length > 1 ? args[1] : null);
        return 0;
    case ["exporter", var ours, var theirs]:
        ExporterBenchmark.Run(ours, theirs);
        return 0;
    case ["augment"] or ["augment", _] or ["augment", _, _] or ["augment", _, _, _]:
        AugmentationBenchmark.Run(args.Length > 1 ? double.Parse(args[1], CultureInfo.InvariantCulture) : 10,
            args.ElementAtOrDefault(2) ?? "augment", args.Length > 3 ? int.Parse(args[3], CultureInfo.InvariantCulture) : int.MaxValue);
        return 0;
    case ["features"] or ["features", _]:
        FeatureBenchmark.Run(Number(500));
        return 0;
    case ["kills"] or ["kills", _] or ["kills", _, _]:
        KillBenchmark.Kill(Number(300), args.Length > 2 ? Parse(args[2]) : 1);
        return 0;
    case [KillBenchmark.ExportVerb, var run, var model]:
        KillBenchmark.Export(run, model);
        return 0;
    case ["signals"] or ["signals", _]:
        KillBenchmark.Signal(Number(1));
        return 0;
    case ["remedies", _, _] or ["remedies", _, _, _] or ["remedies", _, _, _, _]:
        RemedyBenchmark.Run(args[1], args[2], At(3, 150), At(4, 2));
        return 0;
    case ["phrasings", _, _] or ["phrasings", _, _, _]:
        Phrasings.Write(args[1], args[2], At(3, 8));
        return 0;
    case ["text", _, _, _] or ["text", _, _, _, _]:
        TextBenchmark.Run(args[1], args[2], args[3], At(4, 500));
        return 0;
    case ["trust", "credentials"] or ["trust", "credentials", _] or ["trust", "credentials", _, _]:
        return TrustBenchmark.Credentials(At(2, 1000), At(3, 200));
    case ["trust", "verify"] or ["trust", "verify", _]:
        return TrustBenchmark.Verify(At(2, 500));
    case ["trust", "bounds"] or ["trust", "bounds", _]:
        return TrustBenchmark.Bounds(At(2, 60));
    case ["trust", "speed"] or ["trust", "speed", _] or ["trust", "speed", _, _]:
        return TrustBenchmark.Speed(At(2, 12), args.ElementAtOrDefault(3) ?? "models/lpc-characters");
    case ["trust", "detector", _, _] or ["trust", "detector", _, _, _]:
        return DetectorBenchmark.Run(args[2], args[3], At(4, 2500));
    case ["trust", "watermark"] or ["trust", "watermark", _] or ["trust", "watermark", _, _] or ["trust", "watermark", _, _, _]:
        WatermarkBenchmark.Run(At(2, 100), At(3, 10_000), At(4, 12));
        return 0;
    case ["sets"] or ["sets", _] or ["sets", _, _] or ["sets", _, _, _] or ["sets", _, _, _, _]:
        return SetBenchmark.Run(Number(1_000_000), At(2, 4), At(3, 20), args.ElementAtOrDefault(4) ?? "tar");
    case ["translation", "pix2pix" or "cyclegan", var data, var from, var to, var folder, var kimg, var seeds]:
        TranslationBenchmark.Run(args[1], data, [from, to], folder, Parse(kimg), Parse(seeds));
        return 0;
    case ["pictures", var data, var pictures, var size, var count, .. var classes]:
        PictureFolder.Write(data, pictures, Parse(size), Parse(count), classes);
        return 0;
    case ["recipes", var data, var folder, var budget, var sets, var presets, var seeds]:
        RecipeBenchmark.Run(data, folder, budget, sets.Split(','), presets.Split(','), Parse(seeds));
        return 0;
    default:
        Console.Error.WriteLine("usage: training [PRESET [THREADS [ROUNDS]]] | training bf16 [PRESET [THREADS]] | combinations [SIZE] | training-memory [STEPS] | training-soak [STEPS] | exporter "
            + "[NETWORK | OURS.onnx THEIRS.onnx] | stress [SECONDS [MODEL.onnx]] | stream [COUNT [MODEL.onnx]] | features [IMAGES] "
            + "| augment [MINUTES [FOLDER [CELLS]]] | kills [COUNT [SEED]] | signals [SEED] | remedies DIGITS FOLDER [KIMG [SEEDS]] "
            + "| recipes DATA FOLDER MINUTES|75kimg SET,… PRESET,… SEEDS | pictures DATA FOLDER SIZE COUNT [CLASS …] "
            + "| trust credentials [COUNT [TAMPERED]] | trust verify|bounds [COUNT] | trust speed [ROUNDS [MODEL]] | trust detector DATA FILE.onnx [STEPS] "
            + "| trust watermark [COUNT [REAL [ROUNDS]]] "
            + "| translation pix2pix|cyclegan DATA FROM TO FOLDER KIMG SEEDS | serve [SECONDS [CORE [MODEL.onnx]]] "
            + "| sets [COUNT [PROCESSES [KILLS [FORMAT]]]]");
        return 2;
}

int Number(int otherwise) => At(1, otherwise);

int At(int place, int otherwise) => args.Length > place ? Parse(args[place]) : otherwise;

static int Parse(string number) => int.Parse(number, CultureInfo.InvariantCulture);
