using System.Text;

namespace GanOnnx.Data;

/// <summary>What can be done with a file.</summary>
internal enum FileKind
{
    /// <summary>Nothing: it is left out.</summary>
    Other,

    /// <summary>A picture that can be decoded.</summary>
    Picture,

    /// <summary>A recording that can be read.</summary>
    Sound,

    /// <summary>Images or labels in MNIST's format.</summary>
    Idx,

    /// <summary>A NumPy array, or a .npz of several.</summary>
    Numpy,

    /// <summary>A table in Parquet.</summary>
    Parquet,

    /// <summary>An archive that can be unpacked.</summary>
    Archive,

    /// <summary>A file that may give each picture its label.</summary>
    Labels,
}

/// <summary>What a file is, by its first bytes; by its name only where those don't tell.</summary>
/// <param name="Kind">What can be done with it.</param>
/// <param name="What">What people call it, to be read after a number: <c>TIFF</c>, <c>WAV sound</c>, <c>no picture</c>.</param>
/// <param name="Size">A picture's pixels, where its header tells.</param>
internal sealed record FileContents(FileKind Kind, string What, PictureSize? Size = null)
{
    /// <summary>What IDX files of labels are called.</summary>
    public const string IdxLabels = "IDX labels";

    /// <summary>Whether a picture may have several frames.</summary>
    public bool MayMove => What == "GIF";

    /// <summary>Whether it is called a picture and isn't one by its first bytes, as decoding it will tell.</summary>
    public bool IsDamaged => What == Damaged;

    private const string WavSound = "WAV sound", Damaged = "damaged picture";

    /// <summary>How many bytes are looked at.</summary>
    public const int HeadLength = 512;

    private static readonly (string Magic, int At, FileKind Kind, string What)[] _magics =
    [
        ("\u0089PNG\r\n\u001a\n", 0, FileKind.Picture, "PNG"),
        ("\u00ff\u00d8\u00ff", 0, FileKind.Picture, "JPEG"),
        ("GIF8", 0, FileKind.Picture, "GIF"),
        ("WEBP", 8, FileKind.Picture, "WebP"),
        ("II*\0", 0, FileKind.Other, "TIFF"),
        ("MM\0*", 0, FileKind.Other, "TIFF"),
        ("II+\0", 0, FileKind.Other, "TIFF"),
        ("MM\0+", 0, FileKind.Other, "TIFF"),
        ("ftyphei", 4, FileKind.Other, "HEIC"),
        ("ftypmif1", 4, FileKind.Other, "HEIC"),
        ("ftypmsf1", 4, FileKind.Other, "HEIC"),
        ("ftypavi", 4, FileKind.Other, "AVIF"),
        ("ftyp", 4, FileKind.Other, "video"),
        ("AVI ", 8, FileKind.Other, "video"),
        ("\u001aE\u00df\u00a3", 0, FileKind.Other, "video"),
        ("\u00ff\n", 0, FileKind.Other, "JPEG XL"),
        ("JXL ", 4, FileKind.Other, "JPEG XL"),
        ("jP  ", 4, FileKind.Other, "JPEG 2000"),
        ("8BPS", 0, FileKind.Other, "PSD"),
        ("\0\0\u0001\0", 0, FileKind.Other, "ICO"),
        ("v/1\u0001", 0, FileKind.Other, "OpenEXR"),
        ("DDS ", 0, FileKind.Other, "DDS"),
        ("qoif", 0, FileKind.Other, "QOI"),
        ("DICM", 128, FileKind.Other, "DICOM"),
        ("SIMPLE  =", 0, FileKind.Other, "FITS"),
        ("WAVE", 8, FileKind.Sound, WavSound),
        ("fLaC", 0, FileKind.Other, "FLAC sound"),
        ("OggS", 0, FileKind.Other, "Ogg sound"),
        ("ID3", 0, FileKind.Other, "MP3 sound"),
        ("\u00ff\u00fb", 0, FileKind.Other, "MP3 sound"),
        ("\u0000\u0000\u0008\u0003", 0, FileKind.Idx, "IDX"),
        ("\u0000\u0000\u0008\u0001", 0, FileKind.Idx, IdxLabels),
        ("\u0093NUMPY", 0, FileKind.Numpy, "NumPy"),
        ("PAR1", 0, FileKind.Parquet, "Parquet"),
        ("PK\u0003\u0004", 0, FileKind.Archive, "zip"),
        ("PK\u0005\u0006", 0, FileKind.Archive, "zip"),
        ("\u001f\u008b", 0, FileKind.Archive, "gzip"),
        ("\u00fd7zXZ\0", 0, FileKind.Archive, "xz"),
        ("BZh", 0, FileKind.Archive, "bzip2"),
        ("ustar", 257, FileKind.Archive, "tar"),
        ("7z\u00bc\u00af\u0027\u001c", 0, FileKind.Other, "7z archive"),
        ("Rar!", 0, FileKind.Other, "RAR archive"),
        ("(\u00b5/\u00fd", 0, FileKind.Other, "Zstandard archive"),
        ("\u0089HDF", 0, FileKind.Other, "HDF5 file"),
        ("MATLAB 5", 0, FileKind.Other, "MATLAB file"),
        ("SQLite format 3", 0, FileKind.Other, "SQLite file"),
        ("%PDF", 0, FileKind.Other, "PDF"),
        ("version https://git-lfs", 0, FileKind.Other, "Git LFS pointer (the file itself was never fetched)"),
        ("<svg", 0, FileKind.Other, "SVG"),
    ];

