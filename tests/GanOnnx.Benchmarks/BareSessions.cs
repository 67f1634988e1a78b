using System.Diagnostics;
using GanOnnx.Inference;
using Microsoft.ML.OnnxRuntime;

namespace GanOnnx.Benchmarks;

/// <summary>Sessions of ONNX Runtime, each in a thread of its own that runs one batch in a loop over the same buffers.</summary>
internal sealed class BareSessions : IDisposable
{
    private readonly int _batch;
    private readonly List<IDisposable> _resources = [];
    private readonly List<Action> _runs = [];

    /// <param name="threads">Per operator; 0 leaves it to ONNX Runtime.</param>
    public BareSessions(string path, int batch, ModelDescription model, int sessions, int threads)
    {
        _batch = batch;
        var file = Directory.Exists(path) ? Path.Combine(path, "model.onnx") : path;
        for (var i = 0; i < sessions; i++)
            _runs.Add(Loop(file, model, threads));
    }

    public double Rate(TimeSpan duration)
    {
        long images = 0;
        var time = Stopwatch.StartNew();
        var threads = _runs.ConvertAll(run => new Thread(() =>
        {
            var made = 0;
            for (; time.Elapsed < duration; made += _batch)
                run();
            Interlocked.Add(ref images, made);
        }));
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        return images / time.Elapsed.TotalSeconds;
    }

    public void Dispose()
    {
        _resources.Reverse();
        _resources.ForEach(resource => resource.Dispose());
    }

    private Action Loop(string file, ModelDescription model, int threads)
    {
        var options = Keep(new SessionOptions { IntraOpNumThreads = threads });
        var session = Keep(new InferenceSession(file, options));
        var run = Keep(new RunOptions());
        var latents = new float[_batch * model.LatentSize];
        new LatentSampler(model.LatentSize).Fill(0, 0, latents);
        var input = Keep(OrtValue.CreateTensorValueFromMemory(latents, [_batch, model.LatentSize]));
        long[] shape = [_batch, model.Channels!.Value, model.Height!.Value, model.Width!.Value];
        var output = Keep(OrtValue.CreateTensorValueFromMemory(new float[shape.Aggregate(1L, (a, b) => a * b)], shape));
        return () => session.Run(run, session.InputNames, [input], session.OutputNames, [output]);
    }

    private T Keep<T>(T resource) where T : IDisposable
    {
        _resources.Add(resource);
        return resource;
    }
}
