using System.Collections.Concurrent;
using Microsoft.ML.OnnxRuntime;

namespace GanOnnx.Inference.Internals;

/// <summary>Runs a graph batch by batch, writing the images where they are wanted. Several threads may do so at once.</summary>
internal sealed class Runner : IDisposable
{
    private static readonly RunOptions Defaults = new();

    private readonly ConcurrentBag<Batch> _batches = [];
    private readonly Session _session;
    private readonly string _path;
    private readonly Graph _graph;
    private readonly bool _padded;
    private readonly int _latentSize;
    private readonly string[] _inputNames;
    private readonly string[] _outputNames;

    public Runner(string path, Session session, Graph graph, int latentSize, ImageGeneratorOptions options)
    {
        (_path, _session, _graph, _latentSize) = (path, session, graph, latentSize);
        _padded = options.PadBatches ?? session.OnGpu;
        BatchSize = options.BatchSize ?? (session.OnGpu ? 64 : 16);
        TensorDescription?[] inputs = [graph.Latent, graph.Label, graph.Truncation];
        _inputNames = [.. inputs.OfType<TensorDescription>().Select(t => t.Name)];
        _outputNames = [graph.Image.Name];
    }

    public int BatchSize { get; }

    /// <summary>Puts the inputs of <paramref name="count"/> images from number <paramref name="first"/> on into a batch.</summary>
    public delegate void Fill(Batch batch, int first, int count);

    /// <summary>Makes <paramref name="count"/> images into <paramref name="pixels"/>, <c>[count, C, H, W]</c>.</summary>
    public void Run(int count, (int C, int H, int W) image, float[] pixels, Fill fill, CancellationToken cancellation)
    {
        var length = image.C * image.H * image.W;
        var batch = _batches.TryTake(out var kept) ? kept : new Batch(BatchSize, _latentSize);
        for (var first = 0; first < count; first += BatchSize)
        {
            cancellation.ThrowIfCancellationRequested();
            var n = Math.Min(BatchSize, count - first);
            fill(batch, first, n);
            var rows = _padded ? batch.PaddedLength(n) : n;
            if (rows == n)
            {
                RunOnce(batch, n, image, pixels.AsMemory(first * length, n * length));
                continue;
            }

            var scratch = batch.Scratch(length);
            RunOnce(batch, rows, image, scratch.AsMemory(0, rows * length));
            scratch.AsSpan(0, n * length).CopyTo(pixels.AsSpan(first * length));
        }

        _batches.Add(batch);
    }

    /// <summary>The shape of one image, and a proof that the model runs, here with a given label.</summary>
    public (int C, int H, int W) Probe(int label)
    {
        var batch = new Batch(1, _latentSize);
        batch.Labels[0] = label;
        batch.Truncation[0] = 1;
        var inputs = Inputs(batch, 1);
        try
        {
            using var outputs = _session.Graph.Run(Defaults, _inputNames, inputs, _outputNames);
            var shape = outputs[0].GetTensorTypeAndShape().Shape;
            return (_graph.MakesBytes, shape) switch
            {
                (false, [1, 1 or 3, > 0, > 0]) => ((int)shape[1], (int)shape[2], (int)shape[3]),
                (true, [1, > 0, > 0, 1 or 3]) => ((int)shape[3], (int)shape[1], (int)shape[2]),
                _ => throw Errors.WrongImageShape(_path, shape),
            };
        }
        finally
        {
            Release(inputs);
        }
    }

    public void Dispose() => _session.Graph.Dispose();

    private void RunOnce(Batch batch, int rows, (int C, int H, int W) image, Memory<float> pixels)
    {
        var inputs = Inputs(batch, rows);
        try
        {
            if (_graph.MakesBytes)
            {
                var bytes = batch.Bytes(image.C * image.H * image.W);
                using var output = Tensor(bytes.AsMemory(0, pixels.Length), [rows, image.H, image.W, image.C]);
                _session.Graph.Run(Defaults, _inputNames, inputs, _outputNames, [output]);
                ToFloats(bytes, image.C, image.H * image.W, pixels.Span);
            }
            else
            {
                using var output = Tensor(pixels, [rows, image.C, image.H, image.W]);
                _session.Graph.Run(Defaults, _inputNames, inputs, _outputNames, [output]);
            }
        }
        catch (OnnxRuntimeException e)
        {
            throw Errors.CantRun(_path, LoadFailure.Reason(e), e);
        }
        finally
        {
            Release(inputs);
        }
    }

    // [N, H, W, C] in 0 … 255 to [N, C, H, W] in −1 … 1, so that ImageBatch gives the same bytes again.
    private static void ToFloats(ReadOnlySpan<byte> bytes, int channels, int plane, Span<float> pixels)
    {
        for (var i = 0; i < pixels.Length; i++)
        {
            var (image, rest) = Math.DivRem(i, channels * plane);
            var (channel, pixel) = Math.DivRem(rest, plane);
            pixels[i] = (bytes[(image * plane + pixel) * channels + channel] - 127.5f) / 127.5f;
        }
    }

    // In the order of _inputNames.
    private List<OrtValue> Inputs(Batch batch, int rows)
    {
        long[] shape = _graph.Latent.Axes.Count == 2 ? [rows, _latentSize] : [rows, _latentSize, 1, 1];
        var inputs = new List<OrtValue>(3) { Tensor(batch.Latents.AsMemory(), shape) };
        if (_graph.Label is not null)
            inputs.Add(Tensor(batch.Labels.AsMemory(), [rows]));
        if (_graph.Truncation is not null)
            inputs.Add(Tensor(batch.Truncation.AsMemory(), [rows]));
        return inputs;
    }

    private static OrtValue Tensor<T>(Memory<T> memory, long[] shape) where T : unmanaged =>
        OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, memory, shape);

    private static void Release(List<OrtValue> values)
    {
        foreach (var value in values)
            value.Dispose();
    }
}
