using GanOnnx.Inference;
using Microsoft.ML.OnnxRuntime;

namespace GanOnnx.Cli.Bench;

/// <summary>All ways to make images with a model at one batch size, measured.</summary>
internal static class Measurements
{
    public static Figures Of(Subject subject, int batch, int rounds, TimeSpan duration, CancellationToken stop)
    {
        var ways = new List<Way>();
        try
        {
            ways.Add(BareLoops.Default(subject, batch));
            ways.AddRange(BareLoops.Others(subject, batch));
            var bare = ways.Count;
            ways.Add(new Library(ImageGenerator.Load(subject.Model.Path, new ImageGeneratorOptions { Device = subject.Device, BatchSize = batch })));
            ways.Add(Column.GenerateImages(subject, batch));
            ways.Add(Column.ApplyOnnxModelBatched(subject, batch));
            if (Stock(subject, out var missing) is { } stock)
                ways.Add(stock);

            var rates = Contest.Run(ways, step: batch * Environment.ProcessorCount, rounds, duration, stop);
            Figure[] figures = [.. ways.Select((way, i) => new Figure(way.Name, rates[i]))];
            return new(batch, figures[..bare], figures[bare], figures[(bare + 1)..(bare + 3)],
                missing is null ? figures[^1] : new(Column.StockName, [], missing));
        }
        finally
        {
            ways.ForEach(way => way.Dispose());
        }
    }

    // The one way that isn't ours to mend: it may not take a model that we take.
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
