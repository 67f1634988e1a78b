using GanOnnx.Export;
using GanOnnx.Inference;
using GanOnnx.Training;
using GanOnnx.Training.Tasks;
using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Tests.Shared.Translation;

/// <summary>The model files of a task from image to image, beside what TorchSharp computes.</summary>
internal static class ExportedTranslators
{
    /// <summary>How far ONNX Runtime and TorchSharp may be apart.</summary>
    public const float Tolerance = 1e-4f;

    /// <summary>Exports each direction with its height and width open, and translates images of three sizes both ways.</summary>
    /// <param name="task">A task, trained however little.</param>
    /// <param name="options">Its options.</param>
    /// <param name="folder">Where the files go.</param>
    /// <returns>The largest difference of a value; NaN where one isn't a number.</returns>
    public static float LargestDifference(ITrainingTask task, TrainingOptions options, string folder)
    {
        var kind = TrainingTasks.Of(options);
        IReadOnlyList<string?> directions = kind.Directions.Count == 0 ? [null] : [.. kind.Directions];
        return directions.Select(direction => LargestDifference(task, kind.CreateExport(options, 3, 0, direction),
            Sizes(options), Path.Combine(folder, $"{Guid.NewGuid()}.onnx"))).Aggregate(Larger);
    }

    private static float LargestDifference(ITrainingTask task, TaskExport export, (int Height, int Width)[] sizes, string path)
    {
        export.Weights.load_state_dict(task.Networks.Single(n => n.Name == export.Network).Module.state_dict()
            .ToDictionary(entry => entry.Key, entry => entry.Value));
        export.Module.eval();
        OnnxExporter.Export(export.Module, [.. export.Inputs.Select(i => i.Example)], path, new OnnxExportOptions
        {
            InputNames = ["image"],
            OutputNames = [export.Output],
            DynamicAxes = export.OpenAxes,
            Metadata = (export.Metadata with { Pixels = new() { Channels = "rgb" } }).ToProperties(),
        });

        using var translator = ImageTranslator.Load(path, new ImageTranslatorOptions { Device = Inference.Device.Cpu });
        var largest = 0f;
        foreach (var (height, width) in sizes)
        {
            using var scope = NewDisposeScope();
            using var noGrad = no_grad();
            var image = rand(2, 3, height, width) * 2 - 1;
            var expected = ((nn.Module<Tensor[], Tensor[]>)export.Module).call([image])[0];
            var made = translator.Translate(new ImageBatch(image.data<float>().ToArray(), 2, 3, height, width));
            if (!expected.shape.SequenceEqual([made.Count, made.Channels, made.Height, made.Width]))
                throw new InvalidOperationException($"TorchSharp makes {expected} of {height} × {width}, ONNX Runtime "
                    + $"{made.Height} × {made.Width}.");
            var values = made.Values.ToArray();
            largest = expected.data<float>().Select((value, i) => Math.Abs(value - values[i])).Aggregate(largest, Larger);
        }
        return largest;
    }

    // The size of training and two others, one of them not square; a U-Net takes multiples of its own.
    private static (int Height, int Width)[] Sizes(TrainingOptions options) => options.Task switch
    {
        "pix2pix" => [(options.Size, options.Size), (2 * options.Size, options.Size), (options.Size, 3 * options.Size)],
        "cyclegan" => [(options.Size, options.Size), (36, 64), (100, 40)],
        _ => [(16, 16), (7, 19), (1, 5)],
    };

    private static float Larger(float left, float right) => float.IsNaN(left) || left > right ? left : right;
}
