using System.Buffers.Binary;
using FFMpegCore;
using FFMpegCore.Pipes;
using GanOnnx.Imaging;
using GanOnnx.Imaging.Metadata;
using GanOnnx.Shared;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanOnnx.Video;

/// <summary>MP4 files, which FFmpeg writes: in H.264 where it has that, with XMP in a box of its own at the end.</summary>
/// <remarks>XMP specification, part 3 (2020), section 1.3.7: a top-level box of type <c>uuid</c>. ISO/IEC 14496-12, section 4.2: a box
/// begins with its length and type, big-endian.</remarks>
internal static class Mp4File
{
    private const int BoxHeader = 8, MostOfXmp = 1 << 20;

    private static readonly byte[] _uuid = Convert.FromHexString("BE7ACFCB97A942E89C71999491E3AFAC");

    private const int MostBoxes = 10_000;

    // A clip of our sizes takes seconds.
    private static readonly TimeSpan _longest = TimeSpan.FromMinutes(30);

    private static readonly Lazy<string?> _folder = new(FindFolder);

    public static bool IsPossible => _folder.Value is not null;

    /// <summary>Writes frames into a stream.</summary>
    /// <exception cref="VideoException">There is no FFmpeg, or it fails.</exception>
    /// <exception cref="ArgumentException">There is no frame, or they differ in size.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static void Write(Stream stream, IEnumerable<Image> frames, double framesPerSecond, Provenance? provenance,
        CancellationToken stop)
    {
        if (_folder.Value is not { } folder)
            throw new VideoException("MP4 files are written by the program ffmpeg, which isn't installed here. Install it, or take .gif.");
        using var scratch = ScratchFolder.InTemp();
        var file = Path.Combine(scratch.Path, "clip.mp4");
        using (var taken = new TakenFrames(frames))
            Encode(taken, file, framesPerSecond, folder, stop);
        if (!File.Exists(file))
            throw new VideoException("ffmpeg ended without a clip.");
        using (var encoded = File.OpenRead(file))
            encoded.CopyTo(stream);
        if (provenance is not null)
            WriteBox(stream, ProvenanceXmp.ToProfile(provenance).ToByteArray()!);
    }

    /// <summary>What a file says of its origin; null for nothing that is known.</summary>
    /// <exception cref="InvalidDataException">It is no MP4 file, or cut short.</exception>
    public static Provenance? ReadProvenance(Stream file)
    {
        Span<byte> head = stackalloc byte[BoxHeader + 16];
        Provenance? found = null;
        var (boxes, hasMovie) = (0, false);
        for (long at = 0; at < file.Length && boxes < MostBoxes; boxes++)
        {
            file.Position = at;
            var read = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
            if (at == 0 && (read < BoxHeader || !head[4..8].SequenceEqual("ftyp"u8)))
                throw new InvalidDataException("is no MP4 file.");
            if (read < BoxHeader)
                throw new InvalidDataException("is cut short.");
            hasMovie |= head[4..8].SequenceEqual("moov"u8);
            long length = BinaryPrimitives.ReadUInt32BigEndian(head);
            var isXmp = read == head.Length && head[4..8].SequenceEqual("uuid"u8) && head[8..].SequenceEqual(_uuid);
            if (length == 1) // the length follows in eight bytes
                length = read >= 16 ? BinaryPrimitives.ReadInt64BigEndian(head[8..]) : -1;
            else if (length == 0) // to the end
                length = file.Length - at;
            if (length < BoxHeader || length > file.Length - at)
                throw new InvalidDataException("is cut short.");
            if (isXmp && length - head.Length is > 0 and <= MostOfXmp)
            {
                var xmp = new byte[length - head.Length];
                file.ReadExactly(xmp);
                found ??= ProvenanceXmp.Read(xmp);
            }
            at += length;
        }
        return hasMovie ? found : throw new InvalidDataException("is cut short.");
    }

    private static void Encode(TakenFrames frames, string path, double framesPerSecond, string folder, CancellationToken stop)
    {
        // Set first, or it would be read from a file in the current folder; so would the program be taken from there.
        var options = new FFOptions { BinaryFolder = folder, TemporaryFilesFolder = Path.GetTempPath() };
        GlobalFFOptions.Configure(options);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(_longest);
        Exception? failure = null;
        try
        {
            FFMpegArguments.FromPipeInput(new RawVideoPipeSource(frames.All()) { FrameRate = framesPerSecond })
                .OutputToFile(path, overwrite: true, output => output
                    .ForceFormat("mp4").WithFastStart()
                    // What all players show, which has colours for pairs of rows and columns.
                    .WithCustomArgument("-v error -pix_fmt yuv420p -vf pad=ceil(iw/2)*2:ceil(ih/2)*2:color=white"))
                .CancellableThrough(limit.Token).ProcessSynchronously(throwOnError: true, options);
        }
        // It fails in many ways when a pipe breaks or is closed; that of the frames or of the caller is the reason then.
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            failure = e;
        }
        frames.ThrowIfFailed();
        stop.ThrowIfCancellationRequested();
        if (failure is not null)
            throw new VideoException($"ffmpeg can't write the clip: {LastLine(failure.Message)}", failure);
    }

    // It prints a whole log, whose last line says what is the matter.
    private static string LastLine(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is [.., var last] ? last : "it says nothing.";

    private static void WriteBox(Stream stream, byte[] xmp)
    {
        Span<byte> head = stackalloc byte[BoxHeader];
        BinaryPrimitives.WriteInt32BigEndian(head, BoxHeader + _uuid.Length + xmp.Length);
        "uuid"u8.CopyTo(head[4..]);
        stream.Write(head);
        stream.Write(_uuid);
        stream.Write(xmp);
    }

    // Where programs are, and nowhere else: the current folder may be anybody's.
    private static string? FindFolder() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .FirstOrDefault(folder => Path.IsPathFullyQualified(folder) && IsProgram(Path.Combine(folder, OperatingSystem.IsWindows() ? "ffmpeg.exe" : "ffmpeg")));

    private static bool IsProgram(string path) => File.Exists(path) && (OperatingSystem.IsWindows()
        || (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0);

    /// <summary>Frames on their way into a pipe, which hides what goes wrong with them.</summary>
    private sealed class TakenFrames(IEnumerable<Image> frames) : IDisposable
    {
        private readonly IEnumerator<Image> _frames = frames.GetEnumerator();
        private System.Runtime.ExceptionServices.ExceptionDispatchInfo? _failure;
        private (int Width, int Height)? _size;

        public IEnumerable<IVideoFrame> All()
        {
            while (Next() is { } image)
                yield return new Frame(image);
        }

        public void ThrowIfFailed() => _failure?.Throw();

        public void Dispose() => _frames.Dispose();

        private Image? Next()
        {
            try
            {
                if (!_frames.MoveNext())
                    return _size is null ? throw new ArgumentException("There is no frame.", nameof(frames)) : null;
                var image = _frames.Current;
                if (_size is { } size && size != (image.Width, image.Height))
                    throw new ArgumentException($"Frames of {size.Width} × {size.Height} and of {image.Width} × {image.Height} pixels don't make a clip.", nameof(frames));
                _size = (image.Width, image.Height);
                return image;
            }
            catch (Exception e)
            {
                _failure = System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(e);
                throw;
            }
        }
    }

    private sealed class Frame(Image image) : IVideoFrame
    {
        public int Width => image.Width;

        public int Height => image.Height;

        public string PixelFormat => "rgb24";

        public void Serialize(Stream pipe) => pipe.Write(Pixels());

        public Task SerializeAsync(Stream pipe, CancellationToken token) => pipe.WriteAsync(Pixels(), token).AsTask();

        private byte[] Pixels()
        {
            using var opaque = image.CloneAs<Rgb24>();
            var pixels = new byte[opaque.Width * opaque.Height * 3];
            opaque.CopyPixelDataTo(pixels);
            return pixels;
        }
    }
}
