using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using GanOnnx.CommandLine;
using GanOnnx.Imaging;
using GanOnnx.Inference;
using GanOnnx.Shared;

namespace GanOnnx.Sets;

/// <summary>
/// Makes a process's share of a set: file k where k modulo the number of processes is the process's. A file that is there, named by a
/// manifest and as that says is kept, so that a call again makes what is missing.
/// </summary>
/// <param name="generator">The model.</param>
/// <param name="description">The set.</param>
/// <param name="folder">Where it lies.</param>
/// <param name="shard">Which process this is, and of how many.</param>
/// <param name="encode">Makes a picture's file; called from several threads.</param>
internal sealed class SetWriter(ImageGenerator generator, SetDescription description, string folder, (int Index, int Count) shard,
    Func<ImageBatch, int, Sample, string, byte[]> encode)
{
    private readonly SetFormat _format = SetFormat.Of(description.Format, generator.Model.Classes);

    /// <summary>How many images are in the process's files.</summary>
    public long Share => Files().Sum(file => (long)description.RangeOf(file).Count);

    /// <summary>How many files the process made, and how many it kept.</summary>
    public (int Made, int Kept) Done { get; private set; }

    /// <summary>Makes what is missing.</summary>
    /// <param name="progress">Gets how many images are done.</param>
    /// <param name="stop">Ends it; the file under way isn't kept.</param>
    /// <exception cref="UsageException">The folder has another set, another process makes this share, or something of another's is in the
    /// place of a file.</exception>
    public void Write(Action<long> progress, CancellationToken stop)
    {
        Directory.CreateDirectory(folder);
        Temporary.CleanOnce(Path.GetFullPath(folder));
        using var hold = Hold();
        var there = SetManifest.Read(folder);
        if (there.Description?.DifferenceTo(description) is { } difference)
            throw new UsageException($"'{folder}' has another set: {difference}. Give another folder, or ask for the same.");
        var kept = Files().Where(file => IsThere(file, there, stop)).ToHashSet();
        using var manifest = SetManifest.Open(Path.Combine(folder, NameOfManifest()), description, $"{shard.Index}/{shard.Count}");
        var (done, made) = (0L, 0);
        foreach (var file in Files())
        {
            stop.ThrowIfCancellationRequested();
            var (first, count) = description.RangeOf(file);
            if (!kept.Contains(file))
            {
                var before = done;
                Make(Path.Combine(folder, description.NameOf(file)), first, count, manifest, images => progress(before + images), stop);
                made++;
            }
            done += count;
            progress(done);
        }
        Done = (made, kept.Count);
    }

    private IEnumerable<long> Files()
    {
        for (long file = shard.Index; file < description.Files; file += shard.Count)
            yield return file;
    }

    private string NameOfManifest() => shard.Count == 1 ? SetManifest.FileName
        : string.Create(CultureInfo.InvariantCulture, $"manifest-{shard.Index}-of-{shard.Count}.jsonl");

    // By that others know that this share is being made.
    private FileStream Hold()
    {
        try
        {
            return new FileStream(Path.Combine(folder, $".{NameOfManifest()}.ganonnx-lock"), FileMode.OpenOrCreate,
                FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException) when (Directory.Exists(folder))
        {
            throw new UsageException($"Another process makes {(shard.Count == 1 ? "this set" : $"share {shard.Index}/{shard.Count}")} in '{folder}' now.");
        }
    }

    // Before the work. Ours are whole, as they are moved in: what isn't as a manifest says is somebody's, or was damaged since.
    private bool IsThere(long file, SetManifest there, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        var name = description.NameOf(file);
        var path = Path.Combine(folder, name);
        if (!Path.Exists(path))
            return false;
        if (!there.Entries.TryGetValue(name, out var entry))
            throw new UsageException($"'{path}' is there and no manifest names it, so it isn't replaced. Move it away, or give another folder.");
        return (entry.First, entry.Count) == description.RangeOf(file) && there.Says(name, SetFormat.Hash(path)) ? true
            : throw new UsageException($"'{path}' is there and isn't what its manifest says, so it isn't replaced. Remove it, and it is made again.");
    }

    // The manifest first: a file in its place is always one that it names.
    private void Make(string path, long first, int count, FileStream manifest, Action<long> progress, CancellationToken stop)
    {
        var pictures = Pictures(first, count, progress, stop);
        if (description.Format == SetFormat.Folder)
        {
            using var scratch = new ScratchFolder(folder);
            _format.Write(null, scratch.Path, pictures).GetAwaiter().GetResult();
            Record(scratch.Path);
            Directory.Move(scratch.Path, path);
            // While it was made only its user could look into it.
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(path, File.GetUnixFileMode(folder));
            return;
        }
        using var stream = Temporary.Create(folder, out var temporary);
        try
        {
            _format.Write(stream, temporary, pictures).GetAwaiter().GetResult();
            stream.Flush(flushToDisk: true);
            Record(temporary);
            File.Move(temporary, path);
        }
        catch
        {
            Temporary.TryDelete(temporary);
            throw;
        }

        void Record(string made)
        {
            var (bytes, sha256) = SetFormat.Hash(made);
            SetManifest.Append(manifest, new SetEntry(Path.GetFileName(path), first, count, bytes, sha256));
        }
    }

    // The first of what went wrong, as it is.
    private static void InParallel(int count, CancellationToken stop, Action<int> work)
    {
        try
        {
            Parallel.For(0, count, new ParallelOptions { CancellationToken = stop }, work);
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }

    private async IAsyncEnumerable<IReadOnlyList<SetPicture>> Pictures(long first, int count, Action<long> progress,
        [EnumeratorCancellation] CancellationToken stop)
    {
        var model = generator.Model;
        var samples = Enumerable.Range(0, count).Select(i => description.SampleOf(first + i, model));
        var done = 0L;
        await foreach (var batch in generator.StreamAsync(samples, cancellation: stop).ConfigureAwait(false))
        {
            var (pictures, at) = (new SetPicture[batch.Count], first + done);
            InParallel(batch.Count, stop, i =>
            {
                var sample = description.SampleOf(at + i, model);
                var name = $"{description.PictureOf(at + i)}.{description.Encoding}";
                pictures[i] = new(name, sample, sample.Label, encode(batch, i, sample, name));
            });
            done += batch.Count;
            yield return pictures;
            progress(done);
        }
    }
}
