using System.Buffers;
using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using GanOnnx.Data;
using GanOnnx.Inference;
using Parquet;
using Parquet.Schema;

namespace GanOnnx.Sets;

/// <summary>A picture of a set.</summary>
/// <param name="Name">Its file's name.</param>
/// <param name="Sample">The image.</param>
/// <param name="Label">Its class; null where the model takes none.</param>
/// <param name="Bytes">Its file.</param>
internal readonly record struct SetPicture(string Name, Sample Sample, int? Label, byte[] Bytes);

/// <summary>How the pictures of a set lie in its files. Each is written for those who read it elsewhere.</summary>
internal abstract class SetFormat
{
    public const string Folder = "folder", Zip = "zip", Tar = "tar", Parquet = "parquet";

    // A picture of ours is smaller; what says that it isn't was put there.
    private const int LargestPicture = 256 << 20;

    private const string Metadata = "metadata.jsonl";

    public static readonly string[] Names = [Folder, Zip, Tar, Parquet], Encodings = ["png", "jpg", "webp"];

    // The same whenever and wherever it is made; zips know nothing earlier.
    private static readonly DateTimeOffset _noTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static string ExtensionOf(string format) => format == Folder ? "" : $".{format}";

    public static SetFormat Of(string format, IReadOnlyList<string> classes) => format switch
    {
        Folder => new FolderFormat(classes),
        Zip => new ZipFormat(classes),
        Tar => new TarFormat(classes),
        _ => new ParquetFormat(classes),
    };

    /// <summary>Writes pictures, in their order.</summary>
    /// <param name="place">An open, empty file; for <see cref="Folder"/> null.</param>
    /// <param name="path">Its path, or the folder's, which is there and empty.</param>
    /// <param name="pictures">The pictures, a batch after the other.</param>
    public abstract Task Write(FileStream? place, string path, IAsyncEnumerable<IReadOnlyList<SetPicture>> pictures);

    /// <summary>Reads the pictures' names and files.</summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="nameOf">The name of a row's picture, where only its place tells.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="InvalidDataException">It is damaged, or no such file.</exception>
    /// <exception cref="DataException">The same.</exception>
    public abstract IEnumerable<(string Name, byte[] Bytes)> Read(string path, Func<int, string> nameOf, CancellationToken stop);

