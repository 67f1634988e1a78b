using System.Text;

namespace GanOnnx.Shared;

/// <summary>
/// A folder that is there for a moment. Beside it lies a <see cref="Temporary"/> file that says what is ours in it: only that is
/// removed, by this program or, where it was killed, by the next one.
/// </summary>
internal sealed class ScratchFolder : IDisposable
{
    private const string Everything = "*";

    private readonly FileStream _list;
    private readonly string _file;

    /// <param name="parent">Where it is made.</param>
    /// <param name="names">The files that will be in it; none named: all that is.</param>
    public ScratchFolder(string parent, params string[] names)
    {
        Temporary.CleanOnce(parent);
        _list = Temporary.Create(parent, out _file);
        Path = Temporary.FolderOf(_file);
        try
        {
            _list.Write(Encoding.UTF8.GetBytes(string.Join('\0', names.Length > 0 ? names : [Everything])));
            _list.Flush();
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(Path);
            else
                Directory.CreateDirectory(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>One in the system's folder for temporary files.</summary>
    public static ScratchFolder InTemp() => new(System.IO.Path.GetTempPath());

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>Removes what is ours in a folder, and the folder if that leaves it empty.</summary>
    /// <param name="folder">The folder; it may not be there.</param>
    /// <param name="list">The file that says what is ours.</param>
    public static void Remove(string folder, Stream list)
    {
        if (!Directory.Exists(folder) || new DirectoryInfo(folder).LinkTarget is not null)
            return;
        list.Position = 0;
        using var reader = new StreamReader(list, leaveOpen: true);
        var names = reader.ReadToEnd().Split('\0', StringSplitOptions.RemoveEmptyEntries);
        if (names is [Everything])
            Directory.Delete(folder, recursive: true);
        else
        {
            foreach (var name in names.Where(name => name == System.IO.Path.GetFileName(name)))
                File.Delete(System.IO.Path.Combine(folder, name));
            Directory.Delete(folder);
        }
    }

    public void Dispose()
    {
        try
        {
            Remove(Path, _list);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Somebody put something there, or has it open: the next program of ours looks again.
        }
        Temporary.TryDelete(_file);
        _list.Dispose();
    }
}
