using GanOnnx.Data;
using GanOnnx.Inference;
using GanOnnx.Training.Data;
using GanOnnx.Training.Monitoring.Report;
using GanOnnx.Training.Monitoring.TensorBoard;
using GanOnnx.Training.Tasks;
using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Training.Monitoring;

/// <summary>Everything a run leaves to be looked at: figures, samples, TensorBoard events, the report; and what it warns of.</summary>
internal sealed class RunLog : IDisposable
{
    private readonly string _samples;
    private readonly MetricsLog _metrics;
    private readonly double _deviation;
    private TrainingHealth _health;
    private readonly HtmlReport _report;
    private readonly TensorBoardLog _tensorBoard;

    /// <param name="run">The run.</param>
    /// <param name="data">Its images.</param>
    /// <param name="step">Steps done before. What was written of later ones, after the checkpoint, is dropped.</param>
    public RunLog(TrainingRun run, ImageDataset data, long step)
    {
        _samples = Path.Combine(run.Folder, SampleGrid.FolderName);
        (_deviation, _health) = (data.Deviation, new TrainingHealth(data.Deviation));
        _report = new HtmlReport(run.Folder);
        _metrics = new MetricsLog(Path.Combine(run.Folder, MetricsLog.FileName));
        _metrics.TruncateAfter(step);
        _health.Recall(_metrics.Read());
        _tensorBoard = new TensorBoardLog(Path.Combine(run.Folder, TensorBoardLog.FolderName), step);
    }

    /// <summary>Judges what comes by itself alone: the networks are others than before.</summary>
    public void Forget() => _health = new TrainingHealth(_deviation);

    /// <summary>Where the report is.</summary>
    public string ReportPath => _report.Path;

    /// <summary>Writes what there is to see before the first step: real images, what the networks make as yet, the report.</summary>
    /// <param name="reals">Some of the data's images.</param>
    /// <param name="samples">The samples before the first step; null for a run that goes on.</param>
    public void Begin(ImageBatch reals, SampleGrid? samples)
    {
        SampleGrid.SaveReals(_samples, reals);
        if (samples is not null)
            _report.Add(samples.Save(_samples, 0), samples.Png);
        Report();
    }

    /// <summary>Writes a tick down, its samples and what looks wrong about it. The report comes after the checkpoint: see
    /// <see cref="Report"/>.</summary>
    /// <param name="tick">The tick's figures.</param>
    /// <param name="samples">Its samples.</param>
    /// <param name="networks">Those whose weights get histograms, among others.</param>
    /// <returns>The tick with its warnings, and where the picture of its samples is.</returns>
    public (Tick Tick, string Samples) Write(Tick tick, SampleGrid samples, IReadOnlyList<TaskNetwork> networks)
    {
        var path = samples.Save(_samples, tick.Images);
        _report.Add(path, samples.Png);
        tick = tick with { Warnings = [.. tick.Warnings, .. _health.Examine(tick)] };
        _metrics.Append(tick);
        _tensorBoard.Scalars(tick);
        _tensorBoard.Image(tick.Step, "samples", samples.Png);
        foreach (var network in networks.Where(n => n.Layers is not null))
            WriteHistograms(tick.Step, network);
        _tensorBoard.Flush();
        return (tick, path);
    }

    /// <summary>Writes the report as the run is now.</summary>
    /// <param name="training">Whether there is more to come.</param>
    public void Report(bool training = true) => _report.Write(training);

    private void WriteHistograms(long step, TaskNetwork network)
    {
        using var scope = NewDisposeScope();
        foreach (var (name, weight) in network.Module.named_parameters().Where(p => p.parameter.ndim > 1))
            _tensorBoard.Histogram(step, $"{network.Name}/{name}", weight.detach().cpu().contiguous().data<float>().ToArray());
    }

    public void Dispose() => _tensorBoard.Dispose();
}
