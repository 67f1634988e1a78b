using GanOnnx.Inference;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace GanOnnx.AspNetCore.Models;

/// <summary>Loads the models when the host starts, and then watches their folder.</summary>
internal sealed partial class CatalogLoader(ModelCatalog catalog, IOptions<GanOnnxOptions> options, ILogger<CatalogLoader> logger)
    : BackgroundService
{
    private static readonly TimeSpan _every = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    private string? _unread;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await Task.Run(() => Load(cancellationToken), cancellationToken).ConfigureAwait(false);
        await base.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.ModelsFolder is not { } folder)
            return;
        using var timer = new PeriodicTimer(_every);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
            Look(folder, isStart: false, stoppingToken);
    }

    private void Load(CancellationToken stop)
    {
        foreach (var served in options.Value.Models)
            Take(served, null, stop);
        if (options.Value.ModelsFolder is { } folder)
            Look(folder, isStart: true, stop);
        else
            foreach (var (alias, name) in options.Value.Aliases)
                if (catalog.All.All(model => model.Name != name))
                    throw Errors.NoModelOfAlias(alias, name, [.. catalog.All.Select(model => model.Name)]);
        catalog.IsReady = true;
    }

    private LoadedModel Take(ServedModel served, LoadedModel? before, CancellationToken stop)
    {
        var model = LoadedModel.Load(served, options.Value, stop);
        try
        {
            catalog.Put(model, before);
        }
        catch (ModelException)
        {
            model.Return();
            throw;
        }
        LogLoaded(logger, model.Name, model.Provider, model.Description.Sha256);
        if (model.Notice is { } notice)
            LogNotice(logger, notice);
        return model;
    }

    private void Look(string folder, bool isStart, CancellationToken stop)
    {
        try
        {
            var found = ModelsFolder.Find(folder);
            foreach (var gone in _entries.Keys.Except(found.Keys).ToArray())
                if (_entries.Remove(gone, out var entry) && entry.Model is { } model)
                {
                    catalog.Remove(model);
                    LogGone(logger, model.Name);
                }
            foreach (var (path, state) in found)
                Look(path, state, isStart, stop);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (e.Message != _unread)
                LogUnread(logger, folder, e.Message);
            _unread = e.Message;
        }
    }

    private void Look(string path, string state, bool isStart, CancellationToken stop)
    {
        var entry = _entries.TryGetValue(path, out var known) ? known : _entries[path] = new();
        // What changes from look to look is still being written.
        var isWhole = isStart || entry.Seen == state;
        entry.Seen = state;
        if (!isWhole || entry.Tried == state)
            return;
        entry.Tried = state;
        try
        {
            entry.Model = Take(new(path), entry.Model, stop);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Whatever a file does: what is served goes on.
            LogRefused(logger, e.Message, entry.Model is null ? "It isn't served." : "The one before stays.");
        }
    }

    [LoggerMessage(LogLevel.Information, "Loaded {Model} on {Provider}, SHA-256 {Sha256}.")]
    private static partial void LogLoaded(ILogger logger, string model, string provider, string sha256);

    [LoggerMessage(LogLevel.Information, "{Model} is gone from the folder and no longer served.")]
    private static partial void LogGone(ILogger logger, string model);

    [LoggerMessage(LogLevel.Warning, "{Notice}")]
    private static partial void LogNotice(ILogger logger, string notice);

    [LoggerMessage(LogLevel.Warning, "{Reason} {Consequence}")]
    private static partial void LogRefused(ILogger logger, string reason, string consequence);

    [LoggerMessage(LogLevel.Warning, "The folder {Folder} can't be read: {Reason}")]
    private static partial void LogUnread(ILogger logger, string folder, string reason);

    /// <summary>A model of the folder.</summary>
    private sealed class Entry
    {
        /// <summary>Its files, as they were at the last look.</summary>
        public string? Seen { get; set; }

        /// <summary>Its files, as they were when they were last loaded or refused.</summary>
        public string? Tried { get; set; }

        /// <summary>Null where none could be loaded yet.</summary>
        public LoadedModel? Model { get; set; }
    }
}
