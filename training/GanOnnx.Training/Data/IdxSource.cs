using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;

namespace GanOnnx.Training.Data;

/// <summary>
/// Grey images in MNIST's IDX format, plain or .gz, with the labels' file beside them if there is one. Images smaller
/// than the training size are centred on black, which keeps their pixels as they are (28 px becomes 32 px, as in
/// LeCun's own networks).
/// </summary>
/// <remarks>The format: Y. LeCun, C. Cortes, C. Burges, "The MNIST database", "File formats".</remarks>
internal sealed class IdxSource : IImageSource
{
    private const uint ImagesMagic = 0x803, LabelsMagic = 0x801;
    private const int ImagesHeader = 16, LabelsHeader = 8;

    private readonly byte[] _images;
    private readonly byte[]? _labels;
    private readonly int _rows, _columns;

    public IdxSource(string path, string name)
    {
        Name = name;
        _images = ReadAll(path);
        if (_images.Length < ImagesHeader || BinaryPrimitives.ReadUInt32BigEndian(_images) != ImagesMagic)
            throw new TrainingException($"'{path}' is no IDX file of images: it doesn't begin with 00 00 08 03. Give a folder of images, "
                + "an IDX image file, a .zip or a .tar.gz.");

        var (count, rows, columns) = (Word(_images, 4), Word(_images, 8), Word(_images, 12));
        CheckLength(path, _images.Length - ImagesHeader, count, (long)rows * columns, $"{count} images of {rows} × {columns}");
        (Count, _rows, _columns) = ((int)count, (int)rows, (int)columns);
        if (Count == 0)
            throw new TrainingException($"'{path}' holds no images.");

        if (LabelsBeside(path) is { } labelsPath)
            _labels = ReadLabels(labelsPath, path);
        Classes = _labels is null ? [] : [.. Enumerable.Range(0, _labels.Max() + 1).Select(i => i.ToString(CultureInfo.InvariantCulture))];
    }

    public string Name { get; }
    public int Count { get; }
    public IReadOnlyList<string> Classes { get; }
    public int Channels => 1;

    /// <summary>The training images of a folder (a file named "train…" before others), or null where there are no IDX files.</summary>
    public static string? FindImages(string folder) => Directory.EnumerateFiles(folder)
        .Where(f => Path.GetFileName(f) is var n && n.Contains("idx3-ubyte", StringComparison.Ordinal))
        .OrderByDescending(f => Path.GetFileName(f).StartsWith("train", StringComparison.Ordinal))
        .ThenBy(f => f, StringComparer.Ordinal)
        .FirstOrDefault();

    public string NameOf(int image) => $"image {image}";

    public int LabelOf(int image) => _labels is null ? -1 : _labels[image];

    public byte[] Read(int image, int size, int channels)
    {
        if (_rows > size || _columns > size)
            throw new TrainingException($"The IDX images have {_rows} × {_columns} pixels, more than the training size {size}. Choose a "
                + "larger size, or turn them into image files.");

        var result = new byte[size * size * channels];
        var (top, left) = ((size - _rows) / 2, (size - _columns) / 2);
        var source = _images.AsSpan(ImagesHeader + image * _rows * _columns, _rows * _columns);
        for (var y = 0; y < _rows; y++)
            for (var x = 0; x < _columns; x++)
                result.AsSpan(((top + y) * size + left + x) * channels, channels).Fill(source[y * _columns + x]);
        return result;
    }

    public void Dispose() { }

    private static string? LabelsBeside(string images)
    {
        var name = Path.GetFileName(images)
            .Replace("images-idx3-ubyte", "labels-idx1-ubyte", StringComparison.Ordinal)
            .Replace("images.idx3-ubyte", "labels.idx1-ubyte", StringComparison.Ordinal);
        if (name == Path.GetFileName(images))
            return null;
        var path = Path.Combine(Path.GetDirectoryName(images)!, name);
        string[] candidates = [path, path + ".gz", Path.ChangeExtension(path, null)];
        return candidates.FirstOrDefault(File.Exists);
    }

    private byte[] ReadLabels(string path, string images)
    {
        var file = ReadAll(path);
        if (file.Length < LabelsHeader || BinaryPrimitives.ReadUInt32BigEndian(file) != LabelsMagic)
            throw new TrainingException($"'{path}' is no IDX file of labels: it doesn't begin with 00 00 08 01.");
        var count = Word(file, 4);
        CheckLength(path, file.Length - LabelsHeader, count, 1, $"{count} labels");
        return count == Count
            ? file[LabelsHeader..]
            : throw new TrainingException($"'{path}' has {count} labels for the {Count} images of '{images}'.");
    }

    private static void CheckLength(string path, long bytes, uint count, long bytesEach, string contents)
    {
        if (bytes != count * bytesEach)
            throw new TrainingException($"'{path}' announces {contents}, {count * bytesEach} bytes, but holds {bytes}. It is damaged or "
                + "cut short; copy it again.");
    }

    private static uint Word(byte[] file, int offset) => BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(offset));

    private static byte[] ReadAll(string path)
    {
        try
        {
            if (!path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
                return File.ReadAllBytes(path);
            using var file = File.OpenRead(path);
            using var unpacked = new MemoryStream();
            using var gzip = new GZipStream(file, CompressionMode.Decompress);
            gzip.CopyTo(unpacked);
            return unpacked.ToArray();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new TrainingException($"'{path}' can't be read: {e.Message}", e);
        }
    }
}
