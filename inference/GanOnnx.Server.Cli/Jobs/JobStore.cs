using System.Collections.Concurrent;
using System.Threading.Channels;
using GanOnnx.AspNetCore.Requests;
using GanOnnx.CommandLine;
using GanOnnx.Sets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace GanOnnx.Server.Jobs;

/// <summary>The jobs of a folder, which one server at a time has. Those that weren't done when the last one ended are made
/// further.</summary>
internal sealed partial class JobStore : IDisposable
{
    /// <summary>How many may wait.</summary>
    public const int MostWaiting = 100;

    private readonly string _folder;
    private readonly ILogger _logger;
    private readonly FileStream _lock;
    private readonly ConcurrentDictionary<string, Job> _jobs = new(StringComparer.Ordinal);
    private readonly Channel<Job> _waiting = Channel.CreateUnbounded<Job>();

    /// <exception cref="UsageException">The folder can't be used, or another server has it.</exception>
    public JobStore(string folder, ILogger<JobStore> logger)
    {
        (_folder, _logger) = (folder, logger);
        try
        {
            Directory.CreateDirectory(folder);
            _lock = new FileStream(Path.Combine(folder, ".jobs.ganonnx-lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1,
                FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException(Directory.Exists(folder) && e is IOException
                ? $"Another server has the jobs of '{folder}' now. Give this one another folder with --jobs."
                : $"The folder of jobs '{folder}' can't be used: {e.Message}");
        }
        foreach (var path in Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal))
            Take(path);
    }

    /// <summary>All of them, the newest first.</summary>
    public IEnumerable<Job> All => _jobs.Values.OrderByDescending(job => job.Id, StringComparer.Ordinal);

    public bool IsFull => _waiting.Reader.Count >= MostWaiting;

    /// <summary>Those that are to be made, as they come.</summary>
    public IAsyncEnumerable<Job> Waiting(CancellationToken stop) => _waiting.Reader.ReadAllAsync(stop);

    /// <summary>A job by its name; what a client sends becomes no path.</summary>
    /// <exception cref="RequestException">There is none.</exception>
    public Job Find(string id) => _jobs.GetValueOrDefault(id)
        ?? throw new RequestException(StatusCodes.Status404NotFound, "There is no such job. GET /v1/jobs tells which there are.", "id");

    /// <summary>Takes a job in. When this returns, it is on the disk and survives the server.</summary>
    public Job Add(SetDescription set)
    {
        var id = Job.NewId();
        var job = new Job(id, Directory.CreateDirectory(Path.Combine(_folder, id)).FullName);
        SetManifest.Open(job.ManifestPath, set, "0/1").Dispose();
        _jobs[id] = job;
        _waiting.Writer.TryWrite(job);
        return job;
    }

    /// <summary>Ends the work on a job. What is whole of it stays.</summary>
    public async Task Cancel(Job job, CancellationToken stop)
    {
        await job.Stop.CancelAsync().ConfigureAwait(false);
        await job.Work.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            var manifest = job.Read();
            if (manifest.Cancelled is null && !job.IsDone(manifest))
                SetManifest.Cancel(job.ManifestPath);
        }
        finally
        {
            job.Work.Release();
        }
    }

    /// <summary>Removes a job: the files that are as its manifest says, the manifest, and the folder if nothing else is in it.</summary>
    public async Task Remove(Job job, CancellationToken stop)
    {
        await Cancel(job, stop).ConfigureAwait(false);
        await job.Work.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            var manifest = job.Read();
            if (!_jobs.TryRemove(job.Id, out _))
                return;
            foreach (var entry in job.Files(manifest))
            {
                var path = Path.Combine(job.Folder, entry.File);
                if (manifest.Says(entry.File, SetFormat.Hash(path)))
                    File.Delete(path);
            }
            File.Delete(job.ManifestPath);
            if (!Directory.EnumerateFileSystemEntries(job.Folder).Any())
                Directory.Delete(job.Folder);
            else
                LogLeft(_logger, job.Folder);
        }
        finally
        {
            job.Work.Release();
        }
    }

    public void Dispose() => _lock.Dispose();

    private void Take(string path)
    {
        var id = Path.GetFileName(path);
        if (!Job.IsId(id) || !File.Exists(Path.Combine(path, SetManifest.FileName)))
            return;
        var job = new Job(id, path);
        try
        {
            var manifest = job.Read();
            if (manifest.Description is null)
                return;
            _jobs[id] = job;
            if (manifest.Cancelled is null && !job.IsDone(manifest))
                _waiting.Writer.TryWrite(job);
        }
        catch (Exception e) when (e is UsageException or IOException or UnauthorizedAccessException)
        {
            LogUnread(_logger, id, e.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Job} isn't taken up: {Reason}")]
    private static partial void LogUnread(ILogger logger, string job, string reason);

    [LoggerMessage(LogLevel.Warning, "The folder {Folder} of a job that was removed has files that aren't the job's; they stay.")]
    private static partial void LogLeft(ILogger logger, string folder);
}
