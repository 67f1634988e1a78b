using System.Formats.Tar;
using System.IO.Compression;
using GanOnnx.Data;

namespace GanOnnx.Tests.Shared;

/// <summary>Makes data sets of small files, and tells what is read of them.</summary>
internal static class DataFolder
{
    /// <summary>A picture of 8 × 8 pixels for each name.</summary>
    public static void Add(this TemporaryFolder folder, params string[] pictures)
    {
        foreach (var name in pictures)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder[name])!);
            File.WriteAllBytes(folder[name], Picture);
        }
    }

    /// <summary>A text.</summary>
    public static void AddText(this TemporaryFolder folder, string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder[name])!);
        File.WriteAllText(folder[name], text);
    }

    /// <summary>A file that tests carry with them.</summary>
    public static string Fixture(string name) => Path.Combine(AppContext.BaseDirectory, "Fixtures", "Data", name);

    /// <summary>What is told of a source.</summary>
    public static DataSummary Survey(string source, string? split = null, string fit = "crop")
    {
        using var opened = ImageSources.Open(source, DataOptions.Of(split, fit));
        return DataSummary.Of(opened, 32);
    }

    /// <summary>The sentence that a source is refused with.</summary>
    public static string Refusal(string source, string? split = null) =>
        Assert.Throws<DataException>(() => Survey(source, split))!.Message;

    /// <summary>Classes as <c>cats 1, dogs 2</c>.</summary>
    public static string Classes(this DataSummary data) => string.Join(", ", data.Classes.Select(c => $"{c.Name} {c.Images}"));

    /// <summary>Reasons as <c>2 hidden: .x, …</c>.</summary>
    public static string LeftOut(this DataSummary data) => string.Join("; ", data.LeftOut);

    /// <summary>Packs a folder: <c>.zip</c>, <c>.tar</c> or <c>.tar.gz</c>.</summary>
    public static string Pack(string folder, string archive)
    {
        if (archive.EndsWith(".zip", StringComparison.Ordinal))
        {
            ZipFile.CreateFromDirectory(folder, archive);
            return archive;
        }
        using Stream stream = archive.EndsWith("gz", StringComparison.Ordinal)
            ? new GZipStream(File.Create(archive), CompressionMode.Compress) : File.Create(archive);
        TarFile.CreateFromDirectory(folder, stream, includeBaseDirectory: false);
        return archive;
    }

    /// <summary>A zip with these entries, whatever they are called.</summary>
    public static string Zip(string path, params (string Name, byte[] Bytes)[] entries)
    {
        using var zip = ZipFile.Open(path, ZipArchiveMode.Create);
        foreach (var (name, bytes) in entries)
            using (var stream = zip.CreateEntry(name).Open())
                stream.Write(bytes);
        return path;
    }

    /// <summary>A picture's file.</summary>
    public static byte[] Picture { get; } = MakePicture();

    private static byte[] MakePicture()
    {
        using var folder = new TemporaryFolder();
        Images.Save(folder["a.png"], 1, 2, 3, width: 8, height: 8);
        return File.ReadAllBytes(folder["a.png"]);
    }
}
