namespace GanOnnx.Data;

/// <summary>Files and folders that systems and programs put beside people's own.</summary>
internal static class HiddenNames
{
    private static readonly string[] _system =
        ["__MACOSX", "Thumbs.db", "ehthumbs.db", "desktop.ini", "$RECYCLE.BIN", "System Volume Information", "@eaDir", "lost+found"];

    /// <summary>Whether a file or folder of that name is no data.</summary>
    public static bool IsOne(ReadOnlySpan<char> name)
    {
        if (name.StartsWith(".") && name is not ("." or ".."))
            return true;
        foreach (var system in _system)
            if (name.Equals(system, StringComparison.OrdinalIgnoreCase))
                return true;
        return false;
    }

    /// <summary>The path up to the first hidden name in it, or null where there is none.</summary>
    public static string? In(string path)
    {
        for (var start = 0; start <= path.Length;)
        {
            var end = path.IndexOf('/', start) is >= 0 and var slash ? slash : path.Length;
            if (IsOne(path.AsSpan(start, end - start)))
                return path[..end];
            start = end + 1;
        }
        return null;
    }
}
