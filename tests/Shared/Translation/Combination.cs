using GanOnnx.Export.Native;
using GanOnnx.Training;
using GanOnnx.Training.Checkpoints;
using GanOnnx.Training.Data;
using GanOnnx.Training.Losses;
using GanOnnx.Training.Tasks;
using static TorchSharp.torch;

namespace GanOnnx.Tests.Shared.Translation;

/// <summary>What is chosen of all that combines in a task from image to image.</summary>
/// <param name="Choices">A value for each dimension, the task being one.</param>
/// <param name="Options">The options that say so, of small networks.</param>
internal sealed record Combination(IReadOnlyDictionary<string, string> Choices, TrainingOptions Options)
{
    private const string Task = "task", Loss = "loss", Norm = "norm", Architecture = "networks";

    // What bounds the slope as well, spectral normalization in the place of another norm, a penalty with none.
    private static readonly string[] _norms = ["", "spectral-norm", "gradient-penalty"];

    /// <summary>As <c>task srgan, loss hinge, norm spectral-norm</c>.</summary>
    public override string ToString() => string.Join(", ", Choices.Select(choice => $"{choice.Key} {(choice.Value == "" ? "usual" : choice.Value)}"));

    /// <summary>All that are offered.</summary>
    /// <param name="size">Height and width of the images.</param>
    public static IReadOnlyList<Combination> All(int size) =>
    [
        .. Of("pix2pix", size, ["unet"], GanLosses.Names, _norms, ("resizeConvolution", [0, 1]), ("dropout", [0, 1])),
        .. Of("cyclegan", size, ["resnet-generator"], GanLosses.Names, _norms, ("resizeConvolution", [0, 1]), ("identityWeight", [0, 0.5])),
        .. Of("super-resolution", size, ["srresnet", "edsr", "rrdb"], [GanLosses.Names[0]], [""], ("scale", [2, 4]), ("blind", [0, 1])),
        .. Of("srgan", size, ["srresnet", "edsr", "rrdb"], GanLosses.Names, _norms, ("scale", [2, 4])),
    ];

    /// <summary>Some of them, in which any two choices that go together are together once.</summary>
    public static IReadOnlyList<Combination> Pairwise(IReadOnlyList<Combination> all)
    {
        List<Combination> chosen = [];
        var open = all.SelectMany(Pairs).ToHashSet();
        while (open.Count > 0)
        {
            var next = all.MaxBy(combination => Pairs(combination).Count(open.Contains))!;
            chosen.Add(next);
            open.ExceptWith(Pairs(next));
        }
        return chosen;
    }

    /// <summary>Trains it, goes on from the checkpoint of half of the steps with another task, and exports it.</summary>
    /// <param name="steps">How many steps.</param>
    /// <param name="folder">Where files go.</param>
    /// <returns>What is wrong, or null; and the largest difference between ONNX Runtime and TorchSharp.</returns>
    public (string? Wrong, float Difference) Check(int steps, string folder)
    {
        using var whole = Create();
        Train(whole, 0, steps / 2);
        Save(whole, steps / 2, Path.Combine(folder, "half"));
        Train(whole, steps / 2, steps);
        Save(whole, steps, Path.Combine(folder, "whole"));
        using (var resumed = Create())
        {
            using (var checkpoint = Checkpoint.Open(Path.Combine(folder, "half")))
                checkpoint.Restore(resumed);
            Train(resumed, steps / 2, steps);
            Save(resumed, steps, Path.Combine(folder, "resumed"));
        }
        var difference = ExportedTranslators.LargestDifference(whole, Options, folder);
        var infinite = whole.Measurements.Read().Where(figure => !double.IsFinite(figure.Value)).Select(figure => figure.Key.Name)
            .FirstOrDefault();
        return (infinite is not null ? $"{infinite} isn't a number"
            : !File.ReadAllBytes(Path.Combine(folder, "whole")).SequenceEqual(File.ReadAllBytes(Path.Combine(folder, "resumed")))
                ? "a resumed run differs"
            : !(difference <= ExportedTranslators.Tolerance) ? "ONNX Runtime makes other images" : null, difference);
    }

    private static IEnumerable<Combination> Of(string task, int size, string[] architectures, IEnumerable<string> losses, string[] norms,
        params (string Key, double[] Values)[] numbers) =>
        from architecture in architectures
        from loss in losses
        from norm in norms
        from chosen in Products(numbers)
        let options = new TrainingOptions
        {
            Task = task,
            Architecture = architecture,
            Loss = loss,
            Regularizers = norm,
            Size = size,
            Width = 4,
            BatchSize = 2,
            Seed = 5,
            Network = new(Small(task).Concat(chosen).ToDictionary(number => number.Key, number => (object)number.Value)),
        }
        where IsOffered(options)
        select new Combination(new Dictionary<string, string>(
        [
            new(Task, task), new(Architecture, architecture), new(Loss, loss), new(Norm, norm),
            .. chosen.Select(number => KeyValuePair.Create(number.Key, $"{number.Value}")),
        ]), options);

    private static IEnumerable<(string Key, double Value)[]> Products((string Key, double[] Values)[] numbers) =>
        numbers.Aggregate((IEnumerable<(string, double)[]>)[[]], (before, number) =>
            from chosen in before
            from value in number.Values
            select ((string, double)[])[.. chosen, (number.Key, value)]);

    private static (string Key, double Value)[] Small(string task) => task switch
    {
        "cyclegan" => [("blocks", 1), ("patchLayers", 1), ("history", 3)],
        "super-resolution" => [("upscalerBlocks", 1)],
        "srgan" => [("upscalerBlocks", 1), ("patchLayers", 1), ("perceptualWeight", 0)],
        _ => [("patchLayers", 1)],
    };

    private static bool IsOffered(TrainingOptions options)
    {
        try
        {
            options.Validate();
            return true;
        }
        catch (TrainingException)
        {
            return false;
        }
    }

    private static IEnumerable<(string, string)> Pairs(Combination combination) =>
        from first in combination.Choices
        from second in combination.Choices
        where string.CompareOrdinal(first.Key, second.Key) < 0
        select ($"{first.Key} {first.Value}", $"{second.Key} {second.Value}");

    private ITrainingTask Create() => TrainingTasks.Of(Options).Create(Options, 3, 0, CPU);

    private void Train(ITrainingTask task, int from, int to)
    {
        using var finalizers = new HeldFinalizers(); // as training has them
        for (var step = from; step < to; step++)
        {
            finalizers.Rest();
            using var scope = NewDisposeScope();
            var pixels = new Random(step);
            using var batch = new TrainingBatch(Images(pixels), null) { SecondImages = Images(pixels) };
            task.Step(step, [batch]);
        }

        Tensor Images(Random random)
        {
            var bytes = new byte[Options.BatchSize * 3 * Options.Size * Options.Size];
            random.NextBytes(bytes);
            return tensor(bytes, [Options.BatchSize, 3, Options.Size, Options.Size]);
        }
    }

    private void Save(ITrainingTask task, long step, string path) => Checkpoint.Save(path, task, new CheckpointInfo
    {
        Step = step,
        Options = Options.Complete(),
        Channels = 3,
        Data = "noise",
        DataFingerprint = "noise",
        Tool = "tests",
    });
}
