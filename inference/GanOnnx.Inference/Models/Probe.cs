using GanOnnx.Inference.Images;
using GanOnnx.Inference.Runtime;
using Microsoft.ML.OnnxRuntime;

namespace GanOnnx.Inference.Models;

/// <summary>
/// Runs of a graph before its images' shape is known: they show the shape, prove that the model runs, and say what nobody
/// else does.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="session">The graph.</param>
/// <param name="inputs">The tensors it takes.</param>
/// <param name="image">The images it makes.</param>
/// <param name="rows">How many rows it is run with.</param>
internal sealed class Probe(string path, Session session, IReadOnlyList<TensorSpec> inputs, ImageTensor image, int rows)
{
    private const int MostRuns = 8;

    // Outputs that nobody clamped overshoot −1 … 1, but not by this much.
    private const float MostOvershoot = 16;

    /// <summary>The images as the graph makes them, the lengths it leaves open filled in.</summary>
    public ImageTensor Shape(PixelFormat format, Action<TensorBuffer[]> fill)
    {
        using var outputs = Run(fill);
        long[] shape = outputs[0].GetTensorTypeAndShape().Shape;
        var axes = shape.Select(length => new TensorAxis((int)length)).ToArray();
        var made = shape.Length > 1 && shape[0] == rows && shape.All(length => length > 0)
            ? ImageTensor.Recognise(image.Tensor with { Axes = axes }, format)
            : null;
        return made is { Channels: 1 or 3 } ? made : throw Errors.WrongImageShape(path, shape, rows);
    }

    /// <summary>−1 … 1 if a few images of a generator have negative values, as tanh makes them; else null.</summary>
    public ValueRange? Range(Action<TensorBuffer[], int> fill)
    {
        for (var i = 0; i < MostRuns; i++)
        {
            using var outputs = Run(buffers => fill(buffers, i));
            var (least, most) = (0f, 0f);
            foreach (var value in outputs[0].GetTensorDataAsSpan<float>())
                (least, most) = (Math.Min(least, value), Math.Max(most, value));
            if (least < 0)
                return Math.Max(-least, most) < MostOvershoot ? ValueRange.Signed : null;
        }

        return null;
    }

    private IDisposableReadOnlyCollection<OrtValue> Run(Action<TensorBuffer[]> fill)
    {
        TensorBuffer[] buffers = [.. inputs.Select(spec => new TensorBuffer(spec, rows, OrtAllocator.DefaultInstance))];
        using var binding = session.Graph.CreateIoBinding();
        using var options = new RunOptions();
        try
        {
            fill(buffers);
            foreach (var buffer in buffers)
                buffer.BindInput(binding, rows);
            binding.BindOutputToDevice(image.Tensor.Name, OrtMemoryInfo.DefaultInstance);
            return session.Graph.RunWithBoundResults(options, binding);
        }
        finally
        {
            foreach (var buffer in buffers)
                buffer.Dispose();
        }
    }
}
