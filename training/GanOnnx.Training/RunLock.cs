using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using GanOnnx.Data;
using Microsoft.Win32.SafeHandles;

namespace GanOnnx.Training;

/// <summary>
/// A run's folder as long as a process trains in it. The system holds the lock for the process and ends it with the process,
/// however that ends; the file tells others who holds it.
/// </summary>
internal sealed partial class RunLock : IDisposable
{
    public const string FileName = "run.lock";

    private const string Mark = "GanOnnx trains here: ";

    // On Windows others may read what they can't write; on Unix only this one makes .NET lock the file alone.
    private static readonly FileShare _others = OperatingSystem.IsWindows() ? FileShare.Read | FileShare.Delete : FileShare.None;

    private readonly FileStream _file;
    private readonly string _folder, _path, _text;

    private RunLock(string folder, string path, FileStream file)
    {
        (_folder, _path, _file) = (folder, path, file);
        _text = string.Create(CultureInfo.InvariantCulture,
            $"{Mark}process {Environment.ProcessId} on {Environment.MachineName} since {DateTime.UtcNow:yyyy-MM-dd HH:mm:ss} UTC");
        file.SetLength(0);
        file.Write(Encoding.UTF8.GetBytes($"{_text}\n{Guid.NewGuid():N}\n"));
        file.Flush();
        file.Position = 0;
        using var reader = new StreamReader(file, leaveOpen: true);
        _text = reader.ReadToEnd();
    }

    /// <summary>Whether its file is where it was put: not, where the folder is gone, or another stands in its place.</summary>
    public bool IsThere => Read(_path) == _text;

    /// <summary>Takes the lock of a folder that exists.</summary>
    /// <exception cref="TrainingException">Another process trains there, or the file can't be written.</exception>
    public static RunLock Take(string folder)
    {
        var path = Path.Combine(folder, FileName);
        while (true)
        {
            OwnFile.Check(path, IsOne);
            RunLock? taken = null;
            try
            {
                taken = new RunLock(folder, path, new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, _others));
                // Whoever had it before may have removed the file between our opening it and our getting the lock.
                if (taken.IsThere)
                    return taken;
                taken._file.Dispose();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                taken?._file.Dispose();
                throw new TrainingException(Read(path) is { } text && text.StartsWith(Mark, StringComparison.Ordinal)
                    ? $"'{folder}' is trained in by {text[Mark.Length..].Split('\n')[0]}. Wait until that ends, or stop it; or choose "
                        + "another folder."
                    : $"'{path}' can't be written: {e.Message}", e);
            }
        }
    }

    /// <summary>Checks that the folder is still the one that was locked.</summary>
    /// <exception cref="RunFolderLostException">It isn't.</exception>
    public void Check()
    {
        if (!IsThere)
            throw Lost();
    }

    /// <summary>Does what writes into the folder. Where that fails and the folder is gone, this is why.</summary>
    /// <exception cref="RunFolderLostException">It failed, and the folder isn't the one that was locked any more.</exception>
    public T While<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or TrainingException or DataException && !IsThere)
        {
            throw Lost();
        }
    }

    /// <summary>Whether a file is one. A run that is killed as it begins leaves an empty one, in which nobody keeps anything.</summary>
    public static bool IsOne(string path) =>
        Read(path) is { } text && (text.Length == 0 || text.StartsWith(Mark, StringComparison.Ordinal));

    /// <summary>Removes the file and ends the lock, in this order, so that nobody takes a file that goes.</summary>
    public void Dispose()
    {
        try
        {
            if (IsThere)
                File.Delete(_path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It stays, and says nothing: the lock ends with the next line.
        }
        _file.Dispose();
    }

    private RunFolderLostException Lost() => new($"The run's folder '{_folder}' was removed or replaced while it was "
        + "trained in, so nothing can be saved there. Start the run again.");

    // .NET's own reading asks for a lock too, and wouldn't get it.
    private static string? Read(string path)
    {
        try
        {
            using var file = OperatingSystem.IsWindows()
                ? new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete)
                : new FileStream(OpenUnlocked(path), FileAccess.Read);
            using var reader = new StreamReader(file);
            return reader.ReadToEnd();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static SafeFileHandle OpenUnlocked(string path)
    {
        var handle = new SafeFileHandle(Open(path, 0), ownsHandle: true);
        return handle.IsInvalid ? throw new FileNotFoundException(null, path) : handle;
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Open(string path, int flags);
}
