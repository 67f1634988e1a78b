using Microsoft.ML.OnnxRuntime;

namespace GanOnnx.Cli.Bench;

/// <summary>
/// Threads that each run one batch again and again over the same buffers: what ONNX Runtime can do if nobody draws latents
/// or wants to keep an image.
/// </summary>
internal sealed class BareLoops : Candidate
{
    private readonly List<IDisposable> _resources = [];
    private readonly List<Action> _runs = [];
    private readonly Subject _subject;
    private readonly int _batch;

    /// <param name="callers">Threads that run.</param>
    /// <param name="sessions">Sessions that they share.</param>
    /// <inheritdoc cref="Subject.Open"/>
    private BareLoops(string name, Subject subject, int batch, int callers, int sessions, int threads, bool spin = true)
        : base(name)
    {
        (_subject, _batch) = (subject, batch);
        var opened = Enumerable.Range(0, sessions).Select(_ => Keep(subject.Open(threads, spin))).ToList();
        for (var i = 0; i < callers; i++)
            _runs.Add(Loop(opened[i % sessions]));
    }

    /// <summary>One session with ONNX Runtime's default options, and one caller.</summary>
    public static BareLoops Default(Subject subject, int batch) => new("InferenceSession.Run, default options", subject, batch, 1, 1, 0);

    /// <summary>The configurations that may be faster on this device.</summary>
    public static IEnumerable<BareLoops> Others(Subject subject, int batch)
    {
        var cores = Environment.ProcessorCount;
        return subject.OnGpu
            ? [new("InferenceSession.Run, 2 callers", subject, batch, 2, 1, 0)]
            :
            [
                new("InferenceSession.Run, idle threads asleep", subject, batch, 1, 1, 0, spin: false),
                new($"InferenceSession.Run, {cores} callers of a session of one thread", subject, batch, cores, 1, 1),
                new($"InferenceSession.Run, {cores} sessions of one thread", subject, batch, cores, cores, 1),
            ];
    }

    public override void Make(int images)
    {
        var left = images / _batch;
        var threads = _runs.ConvertAll(run => new Thread(() =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
                run();
        }));
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
    }

    public override void Dispose()
    {
        _resources.Reverse();
        _resources.ForEach(resource => resource.Dispose());
    }

    private Action Loop(InferenceSession session)
    {
        var options = Keep(new RunOptions());
        string[] inputNames = [.. _subject.Inputs.Select(i => i.Name)], outputNames = [_subject.Image];
        OrtValue[] inputs = [.. _subject.Fill(0, _batch).Select(buffer => Keep(buffer).All)];
        using var first = session.Run(options, inputNames, inputs, outputNames);
        var made = first[0].GetTensorTypeAndShape();
        OrtValue[] outputs = [Keep(OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, made.ElementDataType, made.Shape))];
        return () => session.Run(options, inputNames, inputs, outputNames, outputs);
    }

    private T Keep<T>(T resource) where T : IDisposable
    {
        _resources.Add(resource);
        return resource;
    }
}