    /// <summary>Length and SHA-256 of a file, or of a folder's list of files as <c>sha256sum *</c> prints it.</summary>
    public static (long Bytes, string Sha256) Hash(string path)
    {
        if (!Directory.Exists(path))
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 20);
            return (file.Length, Convert.ToHexStringLower(SHA256.HashData(file)));
        }
        var (bytes, list) = (0L, new StringBuilder());
        foreach (var name in Directory.EnumerateFiles(path).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal))
        {
            using var content = File.OpenRead(Path.Combine(path, name));
            bytes += content.Length;
            list.Append(Convert.ToHexStringLower(SHA256.HashData(content))).Append("  ").Append(name).Append('\n');
        }
        return (bytes, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(list.ToString()))));
    }

    // What Hugging Face and gan train --data read beside pictures.
    private static byte[] Line(SetPicture picture, IReadOnlyList<string> classes, bool named)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            if (named)
                writer.WriteString("file_name", picture.Name);
            writer.WriteNumber("seed", picture.Sample.Seed);
            writer.WriteNumber("index", picture.Sample.Index);
            if (picture.Label is { } label)
            {
                if (named && label < classes.Count)
                    writer.WriteString("label", classes[label]);
                else
                    writer.WriteNumber("label", label);
                if (!named && label < classes.Count)
                    writer.WriteString("class", classes[label]);
            }
            writer.WriteEndObject();
        }
        return named ? [.. buffer.WrittenSpan, (byte)'\n'] : buffer.WrittenSpan.ToArray();
    }

    private static byte[] ReadAll(Stream stream, long length, string name)
    {
        if (length > LargestPicture)
            throw new InvalidDataException($"'{name}' has {length:N0} bytes, more than a picture.");
        var bytes = new byte[length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static bool IsPicture(string name) => Encodings.Contains(Path.GetExtension(name).TrimStart('.'));

    // Pictures and metadata.jsonl, as Hugging Face's imagefolder.
    private sealed class FolderFormat(IReadOnlyList<string> classes) : SetFormat
    {
        public override async Task Write(FileStream? place, string path, IAsyncEnumerable<IReadOnlyList<SetPicture>> pictures)
        {
            await using var metadata = File.Create(Path.Combine(path, Metadata));
            await foreach (var batch in pictures.ConfigureAwait(false))
                foreach (var picture in batch)
                {
                    File.WriteAllBytes(Path.Combine(path, picture.Name), picture.Bytes);
                    metadata.Write(Line(picture, classes, named: true));
                }
        }

        public override IEnumerable<(string Name, byte[] Bytes)> Read(string path, Func<int, string> nameOf, CancellationToken stop)
        {
            foreach (var file in Directory.EnumerateFiles(path).Where(IsPicture).Order(StringComparer.Ordinal))
            {
                using var stream = File.OpenRead(file);
                yield return (Path.GetFileName(file), ReadAll(stream, stream.Length, file));
            }
        }
    }

    // The same in an archive; pictures are compressed already.
    private sealed class ZipFormat(IReadOnlyList<string> classes) : SetFormat
    {
        public override async Task Write(FileStream? place, string path, IAsyncEnumerable<IReadOnlyList<SetPicture>> pictures)
        {
            using var metadata = new MemoryStream();
            using var zip = new ZipArchive(place!, ZipArchiveMode.Create, leaveOpen: true);
            await foreach (var batch in pictures.ConfigureAwait(false))
                foreach (var picture in batch)
                {
                    Add(zip, picture.Name, picture.Bytes, CompressionLevel.NoCompression);
                    metadata.Write(Line(picture, classes, named: true));
                }
            Add(zip, Metadata, metadata.ToArray(), CompressionLevel.Fastest);
        }

        public override IEnumerable<(string Name, byte[] Bytes)> Read(string path, Func<int, string> nameOf, CancellationToken stop)
        {
            using var zip = ZipFile.OpenRead(path);
            foreach (var entry in zip.Entries.Where(entry => IsPicture(entry.Name)))
            {
                using var stream = entry.Open();
                yield return (entry.FullName, ReadAll(stream, entry.Length, entry.FullName));
            }
        }

        private static void Add(ZipArchive zip, string name, byte[] content, CompressionLevel level)
        {
            var entry = zip.CreateEntry(name, level);
            entry.LastWriteTime = _noTime;
            using var stream = entry.Open();
            stream.Write(content);
        }
    }

    // WebDataset: the files of an image follow each other and have one name, endings apart.
    private sealed class TarFormat(IReadOnlyList<string> classes) : SetFormat
    {
        public override async Task Write(FileStream? place, string path, IAsyncEnumerable<IReadOnlyList<SetPicture>> pictures)
        {
            await using var tar = new TarWriter(place!, TarEntryFormat.Ustar, leaveOpen: true);
            await foreach (var batch in pictures.ConfigureAwait(false))
                foreach (var picture in batch)
                {
                    Add(tar, picture.Name, picture.Bytes);
                    if (picture.Label is { } label)
                        Add(tar, Path.ChangeExtension(picture.Name, ".cls"), Encoding.ASCII.GetBytes(label.ToString(CultureInfo.InvariantCulture)));
                    Add(tar, Path.ChangeExtension(picture.Name, ".json"), Line(picture, classes, named: false));
                }
        }

        public override IEnumerable<(string Name, byte[] Bytes)> Read(string path, Func<int, string> nameOf, CancellationToken stop)
        {
            using var tar = new TarReader(File.OpenRead(path));
            while (tar.GetNextEntry() is { } entry)
                if (IsPicture(entry.Name) && entry.DataStream is { } stream)
                    yield return (entry.Name, ReadAll(stream, entry.Length, entry.Name));
        }

        private static void Add(TarWriter tar, string name, byte[] content) =>
            tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name)
            {
                ModificationTime = _noTime,
                DataStream = new MemoryStream(content, writable: false),
            });
    }

    // As Hugging Face's data sets have it. A group of rows for each batch would be too small to be read fast.
    private sealed class ParquetFormat(IReadOnlyList<string> classes) : SetFormat
    {
        private const int RowsInGroup = 1000;

        private static readonly DataField<byte[]> _bytes = new("bytes");
        private static readonly DataField<string> _path = new("path");
        private static readonly DataField<long> _label = new("label");
        private static readonly DataField<long> _index = new("index");

        public override async Task Write(FileStream? place, string path, IAsyncEnumerable<IReadOnlyList<SetPicture>> pictures)
        {
            var rows = new List<SetPicture>();
            ParquetWriter? writer = null;
            try
            {
                await foreach (var batch in pictures.ConfigureAwait(false))
                {
                    rows.AddRange(batch);
                    writer ??= await Create(place!, batch[0].Label is not null).ConfigureAwait(false);
                    for (; rows.Count >= RowsInGroup; rows.RemoveRange(0, RowsInGroup))
                        await WriteGroup(writer, rows.GetRange(0, RowsInGroup)).ConfigureAwait(false);
                }
                if (rows.Count > 0)
                    await WriteGroup(writer!, rows).ConfigureAwait(false);
            }
            finally
            {
                if (writer is not null)
                    await writer.DisposeAsync().ConfigureAwait(false);
            }
        }

        public override IEnumerable<(string Name, byte[] Bytes)> Read(string path, Func<int, string> nameOf, CancellationToken stop)
        {
            var row = 0;
            foreach (var picture in ParquetFiles.Pictures(path, stop))
                yield return (nameOf(row++), picture.ToArray());
        }

        private async Task<ParquetWriter> Create(Stream place, bool hasLabels)
        {
            List<Field> fields = [new StructField("image", _bytes, _path), _index];
            if (hasLabels)
                fields.Add(_label);
            var writer = await ParquetWriter.CreateAsync(new ParquetSchema(fields), place).ConfigureAwait(false);
            writer.CustomMetadata = new Dictionary<string, string> { ["huggingface"] = Features(hasLabels) };
            return writer;
        }

        private static async Task WriteGroup(ParquetWriter writer, List<SetPicture> rows)
        {
            using var group = writer.CreateRowGroup();
            await group.WriteAsync(_bytes, rows.Select(row => row.Bytes).ToArray()).ConfigureAwait(false);
            await group.WriteAsync(_path, rows.Select(row => row.Name).ToArray()).ConfigureAwait(false);
            await group.WriteAsync<long>(_index, rows.Select(row => (long)row.Sample.Index).ToArray()).ConfigureAwait(false);
            if (rows[0].Label is not null)
                await group.WriteAsync<long>(_label, rows.Select(row => (long)row.Label!.Value).ToArray()).ConfigureAwait(false);
            group.CompleteValidate();
        }

        private string Features(bool hasLabels)
        {
            var features = new Dictionary<string, object>
            {
                ["image"] = new { _type = "Image" },
                ["index"] = new { dtype = "int64", _type = "Value" },
            };
            if (hasLabels)
                features["label"] = classes.Count > 0 ? new { names = classes, _type = "ClassLabel" } : new { dtype = "int64", _type = "Value" };
            return JsonSerializer.Serialize(new { info = new { features } });
        }
    }
}
