using GanOnnx.Training.Data;
using GanOnnx.Training.Monitoring.Report;
using GanOnnx.Training.Monitoring.TensorBoard;
using GanOnnx.Training.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Training.Monitoring;

/// <summary>Everything a run leaves to be looked at: figures, samples, TensorBoard events, the report; and what it warns of.</summary>
internal sealed class RunLog : IDisposable
{
    private readonly MetricsLog _metrics;
    private readonly SampleGrid _samples;
    private readonly TrainingHealth _health;
    private readonly HtmlReport _report;
    private readonly TensorBoardLog _tensorBoard;

    /// <param name="run">The run.</param>
    /// <param name="data">Its images.</param>
    /// <param name="classes">How many classes there are, where labels are used.</param>
    /// <param name="device">Where the generator is.</param>
    /// <param name="step">Steps done before. What was written of later ones, after the checkpoint, is dropped.</param>
    public RunLog(TrainingRun run, ImageDataset data, int classes, torch.Device device, long step)
    {
        _samples = new SampleGrid(run.Options, classes, Path.Combine(run.Folder, SampleGrid.FolderName), device);
        _health = new TrainingHealth(data.Deviation);
        _report = new HtmlReport(run.Folder);
        _metrics = new MetricsLog(Path.Combine(run.Folder, MetricsLog.FileName));
        _metrics.TruncateAfter(step);
        _health.Recall(_metrics.Read());
        _tensorBoard = new TensorBoardLog(Path.Combine(run.Folder, TensorBoardLog.FolderName), step);
    }

    /// <summary>Draws the samples of a tick.</summary>
    /// <returns>Their picture, and how much they differ; no number where an image isn't one.</returns>
    public (string Path, double Deviation) Draw(GeneratorNetwork generator, long images) => _samples.Save(generator, images);

    /// <summary>Writes a tick down, and what looks wrong about it. The report comes after the checkpoint: see <see cref="Report"/>.</summary>
    public Tick Write(Tick tick, string samples, GanTrainer trainer)
    {
        tick = tick with { Warnings = _health.Examine(tick) };
        _metrics.Append(tick);
        _tensorBoard.Scalars(tick);
        _tensorBoard.Image(tick.Step, "samples", File.ReadAllBytes(samples));
        WriteHistograms(tick.Step, "generator", trainer.Generator);
        WriteHistograms(tick.Step, "discriminator", trainer.Discriminator);
        _tensorBoard.Flush();
        return tick;
    }

    /// <summary>Writes the report as the run is now.</summary>
    public void Report() => _report.Write();

    private void WriteHistograms(long step, string player, nn.Module network)
    {
        using var scope = NewDisposeScope();
        foreach (var (name, weight) in network.named_parameters().Where(p => p.parameter.ndim > 1))
            _tensorBoard.Histogram(step, $"{player}/{name}", weight.detach().cpu().contiguous().data<float>().ToArray());
    }

    public void Dispose() => _tensorBoard.Dispose();
}
