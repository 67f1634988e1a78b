using System.Text;

namespace GanOnnx.Onnx.Files;

/// <summary>
/// The data files of a model that is about to be written, which go when it is there: those that the one before names, if we wrote it,
/// and those that killed exports of it left. They have a name that we give and the content that it says, and no other file beside them
/// names them; nor does the list of what a living export has in work.
/// </summary>
internal sealed class OlderData
{
    private const int BlockBytes = 1 << 20;

    private readonly string _path;
    private readonly IReadOnlyList<string> _files;

    private OlderData(string path, IReadOnlyList<string> files) => (_path, _files) = (path, files);

    /// <summary>Looks at what is there now.</summary>
    public static OlderData Of(string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(folder))
            return new(path, []);
        // A model may have 2 GB: it isn't read where there is nothing that could be its data.
        var candidates = Directory.EnumerateFiles(folder, "*.data").Where(f => ExternalData.IsOurName(path, Path.GetFileName(f))).ToList();
        if (candidates.Count == 0)
            return new(path, []);
        // Nobody's any more, unless a file names it.
        bool IsLeft(string file) => file != Legacy(path);
        if (!File.Exists(path))
            return new(path, [.. candidates.Where(IsLeft)]);
        try
        {
            var model = ModelReader.Parse(path);
            var named = model.Graph.Initializer.Select(ExternalReference.LocationOf).ToHashSet(StringComparer.Ordinal);
            return new(path,
                [.. candidates.Where(f => named.Contains(Path.GetFileName(f)) ? model.ProducerName == OnnxModel.Producer : IsLeft(f))]);
        }
        catch (Exception e) when (e is OnnxFileException or IOException or UnauthorizedAccessException)
        {
            return new(path, []);
        }
    }

    /// <summary>Deletes them. One that can't be deleted stays: the new model is whole without it.</summary>
    public void RemoveUnlessNamed()
    {
        foreach (var file in _files)
            try
            {
                if (IsAsWritten(file) && !IsNamedBeside(file))
                    File.Delete(file);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
            }
    }

    // A name from before version 0.2 says nothing of what is in it.
    private bool IsAsWritten(string file) =>
        file == Legacy(_path) || ExternalData.IsWhole(_path, file);

    private static string Legacy(string path) => $"{path}.data";

    // Any file, since a copy of a model may be called anything.
    private static bool IsNamedBeside(string data) =>
        Directory.EnumerateFiles(Path.GetDirectoryName(data)!)
            .Where(f => !f.EndsWith(".data", StringComparison.Ordinal) && new FileInfo(RealPath.Of(f)) is { Exists: true, Length: > 0 })
            .Any(f => Holds(f, Encoding.UTF8.GetBytes(Path.GetFileName(data))));

    private static bool Holds(string file, byte[] text)
    {
        using var stream = File.OpenRead(file);
        var block = new byte[BlockBytes + text.Length];
        for (var kept = 0; ;)
        {
            var read = stream.ReadAtLeast(block.AsSpan(kept), block.Length - kept, throwOnEndOfStream: false);
            if (block.AsSpan(0, kept + read).IndexOf(text) >= 0)
                return true;
            if (read == 0)
                return false;
            var end = kept + read;
            kept = Math.Min(text.Length - 1, end);
            block.AsSpan(end - kept, kept).CopyTo(block);
        }
    }
}
