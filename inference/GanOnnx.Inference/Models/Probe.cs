using System.Runtime.InteropServices;
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
/// <param name="limit">Ends runs that have to end.</param>
/// <param name="stop">As the caller wishes.</param>
internal sealed class Probe(string path, Session session, IReadOnlyList<TensorSpec> inputs, ImageTensor image, int rows, RunLimit limit,
    CancellationToken stop)
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
            ? image.Lengths(axes) ?? ImageTensor.Recognise(image.Tensor with { Axes = axes }, format)
            : null;
        // Sounds have two channels, and clips those of all frames.
        return made is { Channels: 1 or 3 or 4 } or { Channels: 2, Height: 1 } or { Tensor.Axes.Count: 5 } ? made
            : throw Errors.WrongImageShape(path, shape, rows);
    }

    /// <summary>−1 … 1 if a few images of a generator have negative values, as tanh makes them; else null.</summary>
    public ValueRange? Range(Action<TensorBuffer[], int> fill)
    {
        for (var i = 0; i < MostRuns; i++)
        {
            using var outputs = Run(buffers => fill(buffers, i));
            var (least, most) = (0f, 0f);
            if (image.Tensor.Type == "float16")
                foreach (var value in MemoryMarshal.Cast<byte, Half>(outputs[0].GetTensorMutableRawData()))
                    (least, most) = (Math.Min(least, (float)value), Math.Max(most, (float)value));
            else
                foreach (var value in outputs[0].GetTensorDataAsSpan<float>())
                    (least, most) = (Math.Min(least, value), Math.Max(most, value));
            if (least < 0)
                return Math.Max(-least, most) < MostOvershoot ? ValueRange.Signed : null;
        }

        return null;
    }

    /// <summary>The bytes of the images that it makes.</summary>
    public byte[] Images(Action<TensorBuffer[]> fill)
    {
        using var outputs = Run(fill);
        return outputs[0].GetTensorMutableRawData().ToArray();
    }

    private IDisposableReadOnlyCollection<OrtValue> Run(Action<TensorBuffer[]> fill)
    {
        TensorBuffer[] buffers = [.. inputs.Select(spec => new TensorBuffer(spec, rows, OrtAllocator.DefaultInstance))];
        using var binding = session.Graph.CreateIoBinding();
        try
        {
            fill(buffers);
            foreach (var buffer in buffers)
                buffer.BindInput(binding, rows);
            binding.BindOutputToDevice(image.Tensor.Name, OrtMemoryInfo.DefaultInstance);
            return limit.Run((session.Graph, binding), static (run, options) => run.Graph.RunWithBoundResults(options, run.binding), stop);
        }
        finally
        {
            foreach (var buffer in buffers)
                buffer.Dispose();
        }
    }
}
