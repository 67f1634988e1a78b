using GanOnnx.Inference;
using Microsoft.ML.OnnxRuntime;

namespace GanOnnx.Cli.Bench;

/// <summary>All candidates at one batch size, measured.</summary>
internal static class Measurements
{
    public static Figures Of(Subject subject, int batch, int rounds, TimeSpan duration, CancellationToken stop)
    {
        var candidates = new List<Candidate>();
        try
        {
            candidates.Add(BareLoops.Default(subject, batch));
            candidates.AddRange(BareLoops.Others(subject, batch));
            var bare = candidates.Count;
            candidates.Add(new Library(ImageGenerator.Load(subject.Model.Path,
                new ImageGeneratorOptions { Device = subject.Device, BatchSize = batch })));
            candidates.Add(Column.GenerateImages(subject, batch));
            candidates.Add(Column.ApplyOnnxModelBatched(subject, batch));
            if (Stock(subject, out var missing) is { } stock)
                candidates.Add(stock);

            var rates = Rounds.Run(candidates, step: batch * Environment.ProcessorCount, rounds, duration, stop);
            Figure[] figures = [.. candidates.Select((candidate, i) => new Figure(candidate.Name, rates[i]))];
            return new(batch, figures[..bare], figures[bare], figures[(bare + 1)..(bare + 3)],
                missing is null ? figures[^1] : new(Column.StockName, [], missing));
        }
        finally
        {
            candidates.ForEach(candidate => candidate.Dispose());
        }
    }

    // The one candidate that isn't ours to mend: it may not take a model that we take.
    private static Column? Stock(Subject subject, out string? missing)
    {
        try
        {
            missing = null;
            var stock = Column.ApplyOnnxModel(subject);
            stock.Make(1);
            return stock;
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or OnnxRuntimeException)
        {
            missing = e.GetBaseException().Message.Split('\n')[0];
            return null;
        }
    }
}
