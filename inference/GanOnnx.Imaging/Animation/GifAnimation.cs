using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Gif;
using SixLabors.ImageSharp.Metadata.Profiles.Xmp;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing.Processors.Quantization;

namespace GanOnnx.Imaging.Animation;

/// <summary>
/// An animated GIF, written frame by frame. ImageSharp encodes each frame as a GIF of its own, with its own colour table; the blocks
/// between that file's header and its end are a frame of the animation.
/// </summary>
/// <remarks>
/// ImageSharp's own animations need all frames in memory, and its search for unchanged pixels, in
/// later versions, takes a colour of the picture for transparent where the palette is full.
/// </remarks>
internal sealed class GifAnimation(Stream stream, bool loop, XmpProfile? xmp) : IDisposable
{
    // Signature, version and logical screen; no global colour table follows.
    private const int HeaderLength = 13;

    // The application extension that viewers know from Netscape Navigator: a block of 3 bytes, 1 and how many more times, 0 being for ever.
    private static readonly byte[] _playForEver = [(byte)'!', 0xFF, 11, .. "NETSCAPE2.0"u8, 3, 1, 0, 0, 0];

    private static readonly IQuantizer _bestColours = new WuQuantizer(new QuantizerOptions { Dither = null });

    private readonly MemoryStream _encoded = new();
    private Image<Rgba32>? _canvas;
    private Rgba32[]? _pixels;

    public int Frames { get; private set; }

    /// <param name="frame">The picture.</param>
    /// <param name="delay">How long it stays, in hundredths of a second.</param>
    public void Add(Image frame, int delay)
    {
        _canvas ??= new Image<Rgba32>(frame.Width, frame.Height);
        if ((frame.Width, frame.Height) != (_canvas.Width, _canvas.Height))
            throw new ArgumentException(
                $"An animation's frames must have one size, not {_canvas.Width} × {_canvas.Height} and {frame.Width} × {frame.Height}.",
                    nameof(frame));

        Draw(frame);
        _canvas.Frames.RootFrame.Metadata.GetGifMetadata().FrameDelay = delay;
        _canvas.Metadata.XmpProfile = Frames == 0 ? xmp : null;
        _encoded.SetLength(0);
        _canvas.Save(_encoded, new GifEncoder
        {
            ColorTableMode = GifColorTableMode.Local,
            Quantizer = frame is Image<L8> ? GreyQuantizer.Instance : _bestColours,
        });
        Append(_encoded.GetBuffer().AsSpan(0, (int)_encoded.Length));
        Frames++;
    }

    public void End()
    {
        if (Frames == 0)
            throw new ArgumentException("An animation needs at least one frame.");
        stream.Write(";"u8);
    }

    public void Dispose()
    {
        _encoded.Dispose();
        _canvas?.Dispose();
    }

    private void Append(ReadOnlySpan<byte> file)
    {
        if (Frames == 0)
        {
            stream.Write(file[..HeaderLength]);
            if (loop)
                stream.Write(_playForEver);
        }
        stream.Write(file[HeaderLength..^1]);
    }

    // On a canvas of its own: a decoded picture brings along colour tables that the encoder would use, and with other pixel types
    // ImageSharp takes black for transparent.
    private void Draw(Image frame)
    {
        using var picture = frame.CloneAs<Rgba32>();
        var pixels = _pixels ??= new Rgba32[picture.Width * picture.Height];
        picture.CopyPixelDataTo(pixels);
        _canvas!.ProcessPixelRows(rows =>
        {
            for (var y = 0; y < rows.Height; y++)
            {
                var row = rows.GetRowSpan(y);
                for (var x = 0; x < row.Length; x++)
                {
                    var colour = ImageReader.OnWhite(pixels[y * row.Length + x]);
                    row[x] = new Rgba32(colour.R, colour.G, colour.B);
                }
            }
        });
    }
}
