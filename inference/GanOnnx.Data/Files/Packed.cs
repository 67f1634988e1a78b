using System.IO.Compression;
using GanOnnx.Shared;
using SharpCompress.Compressors.BZip2;
using SharpCompress.Compressors.Xz;

namespace GanOnnx.Data;

/// <summary>Files that are packed by gzip, bzip2 or xz, each alone.</summary>
internal static class Packed
{
    /// <summary>What unpacks a stream.</summary>
    /// <param name="packed">The stream; disposed with the result.</param>
    /// <param name="packing"><c>gzip</c>, <c>bzip2</c> or <c>xz</c>.</param>
    public static Stream Open(Stream packed, string packing) => packing switch
    {
        "gzip" => new GZipStream(packed, CompressionMode.Decompress),
        "bzip2" => BZip2Stream.Create(packed, SharpCompress.Compressors.CompressionMode.Decompress, decompressConcatenated: true, false, false),
        "xz" => new XzStreams(packed),
        _ => throw new ArgumentOutOfRangeException(nameof(packing), packing, "Only gzip, bzip2 and xz are unpacked."),
    };

    // SharpCompress ends at the first of several streams behind each other, as some programs write them.
    private sealed class XzStreams(Stream packed) : ForwardStream
    {
        private XZStream _current = new(packed);

        public override int Read(Span<byte> buffer)
        {
            var bytes = new byte[buffer.Length];
            int read;
            while ((read = _current.Read(bytes, 0, bytes.Length)) == 0 && bytes.Length > 0 && packed.Position < packed.Length)
                _current = new XZStream(packed);
            bytes.AsSpan(0, read).CopyTo(buffer);
            return read;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                packed.Dispose();
            base.Dispose(disposing);
        }
    }

    /// <summary>The file as it is without gzip, on disk where it is packed.</summary>
    /// <exception cref="DataException">It is damaged, or grows to more than can be trusted.</exception>
    public static DataFile Unpacked(FileSet set, DataFile file, CancellationToken stop)
    {
        Span<byte> head = stackalloc byte[2];
        if (file.Length < head.Length)
            return file;
        return Boundary.Read(file.Path, "read", () =>
        {
            using var packed = file.Open();
            if (packed.ReadByte() != 0x1F || packed.ReadByte() != 0x8B)
                return file;
            packed.Position = 0;
            using var unpacked = new UnpackLimit(file.Path, file.Length, stop).Count(Open(packed, "gzip"));
            var (open, length) = set.Scratch.Add(unpacked.CopyTo);
            return file with { Open = open, Length = length };
        });
    }
}
