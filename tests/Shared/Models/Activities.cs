using System.Diagnostics;
using GanOnnx.Inference;

namespace GanOnnx.Tests.Shared.Models;

/// <summary>The library's activities of one model that ended while this lives.</summary>
internal sealed class Activities : IDisposable
{
    private readonly List<Activity> _all = [];
    private readonly ActivityListener _listener;

    public Activities(string model)
    {
        _listener = new()
        {
            ShouldListenTo = source => source.Name == InferenceTelemetry.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                if (!model.Equals(activity.GetTagItem("ganonnx.model")))
                    return;
                lock (_all)
                    _all.Add(activity);
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public Activity[] Named(string name)
    {
        lock (_all)
            return [.. _all.Where(activity => activity.OperationName == name)];
    }

    public void Dispose() => _listener.Dispose();
}
