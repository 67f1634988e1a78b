using System.Text;
using GanOnnx.Data;
using GanOnnx.Evaluation;

namespace GanOnnx.Benchmarks;

/// <summary>
/// Three digits as the red, green and blue of one picture: 1,000 modes of equal weight, which a classifier of digits counts (Metz et al.
/// 2017, https://arxiv.org/abs/1611.02163; Srivastava et al. 2017, https://arxiv.org/abs/1705.07761).
/// </summary>
internal static class StackedDigits
{
    public const int Size = 32, Modes = 1000;

    private const int Channels = 3;

    /// <summary>Writes an array of bytes <c>[N, H, W, 3]</c> for <c>gan train --data</c>.</summary>
    /// <param name="digits">The digits: a folder of MNIST's files.</param>
    /// <param name="count">How many pictures (N).</param>
    /// <param name="path">The .npy file.</param>
    public static void Write(string digits, int count, string path)
    {
        using var source = ImageSources.Open(digits, DataOptions.Of("train", "pad"), default);
        var random = new Random(0);
        using var file = File.Create(path);
        var header = FormattableString.Invariant($"{{'descr': '|u1', 'fortran_order': False, 'shape': ({count}, {Size}, {Size}, {Channels}), }}");
        header = header.PadRight(117) + "\n"; // with the 10 bytes before it a multiple of 64
        file.Write([0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. Encoding.ASCII.GetBytes(header)]);
        var picture = new byte[Size * Size * Channels];
        for (var i = 0; i < count; i++)
        {
            for (var channel = 0; channel < Channels; channel++)
            {
                var digit = source.Read(random.Next(source.Count), Size, 1);
                for (var pixel = 0; pixel < digit.Length; pixel++)
                    picture[pixel * Channels + channel] = digit[pixel];
            }
            file.Write(picture);
        }
    }

    /// <summary>Which modes pictures are, and how evenly.</summary>
    /// <param name="classifier">Tells digits apart.</param>
    /// <param name="pictures">The pictures.</param>
    /// <returns>How many of the 1,000 modes there are, and the Kullback-Leibler divergence of their shares from equal ones, in
    /// nats.</returns>
    public static (int Modes, double Divergence) Count(FeatureNetwork classifier, ImageSet pictures)
    {
        var scores = FeatureExtraction.Of(classifier, new Unstacked(pictures), _ => { }, default).Features;
        var counts = new int[Modes];
        for (var i = 0; i < pictures.Count; i++)
            counts[100 * Digit(3 * i) + 10 * Digit(3 * i + 1) + Digit(3 * i + 2)]++;
        return (counts.Count(c => c > 0),
            counts.Where(c => c > 0).Sum(c => (double)c / pictures.Count * Math.Log((double)c * Modes / pictures.Count)));

        int Digit(int image)
        {
            var best = 0;
            for (var digit = 1; digit < 10; digit++)
                if (scores[image][digit] > scores[image][best])
                    best = digit;
            return best;
        }
    }

    /// <summary>Each channel as a grey picture of its own.</summary>
    private sealed class Unstacked(ImageSet pictures) : ImageSet
    {
        public override int Count => 3 * pictures.Count;

        public override int Size => pictures.Size;

        public override int Channels => 1;

        public override int LabelOf(int image) => -1;

        public override string NameOf(int image) => pictures.NameOf(image / 3);

        public override bool[] Read(int first, int count, Span<byte> pixels, CancellationToken stop)
        {
            var (from, to) = (first / 3, (first + count + 2) / 3);
            var read = new byte[(to - from) * pictures.Length];
            pictures.Read(from, to - from, read, stop);
            for (var i = 0; i < count; i++)
            {
                var (picture, channel) = ((first + i) / 3 - from, (first + i) % 3);
                for (var pixel = 0; pixel < Length; pixel++)
                    pixels[i * Length + pixel] = read[picture * pictures.Length + 3 * pixel + channel];
            }
            return [.. Enumerable.Repeat(true, count)];
        }

        public override void Dispose() => pictures.Dispose();
    }
}
