using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using GanOnnx.Imaging;
using GanOnnx.Shared;

namespace GanOnnx.Data;

/// <summary>
/// Images in NumPy's files: an array uint8 <c>[N, H, W]</c> or <c>[N, H, W, C]</c> in a .npy, or in a .npz with one of labels.
/// </summary>
/// <remarks>The format: NumPy's "NEP 1: a simple file format for NumPy arrays", versions 1 to 3.</remarks>
internal static partial class NumpyFile
{
    private const int LongestHeader = 1 << 16;

    private static readonly string[] _imageNames = ["x", "images", "image", "imgs", "img", "data", "arr_0"];
    private static readonly string[] _labelNames = ["y", "labels", "label", "targets", "target", "arr_1"];

    /// <summary>The images of a set's arrays.</summary>
    /// <param name="set">The files.</param>
    /// <param name="name">What people call the data.</param>
    /// <param name="options">Which part is meant.</param>
    /// <param name="stop">Stops unpacking.</param>
    /// <exception cref="DataException">There are none, or they are damaged or of another kind.</exception>
    public static PixelArrays Open(FileSet set, string name, DataOptions options, CancellationToken stop)
    {
        NumpyArray[] all = [.. set.Of(FileKind.Numpy).SelectMany(file => Boundary.Read(file.Path, "read",
            () => IsNpz(file) ? ReadNpz(set, file, stop) : [Header(file, file.LastName[..^Path.GetExtension(file.LastName).Length])]))];
        var images = all.Where(array => _imageNames.Contains(array.Role)).ToArray();
        if (images.Length == 0)
            images = [.. all.Where(array => array.Shape.Length is 3 or 4 && !_labelNames.Contains(array.Role))];
        if (images.Length == 0)
            throw new DataException($"'{set.Path}' has no array of images, uint8 [N, H, W] or [N, H, W, 3]; it has: "
                + $"{string.Join(", ", all.Select(array => array.ToString()))}.");
        var twice = images.GroupBy(array => Splits.Of(array.Split ?? "")).FirstOrDefault(part => part.Count() > 1);
        if (twice is not null)
            throw new DataException($"'{set.Path}' has several arrays that may be the images: {string.Join(", ", twice)}. Keep one.");
        PixelArray[] arrays = [.. images.Select(array => Pixels(array, all))];
        return new PixelArrays(set, name, Splits.Choose(set.Path, [.. arrays.Select(a => (a, a.Split))], options.Split, a => a.Count),
            options.Fit);
    }

    /// <summary>The arrays of labels in the folder of a .npy that are those of its images, by their names.</summary>
    public static IEnumerable<string> LabelsBeside(string images)
    {
        var part = Splits.Of(Splits.OfWords(Path.GetFileNameWithoutExtension(images)) ?? "");
        return Directory.EnumerateFiles(Path.GetDirectoryName(Path.GetFullPath(images))!, "*.npy").Where(file =>
            Path.GetFileNameWithoutExtension(file) is var name && _labelNames.Contains(RoleOf(name))
            && Splits.Of(Splits.OfWords(name) ?? "") == part);
    }

    private static string RoleOf(string name) =>
        string.Join('_', name.ToLowerInvariant().Split('_', '-').Where(word => Splits.Of(word) is null));

    private static bool IsNpz(DataFile file)
    {
        Span<byte> head = stackalloc byte[2];
        file.Read(0, head);
        return head is [(byte)'P', (byte)'K'];
    }

    private static List<NumpyArray> ReadNpz(FileSet set, DataFile file, CancellationToken stop)
    {
        var limit = new UnpackLimit(file.Path, file.Length, stop);
        using var stream = file.Open();
        using var zip = new ZipArchive(stream, ZipArchiveMode.Read);
        List<NumpyArray> arrays = [];
        foreach (var entry in zip.Entries.Where(entry => entry.Name.EndsWith(".npy", StringComparison.OrdinalIgnoreCase)))
        {
            limit.CountEntry();
            using var unpacked = new SummedEntry(limit.Count(entry.Open()), entry.Crc32);
            var (open, length) = set.Scratch.Add(unpacked.CopyTo);
            if (unpacked.IsDamaged)
                throw new InvalidDataException($"its array {entry.Name} has another checksum than it was packed with; copy it again.");
            arrays.Add(Header(new DataFile(entry.Name, length, open) { Path = $"{file.Path}: {entry.Name}" }, entry.Name[..^4]));
        }
        return arrays;
    }

