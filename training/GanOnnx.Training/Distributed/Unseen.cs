using GanOnnx.Training.Monitoring;

namespace GanOnnx.Training.Distributed;

/// <summary>What the workers tell that nobody looks at: all but the first one.</summary>
internal sealed class Unseen : ITrainingMonitor
{
    public void Decoding(int done, int total)
    {
    }

    public void Started(TrainingStart start)
    {
    }

    public void Stepped(long step, long totalSteps)
    {
    }

    public void Ticked(Tick tick, string samples)
    {
    }
}
