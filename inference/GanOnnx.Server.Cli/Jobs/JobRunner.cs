using GanOnnx.AspNetCore.Models;
using GanOnnx.CommandLine;
using GanOnnx.Imaging;
using GanOnnx.Sets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace GanOnnx.Server.Jobs;

/// <summary>Makes jobs, one after the other, beside the requests that come: those wait for a batch of it at most.</summary>
internal sealed partial class JobRunner(JobStore jobs, ModelCatalog catalog, ILogger<JobRunner> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var job in jobs.Waiting(stoppingToken).ConfigureAwait(false))
        {
            await job.Work.WaitAsync(stoppingToken).ConfigureAwait(false);
            try
            {
                using var stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, job.Stop.Token);
                if (!stop.IsCancellationRequested)
                    await Task.Run(() => Make(job, stop.Token), CancellationToken.None).ConfigureAwait(false);
            }
            finally
            {
                job.Work.Release();
            }
        }
    }

    private void Make(Job job, CancellationToken stop)
    {
        job.IsRunning = true;
        try
        {
            var set = job.Read().Description!;
            var model = Rent(set) ?? throw new UsageException($"The model '{set.Model}' with the SHA-256 {set.ModelSha256} isn't served now. Serve it and "
                + "start the server again, and the job goes on.");
            try
            {
                LogBegun(logger, job.Id, set.Count, set.Model);
                new SetWriter(model.Generator!, set, job.Folder, (0, 1), (batch, i, sample, name) =>
                {
                    using var image = batch.ToImage(i);
                    return ImageFile.Encode(image, Path.GetExtension(name),
                        new() { Provenance = Provenance.Of(model.Description, sample) });
                }).Write(_ => { }, stop);
                LogDone(logger, job.Id);
            }
            finally
            {
                model.Return();
            }
        }
        catch (OperationCanceledException)
        {
            // What is whole stays; whoever cancelled it says what becomes of it.
        }
        catch (UsageException e)
        {
            Fail(e, e.Message);
        }
        catch (Exception e)
        {
            // Whatever it is, a full disk as one: requests and other jobs go on.
            Fail(e, e is IOException or UnauthorizedAccessException ? $"It can't be written: {e.Message}" : AspNetCore.Errors.Failed());
        }
        finally
        {
            job.IsRunning = false;
        }

        void Fail(Exception e, string sentence)
        {
            job.Error = sentence;
            LogFailed(logger, job.Id, e);
        }
    }

    // By what it is, not by its name: another file may have that now.
    private LoadedModel? Rent(SetDescription set) =>
        catalog.All.FirstOrDefault(model => model.Generator is not null && model.Description.Sha256 == set.ModelSha256 && model.TryRent());

    [LoggerMessage(LogLevel.Information, "{Job}: making {Count} images with {Model}.")]
    private static partial void LogBegun(ILogger logger, string job, long count, string model);

    [LoggerMessage(LogLevel.Information, "{Job}: done.")]
    private static partial void LogDone(ILogger logger, string job);

    [LoggerMessage(LogLevel.Error, "{Job} failed.")]
    private static partial void LogFailed(ILogger logger, string job, Exception e);
}
