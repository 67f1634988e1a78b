using System.Text.Encodings.Web;
using System.Text.Json;

namespace GanOnnx.CommandLine;

/// <summary>Several prompts as one text: a JSON array; one alone is itself.</summary>
public static class PromptList
{
    private const int LongestFile = 16 << 20;

    // Escapes only what it must; where it goes, it is escaped again.
    private static readonly JsonSerializerOptions _json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The prompts of a text file, one a line; empty lines are passed over.</summary>
    /// <exception cref="UsageException">It can't be read, or has none.</exception>
    public static IReadOnlyList<string> OfFile(string path)
    {
        try
        {
            string[] prompts = [.. Read(File.OpenRead(path), path).Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)];
            return prompts.Length > 0 ? prompts : throw new UsageException($"'{path}' has no prompts. Write one on each line.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"'{path}' can't be read: {e.Message}");
        }
    }

    // A pipe or a device has no length, and may never end.
    private static string Read(Stream stream, string path)
    {
        using var file = stream;
        var bytes = new byte[LongestFile + 1];
        var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (length > LongestFile)
            throw new UsageException($"'{path}' is larger than {LongestFile >> 20} MB, more than a file of prompts can be.");
        using var text = new StreamReader(new MemoryStream(bytes, 0, length));
        return text.ReadToEnd();
    }

    /// <summary>The text of several prompts.</summary>
    public static string Write(IReadOnlyList<string> prompts) => JsonSerializer.Serialize(prompts, _json);

    /// <summary>The prompts of a text; none of null.</summary>
    public static IReadOnlyList<string> Read(string? text)
    {
        if (text is null)
            return [];
        try
        {
            if (text.StartsWith('[') && JsonSerializer.Deserialize<string[]>(text) is { Length: > 0 } prompts
                && prompts.All(prompt => prompt is not null))
                return prompts;
        }
        catch (JsonException)
        {
            // a prompt that begins so
        }
        return [text];
    }
}
