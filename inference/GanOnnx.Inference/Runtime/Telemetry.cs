using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using GanOnnx.Inference.Runtime.Gathering;

namespace GanOnnx.Inference.Runtime;

/// <summary>
/// What one model tells those who listen, see <see cref="InferenceTelemetry"/>. Tags are made once, so that telling takes no
/// memory; without a listener it takes a look at a flag.
/// </summary>
internal sealed class Telemetry(string model, string provider, string call)
{
    private const string Images = "ganonnx.images", BatchSize = "ganonnx.batch.size", ErrorType = "error.type";

    private static readonly string? _version = typeof(Telemetry).Assembly.GetName().Version?.ToString(3);
    private static readonly ActivitySource _activities = new(InferenceTelemetry.ActivitySourceName, _version);
    private static readonly Meter _meter = new(InferenceTelemetry.MeterName, _version);

    // From half a millisecond, a small model's run, to the ten seconds of a large one on a busy CPU.
    private static readonly InstrumentAdvice<double> _seconds = new()
    {
        HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    };
    private static readonly InstrumentAdvice<double> _parts =
        new() { HistogramBucketBoundaries = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1] };

    private static readonly Counter<long> _images = _meter.CreateCounter<long>(Images, "{image}", "Images made.");
    private static readonly Counter<long> _rejected =
        _meter.CreateCounter<long>("ganonnx.queue.rejected", "{request}", "Requests refused by a full queue.");
    private static readonly Histogram<double> _fill =
        _meter.CreateHistogram("ganonnx.batch.fill", "1", "Images of a run, as a part of the largest batch.", advice: _parts);
    private static readonly Histogram<double> _runTime =
        _meter.CreateHistogram("ganonnx.run.duration", "s", "Time of one run of the model.", advice: _seconds);
    private static readonly Histogram<double> _queueTime =
        _meter.CreateHistogram("ganonnx.queue.duration", "s", "Time a request waited for a batch.", advice: _seconds);

    // Held weakly: a generator that nobody closed must not stay for the sake of its queue's length.
    private static readonly ConditionalWeakTable<RequestQueue, Telemetry> _queues = [];
    private static readonly ObservableUpDownCounter<int> _queueLength =
        _meter.CreateObservableUpDownCounter("ganonnx.queue.length", QueueLengths, "{image}", "Images that wait.");

    private readonly KeyValuePair<string, object?> _model = new("ganonnx.model", model), _provider = new("ganonnx.provider", provider);

    /// <summary>Tells the queue's length to who asks, until <see cref="Forget"/>.</summary>
    public void Watch(RequestQueue queue) => _queues.Add(queue, this);

    public static void Forget(RequestQueue queue) => _queues.Remove(queue);

    /// <summary>A call; null without a listener. It is the current activity until it is disposed.</summary>
    public Activity? StartCall(int rows) => Describe(_activities.StartActivity(call), rows);

    /// <summary>As <see cref="StartCall"/>, for a call that ends in another thread: it is nobody's current activity.</summary>
    public Activity? StartRequest(int rows)
    {
        if (!_activities.HasListeners())
            return null;

        var current = Activity.Current;
        var request = StartCall(rows);
        Activity.Current = current;
        return request;
    }

    /// <summary>Ends a request's activity with its result. In an async method: what becomes current in it stays in it.</summary>
    public static async Task<T> End<T>(Activity activity, Task<T> result)
    {
        try
        {
            return await result.ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Fail(activity, e);
            throw;
        }
        finally
        {
            activity.Stop();
        }
    }

    /// <summary>A run of the model for the current activity, or for those who asked for its rows.</summary>
    public Run StartRun(int rows, int batchSize, List<Slice>? slices = null)
    {
        var activity = !_activities.HasListeners() ? null
            : slices is null ? _activities.StartActivity("run")
            : slices is [var only] ? _activities.StartActivity("run", ActivityKind.Internal, only.Request.Activity)
            : _activities.StartActivity("run", ActivityKind.Internal, default(ActivityContext), links: Links(slices));
        return new(this, Describe(activity, rows)?.SetTag(BatchSize, batchSize), rows, batchSize);
    }

    public void Waited(List<Slice> slices)
    {
        if (!_queueTime.Enabled)
            return;

        foreach (var (request, first, _) in slices)
            if (first == 0)
                _queueTime.Record(request.Waited.TotalSeconds, _model, _provider);
    }

    /// <summary>A request that never came into the queue.</summary>
    public void Refuse(Activity? activity, Exception e)
    {
        if (e is QueueFullException)
            _rejected.Add(1, _model, _provider);
        if (activity is null)
            return;

        Fail(activity, e);
        var current = Activity.Current;
        activity.Stop();
        Activity.Current = current;
    }

    public static void Fail(Activity? activity, Exception e) =>
        activity?.SetTag(ErrorType, e.GetType().FullName).SetStatus(ActivityStatusCode.Error, e.Message);

    private Activity? Describe(Activity? activity, int rows) =>
        activity is null ? null : activity.SetTag(_model.Key, _model.Value).SetTag(_provider.Key, _provider.Value).SetTag(Images, rows);

    private static IEnumerable<ActivityLink> Links(List<Slice> slices) =>
        slices.Where(slice => slice.Request.Activity != default).Select(slice => new ActivityLink(slice.Request.Activity));

    private static IEnumerable<Measurement<int>> QueueLengths() =>
        _queues.Select(queue => new Measurement<int>(queue.Key.Length, queue.Value._model, queue.Value._provider));

    /// <summary>A run of the model from its start to its end.</summary>
    internal readonly struct Run(Telemetry telemetry, Activity? activity, int rows, int batchSize) : IDisposable
    {
        private readonly long _started = _runTime.Enabled ? Stopwatch.GetTimestamp() : 0;

        public void Succeed()
        {
            var (model, provider) = (telemetry._model, telemetry._provider);
            if (_started != 0)
                _runTime.Record(Stopwatch.GetElapsedTime(_started).TotalSeconds, model, provider);
            _images.Add(rows, model, provider);
            _fill.Record((double)rows / batchSize, model, provider);
        }

        public void Fail(Exception e)
        {
            Telemetry.Fail(activity, e);
            if (_started != 0)
                _runTime.Record(Stopwatch.GetElapsedTime(_started).TotalSeconds, telemetry._model, telemetry._provider,
                    new(ErrorType, e.GetType().FullName));
        }

        public void Dispose() => activity?.Dispose();
    }
}
