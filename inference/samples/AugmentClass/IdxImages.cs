using System.Buffers.Binary;
using System.IO.Compression;

namespace AugmentClass;

/// <summary>Grey images and their labels in the IDX format of MNIST and Fashion-MNIST, plain or .gz.</summary>
internal sealed class IdxImages
{
    private const int ImagesMagic = 0x803, LabelsMagic = 0x801;
    private const int ImagesHeader = 16, LabelsHeader = 8;

    private readonly byte[] _images;
    private readonly byte[] _labels;

    /// <summary>Reads <c>train-images-idx3-ubyte</c> and <c>train-labels-idx1-ubyte</c> of a folder, or those of the test set.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="part">What their names begin with: <c>train</c> or <c>t10k</c>.</param>
    /// <exception cref="InvalidDataException">A file is no IDX file, cut short, or doesn't belong to the other.</exception>
    /// <exception cref="IOException">A file is missing or can't be read.</exception>
    public IdxImages(string folder, string part = "train")
    {
        _images = Read(Path.Combine(folder, $"{part}-images-idx3-ubyte"), ImagesMagic, ImagesHeader);
        _labels = Read(Path.Combine(folder, $"{part}-labels-idx1-ubyte"), LabelsMagic, LabelsHeader)[LabelsHeader..];
        var count = Word(_images, 4);
        (Height, Width) = (Word(_images, 8), Word(_images, 12));
        if (_labels.Length != count || _images.Length != ImagesHeader + (long)count * Height * Width)
            throw new InvalidDataException(
                $"'{folder}' announces {count} images of {Height} × {Width}, but holds {_images.Length - ImagesHeader} pixels and "
                    + $"{_labels.Length} labels. Copy it again.");
    }

    public int Height { get; }

    public int Width { get; }

    public IReadOnlyList<byte> Labels => _labels;

    /// <summary>An image in the middle of black pixels, −1 … 1.</summary>
    public float[] Centred(int image, int height, int width)
    {
        var pixels = new float[height * width];
        Array.Fill(pixels, -1);
        var (top, left) = ((height - Height) / 2, (width - Width) / 2);
        var start = ImagesHeader + image * Height * Width;
        for (var y = 0; y < Height; y++)
            for (var x = 0; x < Width; x++)
                pixels[(top + y) * width + left + x] = _images[start + y * Width + x] / 127.5f - 1;
        return pixels;
    }

    private static byte[] Read(string path, int magic, int header)
    {
        using var file = File.OpenRead(File.Exists(path) ? path : path + ".gz");
        using var unpacked = new MemoryStream();
        using (Stream content = file.Name.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress)
            : file)
            content.CopyTo(unpacked);
        var bytes = unpacked.ToArray();
        return bytes.Length >= header && Word(bytes, 0) == magic ? bytes
            : throw new InvalidDataException($"'{file.Name}' is no IDX file. Copy it again.");
    }

    private static int Word(byte[] bytes, int offset) => BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(offset));
}
