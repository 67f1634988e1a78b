using Microsoft.Win32.SafeHandles;

namespace GanOnnx.Data;

/// <summary>
/// A file without a name that holds what is unpacked, one piece after the other. The system frees it when this process ends, in whatever
/// way: nothing of it is ever left behind, and no name in an archive reaches the disk.
/// </summary>
internal sealed class ScratchFile : IDisposable
{
    private readonly FileStream _file;

    public ScratchFile()
    {
        var path = Path.Combine(Path.GetTempPath(), $"ganonnx-{Path.GetRandomFileName()}");
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.Delete,
            Options = OperatingSystem.IsWindows() ? FileOptions.DeleteOnClose : FileOptions.None,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        _file = new FileStream(path, options);
        if (!OperatingSystem.IsWindows())
            File.Delete(path);
    }

    /// <summary>Where the next piece begins.</summary>
    public long Length => _file.Length;

    /// <summary>Adds a piece.</summary>
    /// <param name="write">Writes it.</param>
    /// <returns>What opens it, and its length.</returns>
    public (Func<Stream> Open, long Length) Add(Action<Stream> write)
    {
        var start = _file.Seek(0, SeekOrigin.End);
        write(_file);
        _file.Flush();
        var length = _file.Position - start;
        var handle = _file.SafeFileHandle;
        return (() => new Piece(handle, start, length), length);
    }

    /// <summary>Frees the disk.</summary>
    public void Dispose() => _file.Dispose();

    /// <summary>A part of a file, with a place of its own.</summary>
    private sealed class Piece(SafeFileHandle file, long start, long length) : Stream
    {
        private long _position;

        public override bool CanRead => true;
        public override bool CanSeek => true;
        public override bool CanWrite => false;
        public override long Length => length;

        public override long Position
        {
            get => _position;
            set => _position = value >= 0 ? value : throw new IOException("No piece has a place before its beginning.");
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            var left = Math.Max(0, length - _position);
            var read = left == 0 ? 0 : RandomAccess.Read(file, buffer[..(int)Math.Min(buffer.Length, left)], start + _position);
            _position += read;
            return read;
        }

        public override long Seek(long offset, SeekOrigin origin) => Position = offset + origin switch
        {
            SeekOrigin.Begin => 0,
            SeekOrigin.Current => _position,
            _ => length,
        };

        public override void Flush() { }

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
