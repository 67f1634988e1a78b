using GanOnnx.Training.Monitoring;

namespace GanOnnx.Benchmarks;

/// <summary>
/// Ends training when the process has used so much time of a core, from the first step on: neighbours on a busy machine change nothing.
/// </summary>
internal sealed class CoreTimeLimit(TimeSpan? most, CancellationTokenSource stop) : ITrainingMonitor
{
    private TimeSpan _start;

    public void Decoding(int done, int total)
    {
    }

    public void Started(TrainingStart start) => _start = Environment.CpuUsage.TotalTime;

    public void Stepped(long step, long totalSteps)
    {
        if (Environment.CpuUsage.TotalTime - _start >= most)
            stop.Cancel();
    }

    public void Ticked(Tick tick, string samples)
    {
    }
}
