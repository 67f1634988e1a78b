using System.Text.Json.Nodes;

namespace GanOnnx.Tests.Shared;

/// <summary>A picture file as ExifTool, an independent program, reads it.</summary>
internal static class ExifTool
{
    /// <summary>Every tag as <c>group:name</c>, such as <c>XMP-xmp:CreatorTool</c>, with its plain value.</summary>
    public static IReadOnlyDictionary<string, string> Read(string path) =>
        JsonNode.Parse(Tool.Run("exiftool", "-json", "-n", "-G1", path))!.AsArray().Single()!.AsObject()
            .ToDictionary(tag => tag.Key, tag => tag.Value!.ToString());

    /// <summary>The tags of XMP alone.</summary>
    public static IReadOnlyDictionary<string, string> ReadXmp(string path) =>
        Read(path).Where(tag => tag.Key.StartsWith("XMP-", StringComparison.Ordinal)).ToDictionary();
}