    private static readonly string[] _labelFiles = ["dataset.json", "labels.csv", "metadata.csv", "metadata.jsonl", "captions.csv"];

    /// <summary>What a file is.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="head">Its first bytes, <see cref="HeadLength"/> of them where it has as many.</param>
    public static FileContents Of(string name, ReadOnlySpan<byte> head)
    {
        var last = name[(name.LastIndexOf('/') + 1)..].ToLowerInvariant();
        if (_labelFiles.Contains(last))
            return new(FileKind.Labels, "labels");
        foreach (var (magic, at, kind, what) in _magics)
            if (head.Length >= at + magic.Length && Matches(head[at..], magic))
                return Named(last, new(kind, what));
        if (IsBmp(head))
            return new(FileKind.Picture, "BMP");
        if (head is [0x80, >= 2 and <= 5, ..])
            return new(FileKind.Other, "pickle");
        if (head is [(byte)'P', >= (byte)'1' and <= (byte)'7', (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t', ..])
            return new(FileKind.Other, "PPM");
        return last.EndsWith(".tar", StringComparison.Ordinal) ? new(FileKind.Archive, "tar")
            : last.EndsWith(".svg", StringComparison.Ordinal) ? new(FileKind.Other, "SVG")
            : last.EndsWith(".tfrecord", StringComparison.Ordinal) ? new(FileKind.Other, "TFRecord file")
            // What calls itself a picture and is none is told when it is decoded, by its name.
            : Imaging.ImageReader.IsImageFile(last) || last.EndsWith(".jfif", StringComparison.Ordinal)
                ? new(FileKind.Picture, Damaged)
            : last.EndsWith(Audio.SoundFile.Extension, StringComparison.Ordinal) ? new(FileKind.Sound, WavSound)
            : Named(last, new(FileKind.Other, "no picture"));
    }

    // A .npz is a zip, and IDX files are often a .gz each.
    private static FileContents Named(string name, FileContents contents) => contents.What switch
    {
        "zip" when name.EndsWith(".npz", StringComparison.Ordinal) => new(FileKind.Numpy, "NumPy"),
        "gzip" or "no picture" when name.Contains("idx3-ubyte", StringComparison.Ordinal) => new(FileKind.Idx, "IDX"),
        "gzip" or "no picture" when name.Contains("idx1-ubyte", StringComparison.Ordinal) => new(FileKind.Idx, IdxLabels),
        _ => contents,
    };

    private static bool Matches(ReadOnlySpan<byte> head, string magic)
    {
        for (var i = 0; i < magic.Length; i++)
            if (head[i] != magic[i])
                return false;
        return true;
    }

    // Two letters are too few to tell it from a text.
    private static bool IsBmp(ReadOnlySpan<byte> head) =>
        head.Length >= 18 && head[0] == 'B' && head[1] == 'M' && head[14] is 12 or 40 or 52 or 56 or 64 or 108 or 124 && head[15] == 0;
}
