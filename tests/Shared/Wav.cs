using System.Text;

namespace GanOnnx.Tests.Shared;

/// <summary>WAV files, byte by byte, as other programs write them.</summary>
internal static class Wav
{
    /// <summary>PCM of 8, 16 or 24 bits, or floats of 32 (format 3).</summary>
    /// <param name="rate">Frames a second.</param>
    /// <param name="channels">Each channel's values, −1 … 1.</param>
    /// <param name="bits">Bits of a value.</param>
    /// <param name="format">1 of PCM, 3 of floats.</param>
    public static byte[] Of(int rate, float[][] channels, int bits = 16, int format = 1)
    {
        using var data = new MemoryStream();
        using var values = new BinaryWriter(data);
        for (var i = 0; i < channels[0].Length; i++)
            foreach (var channel in channels)
                if (format == 3)
                    values.Write(channel[i]);
                else if (bits == 8)
                    values.Write((byte)Math.Round(128 + 127 * channel[i]));
                else if (bits == 16)
                    values.Write((short)Math.Round(32767 * channel[i]));
                else
                    values.Write([.. BitConverter.GetBytes((int)Math.Round(8388607 * channel[i])).Take(3)]);
        return Of(format, channels.Length, rate, bits, data.ToArray());
    }

    /// <summary>With whatever header.</summary>
    public static byte[] Of(int format, int channels, int rate, int bits, byte[] data)
    {
        using var file = new MemoryStream();
        using var writer = new BinaryWriter(file);
        writer.Write(Encoding.ASCII.GetBytes("RIFF"));
        writer.Write(36 + data.Length);
        writer.Write(Encoding.ASCII.GetBytes("WAVEfmt "));
        writer.Write(16);
        writer.Write((short)format);
        writer.Write((short)channels);
        writer.Write(rate);
        writer.Write(rate * channels * bits / 8);
        writer.Write((short)(channels * bits / 8));
        writer.Write((short)bits);
        writer.Write(Encoding.ASCII.GetBytes("data"));
        writer.Write(data.Length);
        writer.Write(data);
        return file.ToArray();
    }

    /// <summary>A sine.</summary>
    public static float[] Sine(double hertz, int rate, double seconds, double loudness = 0.5) =>
        [.. Enumerable.Range(0, (int)(rate * seconds)).Select(i => (float)(loudness * Math.Sin(2 * Math.PI * hertz * i / rate)))];
}
