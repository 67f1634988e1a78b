using GanOnnx.Inference;
using NAudio.Dsp;

namespace GanOnnx.Audio;

/// <summary>
/// Sounds as pictures: from left to right their time, from bottom to top the frequencies from 0 to half the rate in bands of equal width
/// in mel, from black to white the power from −80 dB to 0 dB of a full sine's.
/// </summary>
/// <remarks>
/// A column is the Fourier transform of twice its share of the time, 256 values at least, behind a Hann window; mel is
/// 2595 · log₁₀(1 + f / 700), and bands are triangles that reach to the middles of their neighbours.
/// </remarks>
public sealed class Spectrogram
{
    private const int ShortestWindow = 256, LargestSize = 1024;
    private const double Range = 80;

    private readonly int _size, _bits;
    private readonly float[] _window;
    private readonly (int First, float[] Weights)[] _bands;

    /// <param name="rate">The sounds' values a second, in Hz.</param>
    /// <param name="samples">Their values.</param>
    /// <param name="size">The pictures' height and width in pixels: bands and columns.</param>
    public Spectrogram(int rate, int samples, int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rate, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, LargestSize);
        _size = size;
        var window = Math.Max(ShortestWindow, (int)Math.Ceiling(2.0 * samples / size));
        _bits = (int)Math.Ceiling(Math.Log2(window)) + 1;
        _window = [.. Enumerable.Range(0, window).Select(i => (float)FastFourierTransform.HannWindow(i, window))];
        var scale = 2 / _window.Sum();
        for (var i = 0; i < window; i++)
            _window[i] *= scale;
        _bands = [.. Enumerable.Range(0, size).Select(band => Band(band, rate))];
    }

    /// <summary>A sound's picture.</summary>
    /// <param name="sound">Its values, of one channel.</param>
    /// <returns>Bytes <c>[size, size]</c>, the highest band first.</returns>
    public byte[] Of(ReadOnlySpan<float> sound)
    {
        var picture = new byte[_size * _size];
        Draw(sound, picture);
        return picture;
    }

    /// <summary>As <see cref="Of(ReadOnlySpan{float})"/>, into memory of the caller's.</summary>
    internal void Draw(ReadOnlySpan<float> sound, Span<byte> picture)
    {
        var values = new Complex[1 << _bits];
        var powers = new float[values.Length / 2 + 1];
        for (var column = 0; column < _size; column++)
        {
            Array.Clear(values);
            var start = (int)((column + 0.5) * sound.Length / _size) - _window.Length / 2;
            for (var i = 0; i < _window.Length; i++)
                if (start + i >= 0 && start + i < sound.Length)
                    values[i].X = sound[start + i] * _window[i];
            // Forward, it divides by the length.
            FastFourierTransform.FFT(true, _bits, values);
            for (var i = 0; i < powers.Length; i++)
                powers[i] = (values[i].X * values[i].X + values[i].Y * values[i].Y) * values.Length * (float)values.Length;
            for (var band = 0; band < _size; band++)
                picture[(_size - 1 - band) * _size + column] = Shade(Power(_bands[band], powers));
        }
    }

    /// <summary>The pictures of sounds, of several channels' mean.</summary>
    public ImageBatch Of(SoundBatch sounds)
    {
        ArgumentNullException.ThrowIfNull(sounds);
        var pictures = new float[sounds.Count * _size * _size];
        for (var n = 0; n < sounds.Count; n++)
        {
            var picture = Of(SoundFile.Mono(sounds, n));
            for (var i = 0; i < picture.Length; i++)
                pictures[n * picture.Length + i] = picture[i] / 127.5f - 1;
        }
        return new(pictures, sounds.Count, 1, _size, _size) { Provider = sounds.Provider };
    }

    // Of sounds as what runs a model has them, images of height 1.
    internal ImageBatch OfRows(ImageBatch rows) => Of(new SoundBatch(rows.Values.ToArray(), rows.Count, rows.Channels, rows.Width, 1));

    private static float Power((int First, float[] Weights) band, float[] powers)
    {
        var sum = 0f;
        for (var i = 0; i < band.Weights.Length; i++)
            sum += band.Weights[i] * powers[band.First + i];
        return sum;
    }

    private static byte Shade(float power) =>
        (byte)Math.Clamp(Math.Round((10 * Math.Log10(power + 1e-12) + Range) / Range * 255), 0, 255);

    private (int, float[]) Band(int band, int rate)
    {
        var most = Mel(rate / 2.0);
        double Middle(int number) => 700 * (Math.Pow(10, (number + 1) * most / (_size + 1) / 2595) - 1);
        var (low, middle, high) = (Middle(band - 1), Middle(band), Middle(band + 1));
        var step = (double)rate / (1 << _bits);
        var (first, last) = ((int)Math.Ceiling(low / step), Math.Min((1 << _bits) / 2, (int)Math.Floor(high / step)));
        // A band narrower than a step of the transform has the nearest.
        if (last < first)
            return ((int)Math.Round(middle / step), [1]);
        float[] weights = [.. Enumerable.Range(first, last - first + 1).Select(i => i * step)
            .Select(f => (float)Math.Max(1e-3, f < middle ? (f - low) / (middle - low) : (high - f) / (high - middle)))];
        var sum = weights.Sum();
        return (first, [.. weights.Select(weight => weight / sum)]);
    }

    private static double Mel(double frequency) => 2595 * Math.Log10(1 + frequency / 700);
}
