using System.Globalization;
using GanOnnx.Shared;

namespace GanOnnx.Data;

/// <summary>How much may come out of a packed file. Made by strangers, a few bytes can stand for as much as a disk holds.</summary>
/// <param name="path">The packed file.</param>
/// <param name="packed">Its bytes.</param>
/// <param name="stop">Stops unpacking.</param>
internal sealed class UnpackLimit(string path, long packed, CancellationToken stop)
{
    /// <summary>The most bytes.</summary>
    public const long MostBytes = 256L << 30;

    /// <summary>The most files.</summary>
    public const int MostEntries = 10_000_000;

    /// <summary>How many times its size it may grow to; pictures hardly grow at all.</summary>
    public const int MostTimes = 100;

    /// <summary>So many bytes are unpacked however small the file is.</summary>
    public const long Free = 256L << 20;

    private long _bytes;
    private int _entries;

    /// <summary>Counts a file in it.</summary>
    /// <exception cref="DataException">There are too many.</exception>
    public void CountEntry()
    {
        stop.ThrowIfCancellationRequested();
        if (++_entries > MostEntries)
            throw TooMuch($"has more than {MostEntries.ToString("#,0", CultureInfo.InvariantCulture)} files");
    }

    /// <summary>The stream, counting what is read of it.</summary>
    public Stream Count(Stream unpacked) => new Counted(unpacked, this);

    /// <summary>Counts bytes that are unpacked.</summary>
    /// <exception cref="DataException">There are too many.</exception>
    public void CountBytes(long read)
    {
        stop.ThrowIfCancellationRequested();
        _bytes += read;
        if (_bytes > MostBytes)
            throw TooMuch($"unpacks to more than {MostBytes >> 30} GB");
        if (_bytes > Free && _bytes / MostTimes > packed)
            throw TooMuch($"grows to more than {MostTimes} times its {packed.ToString("#,0", CultureInfo.InvariantCulture)} bytes when "
                + "it is unpacked");
    }

    private DataException TooMuch(string what) => new($"'{path}' {what}, so it isn't read. It may be made to do harm; if you trust it, "
        + "unpack it yourself and give the folder.");

    private sealed class Counted(Stream inner, UnpackLimit limit) : ForwardStream
    {
        public override int Read(Span<byte> buffer)
        {
            var read = inner.Read(buffer);
            limit.CountBytes(read);
            return read;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
