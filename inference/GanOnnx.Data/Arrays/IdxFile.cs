using System.Buffers.Binary;
using GanOnnx.Imaging;

namespace GanOnnx.Data;

/// <summary>Grey images in MNIST's IDX format, plain or .gz, with the labels' file beside them if there is one.</summary>
/// <remarks>The format: Y. LeCun, C. Cortes, C. Burges, "The MNIST database", "File formats".</remarks>
internal static class IdxFile
{
    private const uint ImagesMagic = 0x803, LabelsMagic = 0x801;
    private const int ImagesHeader = 16, LabelsHeader = 8;

    /// <summary>The training images of a set, or those of the part that is asked for.</summary>
    /// <param name="set">The files; those of labels among them.</param>
    /// <param name="name">What people call the data.</param>
    /// <param name="options">Which part is meant. With none it is that of a file named "train…", as MNIST's have it.</param>
    /// <param name="stop">Stops unpacking.</param>
    /// <exception cref="DataException">They are damaged, or there isn't the part.</exception>
    public static PixelArrays Open(FileSet set, string name, DataOptions options, CancellationToken stop)
    {
        // A copy that is packed, or plain, stands often beside: it is the same.
        var images = set.Of(FileKind.Idx).Where(file => file.Contents.What != FileContents.IdxLabels)
            .DistinctBy(file => file.Name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? file.Name[..^3] : file.Name)
            .Select(file => (file, Splits.OfWords(file.LastName))).ToArray();
        var asked = options.Split ?? images.FirstOrDefault(image => Splits.Of(image.Item2 ?? "") == "train").Item2;
        PixelArray[] arrays = [.. Splits.Choose(set.Path, images, asked, _ => 1).Select(file => Read(set, file, stop))];
        return new PixelArrays(set, name, asked is null ? arrays[..1] : arrays, options.Fit)
        {
            Remark = options.Split is null && arrays.Length < images.Length ? $"of {images.First(i => i.Item2 == asked).file.LastName} alone" : null,
        };
    }

    /// <summary>What the labels' file of an images' file is called, without .gz; null where its name doesn't tell.</summary>
    public static string? LabelsOf(string images)
    {
        var name = images.Replace("images-idx3-ubyte", "labels-idx1-ubyte", StringComparison.Ordinal)
            .Replace("images.idx3-ubyte", "labels.idx1-ubyte", StringComparison.Ordinal);
        return name == images ? null : name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? name[..^3] : name;
    }

    private static PixelArray Read(FileSet set, DataFile packed, CancellationToken stop)
    {
        var file = Packed.Unpacked(set, packed, stop);
        Span<byte> header = stackalloc byte[ImagesHeader];
        if (file.Length < ImagesHeader || !Begins(file, header, ImagesMagic))
            throw new DataException($"'{file.Path}' is no IDX file of images: it doesn't begin with 00 00 08 03. Give a folder of "
                + "images, an IDX image file, a .zip or a .tar.gz.");
        var (count, rows, columns) = (Word(header, 4), Word(header, 8), Word(header, 12));
        CheckLength(file, ImagesHeader, (UInt128)count * rows * columns, $"{count} images of {rows} × {columns}");
        if (count == 0)
            throw new DataException($"'{file.Path}' holds no images.");
        if (count > int.MaxValue || rows == 0 || columns == 0 || (long)rows * columns > ImageReader.DefaultMaxPixels)
            throw new DataException($"'{file.Path}' announces {count} images of {rows} × {columns}, which can't be trained on.");
        return new PixelArray(file, ImagesHeader, (int)count, (int)rows, (int)columns, 1, Labels(set, packed, (int)count, stop))
        {
            Split = Splits.OfWords(file.LastName),
        };
    }

    private static ImageLabels Labels(FileSet set, DataFile images, int count, CancellationToken stop)
    {
        var name = LabelsOf(images.Name);
        var found = set.Files.FirstOrDefault(file => file.Name == name) ?? set.Files.FirstOrDefault(file => file.Name == name + ".gz");
        if (name is null || found is null)
            return ImageLabels.None(count);
        var file = Packed.Unpacked(set, found, stop);
        Span<byte> header = stackalloc byte[LabelsHeader];
        if (file.Length < LabelsHeader || !Begins(file, header, LabelsMagic))
            throw new DataException($"'{file.Path}' is no IDX file of labels: it doesn't begin with 00 00 08 01.");
        var labels = Word(header, 4);
        CheckLength(file, LabelsHeader, labels, $"{labels} labels");
        if (labels != count)
            throw new DataException($"'{file.Path}' has {labels} labels for the {count} images of '{images.Path}'.");
        var bytes = new byte[count];
        file.Read(LabelsHeader, bytes);
        return ImageLabels.OfNumbers(file.Path, Array.ConvertAll(bytes, label => (long)label));
    }

    private static bool Begins(DataFile file, Span<byte> header, uint magic)
    {
        file.Read(0, header);
        return BinaryPrimitives.ReadUInt32BigEndian(header) == magic;
    }

    private static void CheckLength(DataFile file, int header, UInt128 bytes, string contents)
    {
        if (bytes != (UInt128)(file.Length - header))
            throw new DataException($"'{file.Path}' announces {contents}, {bytes} bytes, but holds {file.Length - header}. It is "
                + "damaged or cut short; copy it again.");
    }

    private static uint Word(ReadOnlySpan<byte> header, int offset) => BinaryPrimitives.ReadUInt32BigEndian(header[offset..]);
}
