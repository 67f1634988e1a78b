using GanOnnx.Data;
using GanOnnx.Training.Data;
using GanOnnx.Training.Monitoring;

namespace GanOnnx.Training.Tests;

/// <summary>Keeps what a run reports, and can act after a step.</summary>
internal sealed class RecordingMonitor(Action<long>? afterStep = null) : ITrainingMonitor
{
    public DataSummary? Data { get; private set; }

    public TrainingStart? Start { get; private set; }

    public List<Tick> Ticks { get; } = [];

    public List<string> Samples { get; } = [];

    public void Found(DataSummary data) => Data = data;

    public void Decoding(int done, int total) { }

    public void Started(TrainingStart start) => Start = start;

    public void Stepped(long step, long totalSteps) => afterStep?.Invoke(step);

    public void Ticked(Tick tick, string samples)
    {
        Ticks.Add(tick);
        Samples.Add(samples);
    }
}
