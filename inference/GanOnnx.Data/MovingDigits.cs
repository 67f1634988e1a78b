using System.Globalization;
using GanOnnx.Inference;

namespace GanOnnx.Data;

/// <summary>
/// 10,000 clips drawn by the program, labelled: each is a handwriting-like digit of <see cref="SyntheticDigits"/>, at three fifths of the
/// size, that flies straight over black and bounces off the borders. Clip i is always the same.
/// </summary>
/// <param name="frames">Frames of a clip (T).</param>
/// <remarks>After the moving digits of N. Srivastava, E. Mansimov, R. Salakhutdinov: "Unsupervised Learning of Video Representations using
/// LSTMs", 2015, https://arxiv.org/abs/1502.04681.</remarks>
internal sealed class MovingDigits(int frames) : IImageSource, IClips
{
    // The index is the clip.
    private const uint MotionStream = 259;

    // Parts of the frame: the digit's side, and how far it flies from a frame to the next.
    private const float Side = 0.6f, Slowest = 0.03f, Fastest = 0.09f;

    private readonly SyntheticDigits _digits = new();

    public string Name => "synthetic:moving-digits";
    public int Count => _digits.Count;
    public int Channels => 1;
    public int Frames => frames;
    public IReadOnlyList<string> Classes => _digits.Classes;

    public string NameOf(int image) => string.Create(CultureInfo.InvariantCulture, $"moving digit {image}");

    public int LabelOf(int image) => _digits.LabelOf(image);

    public byte[] Read(int image, int size, int channels) => ReadClip(image, size, channels)[ClipFrames.Shown(image, frames)];

    public byte[][] ReadClip(int clip, int size, int channels)
    {
        Span<float> random = stackalloc float[4];
        new RandomStream(0, MotionStream).FillUniform((ulong)clip, random);
        var side = (int)MathF.Round(size * Side);
        var digit = _digits.Read(clip, side, 1);
        var room = size - side;
        var (angle, speed) = (random[2] * MathF.PI, size * (Slowest + (Fastest - Slowest) * (random[3] + 1) / 2));
        var (across, down) = (speed * MathF.Cos(angle), speed * MathF.Sin(angle));
        var (left, top) = ((random[0] + 1) / 2 * room, (random[1] + 1) / 2 * room);
        return [.. Enumerable.Range(0, frames).Select(t =>
            Draw(digit, side, size, channels, Bounced(left + across * t, room), Bounced(top + down * t, room)))];
    }

    public void Dispose() => _digits.Dispose();

    // There and back again.
    private static int Bounced(float place, int room)
    {
        if (room == 0)
            return 0;
        var turn = place % (2 * room);
        if (turn < 0)
            turn += 2 * room;
        return (int)MathF.Round(turn > room ? 2 * room - turn : turn);
    }

    private static byte[] Draw(byte[] digit, int side, int size, int channels, int left, int top)
    {
        var frame = new byte[size * size * channels];
        for (var y = 0; y < side; y++)
            for (var x = 0; x < side; x++)
                frame.AsSpan(((top + y) * size + left + x) * channels, channels).Fill(digit[y * side + x]);
        return frame;
    }
}
