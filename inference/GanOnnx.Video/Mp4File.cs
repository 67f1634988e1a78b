using System.Buffers.Binary;
using FFMpegCore;
using FFMpegCore.Exceptions;
using FFMpegCore.Pipes;
using GanOnnx.Imaging;
using GanOnnx.Imaging.Metadata;
using GanOnnx.Shared;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanOnnx.Video;

/// <summary>MP4 files, which FFmpeg writes: in H.264 where it has that, with XMP in a box of its own at the end.</summary>
/// <remarks>XMP specification, part 3 (2020), section 1.3.7: a top-level box of type <c>uuid</c>. ISO/IEC 14496-12, section 4.2: a box begins
/// with its length and type, big-endian.</remarks>
internal static class Mp4File
{
    private const int BoxHeader = 8, MostOfXmp = 1 << 20;

    private static readonly byte[] _uuid = Convert.FromHexString("BE7ACFCB97A942E89C71999491E3AFAC");

    private static readonly Lazy<bool> _isPossible = new(() => Programs("ffmpeg").Any(File.Exists));

    public static bool IsPossible => _isPossible.Value;

    /// <summary>Writes frames into a stream.</summary>
    /// <exception cref="VideoException">There is no FFmpeg, or it fails.</exception>
    public static void Write(Stream stream, IEnumerable<Image> frames, double framesPerSecond, Provenance? provenance)
    {
        if (!IsPossible)
            throw new VideoException("MP4 files are written by the program ffmpeg, which isn't installed here. Install it, or take .gif.");
        using var scratch = ScratchFolder.InTemp();
        var file = Path.Combine(scratch.Path, "clip.mp4");
        Encode(frames, file, framesPerSecond);
        using (var encoded = File.OpenRead(file))
            encoded.CopyTo(stream);
        if (provenance is not null)
            WriteBox(stream, ProvenanceXmp.ToProfile(provenance).ToByteArray()!);
    }

    /// <summary>What a file says of its origin; null for nothing that is known.</summary>
    /// <exception cref="InvalidDataException">It is no MP4 file.</exception>
    public static Provenance? ReadProvenance(Stream file)
    {
        if (file.Length < BoxHeader)
            throw new InvalidDataException();
        Span<byte> head = stackalloc byte[BoxHeader + 16];
        for (long at = 0; at + BoxHeader <= file.Length;)
        {
            file.Position = at;
            var read = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
            if (at == 0 && !head[4..8].SequenceEqual("ftyp"u8))
                throw new InvalidDataException();
            long length = BinaryPrimitives.ReadUInt32BigEndian(head);
            var isXmp = read == head.Length && head[4..8].SequenceEqual("uuid"u8) && head[8..].SequenceEqual(_uuid);
            if (length == 1) // the length follows in eight bytes
                length = read >= 16 ? BinaryPrimitives.ReadInt64BigEndian(head[8..]) : 0;
            if (isXmp && length - head.Length is > 0 and <= MostOfXmp)
            {
                var xmp = new byte[length - head.Length];
                return file.ReadAtLeast(xmp, xmp.Length, throwOnEndOfStream: false) == xmp.Length ? ProvenanceXmp.Read(xmp) : null;
            }
            if (length < BoxHeader || at > long.MaxValue - length)
                return null;
            at += length;
        }
        return null;
    }

    private static void Encode(IEnumerable<Image> frames, string path, double framesPerSecond)
    {
        var source = new RawVideoPipeSource(frames.Select(frame => new Frame(frame))) { FrameRate = framesPerSecond };
        try
        {
            FFMpegArguments.FromPipeInput(source).OutputToFile(path, overwrite: true, options => options
                .ForceFormat("mp4").WithFastStart()
                // What all players show, which has colours for pairs of rows and columns.
                .WithCustomArgument("-pix_fmt yuv420p -vf pad=ceil(iw/2)*2:ceil(ih/2)*2:color=white"))
                .ProcessSynchronously();
        }
        catch (Exception e) when (e is FFMpegException or IOException)
        {
            throw new VideoException($"ffmpeg can't write the clip: {e.Message}", e);
        }
    }

    private static void WriteBox(Stream stream, byte[] xmp)
    {
        Span<byte> head = stackalloc byte[BoxHeader];
        BinaryPrimitives.WriteInt32BigEndian(head, BoxHeader + _uuid.Length + xmp.Length);
        "uuid"u8.CopyTo(head[4..]);
        stream.Write(head);
        stream.Write(_uuid);
        stream.Write(xmp);
    }

    private static IEnumerable<string> Programs(string name) =>
        from folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        select Path.Combine(folder, OperatingSystem.IsWindows() ? $"{name}.exe" : name);

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
