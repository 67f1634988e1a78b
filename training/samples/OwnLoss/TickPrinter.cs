using GanOnnx.Training.Monitoring;

namespace OwnLoss;

/// <summary>Prints a line for every tick.</summary>
internal sealed class TickPrinter : ITrainingMonitor
{
    public void Decoding(int done, int total) { }

    public void Started(TrainingStart start) { }

    public void Stepped(long step, long totalSteps) { }

    public void Ticked(Tick tick, string samples) =>
        Console.WriteLine($"{tick.Kimg} kimg, loss D {tick[Figures.DiscriminatorLoss]:0.000} G "
            + $"{tick[Figures.GeneratorLoss]:0.000}, {samples}");
}