    private static NumpyArray Header(DataFile file, string name)
    {
        Span<byte> start = stackalloc byte[12];
        file.Read(0, start);
        var (length, at) = start[6] == 1
            ? (BinaryPrimitives.ReadUInt16LittleEndian(start[8..]), 10)
            : ((int)Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(start[8..]), int.MaxValue), 12);
        if (start[0] != 0x93 || !start[1..6].SequenceEqual("NUMPY"u8) || length > LongestHeader)
            throw new InvalidDataException("it has no header of NumPy");
        var bytes = new byte[length];
        file.Read(at, bytes);
        var header = Encoding.Latin1.GetString(bytes);
        if (DescrPattern().Match(header) is not { Success: true } type || ShapePattern().Match(header) is not { Success: true } shape)
            throw new InvalidDataException("its header says no type and shape");
        long[] sizes = [.. shape.Groups[1].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(size => long.Parse(size, NumberStyles.None, CultureInfo.InvariantCulture))];
        return new NumpyArray(file, name, type.Groups[1].Value, sizes, at + length, FortranPattern().IsMatch(header));
    }

    private static PixelArray Pixels(NumpyArray array, NumpyArray[] all)
    {
        if (array is not { Type: "|u1" or "u1" or "<u1" or ">u1", Columns: false, Shape: [_, > 0, > 0] or [_, > 0, > 0, 1 or 3] })
            throw new DataException($"'{array.File.Path}' is {array.What}{(array.Columns ? " in Fortran's order" : "")}; images are "
                + "uint8 [N, H, W] or [N, H, W, C] with 1 or 3 channels. Convert it.");
        var (count, rows, columns) = (array.Shape[0], array.Shape[1], array.Shape[2]);
        var channels = array.Shape.Length == 4 ? (int)array.Shape[3] : 1;
        var announced = array.Shape.Aggregate((UInt128)1, (product, size) => product * (UInt128)size);
        if (announced != (UInt128)Math.Max(0, array.File.Length - array.Offset) || count is 0 or > int.MaxValue
            || (UInt128)rows * (UInt128)columns > (UInt128)ImageReader.DefaultMaxPixels)
            throw new DataException($"'{array.File.Path}' announces {array.What}, {announced} bytes, but holds "
                + $"{array.File.Length - array.Offset}. It is damaged, cut short or empty; copy it again.");
        var labels = all.FirstOrDefault(a => _labelNames.Contains(a.Role) && Splits.Of(a.Split ?? "") == Splits.Of(array.Split ?? ""));
        return new PixelArray(array.File, array.Offset, (int)count, (int)rows, (int)columns, channels,
            labels is null ? ImageLabels.None((int)count) : Labels(labels, (int)count))
        {
            Split = array.Split,
        };
    }

    private static ImageLabels Labels(NumpyArray array, int count)
    {
        var size = IntegerPattern().Match(array.Type) is { Success: true } match ? int.Parse(match.Groups[2].ValueSpan,
            CultureInfo.InvariantCulture) : 0;
        if (size is not (1 or 2 or 4 or 8) || !(array.Shape is [_] or [_, 1]))
            throw new DataException($"'{array.File.Path}' is {array.What}; labels are whole numbers [N].");
        if (array.Shape[0] != count)
            throw new DataException($"'{array.File.Path}' has {array.Shape[0]} labels for {count} images.");
        if (array.File.Length - array.Offset != (long)count * size)
            throw new DataException($"'{array.File.Path}' announces {array.What}, but holds {array.File.Length - array.Offset} bytes. "
                + "It is damaged or cut short; copy it again.");
        var bytes = new byte[(long)count * size];
        array.File.Read(array.Offset, bytes);
        if (array.Type[0] == '>')
            for (var i = 0; i < count; i++)
                bytes.AsSpan(i * size, size).Reverse();
        var signed = array.Type.Contains('i', StringComparison.Ordinal);
        return ImageLabels.OfNumbers(array.File.Path,
            [.. Enumerable.Range(0, count).Select(i => Whole(bytes.AsSpan(i * size, size), signed))]);
    }

    private static long Whole(ReadOnlySpan<byte> bytes, bool signed) => bytes.Length switch
    {
        1 => signed ? (sbyte)bytes[0] : bytes[0],
        2 => signed ? BinaryPrimitives.ReadInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes),
        4 => signed ? BinaryPrimitives.ReadInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes),
        _ => signed ? BinaryPrimitives.ReadInt64LittleEndian(bytes)
            : (long)Math.Min(BinaryPrimitives.ReadUInt64LittleEndian(bytes), long.MaxValue),
    };

    [GeneratedRegex("'descr'\\s*:\\s*'([!-&(-~]{1,16})'")]
    private static partial Regex DescrPattern();

    [GeneratedRegex("'shape'\\s*:\\s*\\(([0-9, ]*)\\)")]
    private static partial Regex ShapePattern();

    [GeneratedRegex("'fortran_order'\\s*:\\s*True")]
    private static partial Regex FortranPattern();

    [GeneratedRegex("^[<>|=]?([iu])([1248])$")]
    private static partial Regex IntegerPattern();

    /// <summary>An array as its header has it.</summary>
    private sealed record NumpyArray(DataFile File, string Name, string Type, long[] Shape, long Offset, bool Columns)
    {
        /// <summary>The part that the name tells, or null.</summary>
        public string? Split => Splits.OfWords(Name);

        /// <summary>The name without the part: <c>x</c> of <c>x_train</c>.</summary>
        public string Role => RoleOf(Name);

        public string What => $"{Type} [{string.Join(", ", Shape)}]";

        public override string ToString() => $"{Name} {What}";
    }
}
