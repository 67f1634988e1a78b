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
            candidates.Add(new Library(ImageGenerator.Load(subject.Model.Path, subject.Options with { BatchSize = batch }, stop)));
            var missing = new List<Figure>();
            foreach (var (name, make) in Columns(subject, batch))
                if (Try(make, out var reason) is { } column)
                    candidates.Add(column);
                else
                    missing.Add(new(name, [], reason));

            var rates = Rounds.Run(candidates, step: batch * Environment.ProcessorCount, rounds, duration, stop);
            Figure[] figures = [.. candidates.Select((candidate, i) => new Figure(candidate.Name, rates[i])), .. missing];
            Figure[] columns = [.. Columns(subject, batch)
                .Select(column => Array.Find(figures, figure => figure.Candidate == column.Name)!)];
            return new(batch, figures[..bare], figures[bare], columns[..^1], columns[^1]);
        }
        finally
        {
            candidates.ForEach(candidate => candidate.Dispose());
        }
    }

    private static IEnumerable<(string Name, Func<Column> Make)> Columns(Subject subject, int batch) =>
    [
        (Column.GenerateName, () => Column.GenerateImages(subject, batch)),
        (Column.BatchedName, () => Column.ApplyOnnxModelBatched(subject, batch)),
        (Column.StockName, () => Column.ApplyOnnxModel(subject)),
    ];

    // ML.NET may not have columns for a model that we take.
    private static Column? Try(Func<Column> make, out string? missing)
    {
        try
        {
            missing = null;
            var column = make();
            column.Make(1);
            return column;
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or NotSupportedException or OnnxRuntimeException
            or ModelException)
        {
            missing = e.GetBaseException().Message.Split('\n')[0];
            return null;
        }
    }
}
