using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.PixelFormats;
using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Training.Tasks.SuperResolution;

/// <summary>
/// Makes small images as bad as those that people have: blurred, resized, noisy and compressed, twice, each by chance and by another
/// amount. Draws from torch's own generator.
/// </summary>
/// <remarks>
/// X. Wang, L. Xie, C. Dong, Y. Shan: "Real-ESRGAN: Training Real-World Blind Super-Resolution with Pure Synthetic Data", 2021,
/// https://arxiv.org/abs/2107.10833, section 3 and its table of ranges. Without the sinc filter, and with Gaussian noise and kernels alone.
/// </remarks>
internal static class Degradation
{
    private const int KernelRadius = 7, SmallestSize = 4;
    private const double Bytes = 255;

    private static readonly Round _first = new(Blurs: 1, Sigma: 3, Up: 0.2, Largest: 1.5, Down: 0.7, Smallest: 0.15, Noise: 30);
    private static readonly Round _second = new(Blurs: 0.8, Sigma: 1.5, Up: 0.3, Largest: 1.2, Down: 0.4, Smallest: 0.3, Noise: 25);

    private const double LeastSigma = 0.2, LeastNoise = 1, GreyNoise = 0.4;
    private const int LeastQuality = 30, MostQuality = 95;

    /// <summary>Images <c>[N, C, S, S]</c> from −1 to 1 to bad small ones <c>[N, C, T, T]</c>, in steps of bytes.</summary>
    public static Tensor Spoil(Tensor images, int size)
    {
        using var scope = NewDisposeScope();
        return cat([.. Enumerable.Range(0, (int)images.shape[0]).Select(i => SpoilOne(images.narrow(0, i, 1).cpu(), size))])
            .to(images.device).MoveToOuterDisposeScope();
    }

    private static Tensor SpoilOne(Tensor image, int size)
    {
        var chance = new Chance();
        var x = Resized(Blurred(image, _first, chance), size, _first, chance);
        x = Compressed(Noisy(x, _first, chance), chance);
        x = Resized(Blurred(x, _second, chance), size, _second, chance);
        return Compressed(Bicubic.Resize(Noisy(x, _second, chance), size), chance);
    }

    // By a Gaussian that is longer in one direction.
    private static Tensor Blurred(Tensor x, Round round, Chance chance)
    {
        var (blurs, along, across, angle) = (chance.Below(round.Blurs), chance.Between(LeastSigma, round.Sigma),
            chance.Between(LeastSigma, round.Sigma), chance.Between(0, Math.PI));
        if (!blurs)
            return x;
        var radius = Math.Min(KernelRadius, (int)x.shape[3] - 1);
        var side = 2 * radius + 1;
        var (sin, cos) = Math.SinCos(angle);
        var weights = new float[side * side];
        for (var i = 0; i < weights.Length; i++)
        {
            var (dx, dy) = (i % side - radius, i / side - radius);
            var (u, v) = ((dx * cos + dy * sin) / along, (dy * cos - dx * sin) / across);
            weights[i] = (float)Math.Exp(-(u * u + v * v) / 2);
        }
        var channels = x.shape[1];
        var kernel = tensor(weights, [1, 1, side, side]);
        return nn.functional.conv2d(nn.functional.pad(x, [radius, radius, radius, radius], PaddingModes.Reflect),
            (kernel / kernel.sum()).expand(channels, 1, side, side), groups: channels);
    }

    // To a size around the one that is wanted.
    private static Tensor Resized(Tensor x, int size, Round round, Chance chance)
    {
        var (way, larger, smaller) = (chance.Next(), chance.Between(1, round.Largest), chance.Between(round.Smallest, 1));
        var times = way < round.Up ? larger : way < round.Up + round.Down ? smaller : 1;
        return Bicubic.Resize(x, Math.Max(SmallestSize, (int)Math.Round(x.shape[3] > size ? x.shape[3] * times : size * times)));
    }

    private static Tensor Noisy(Tensor x, Round round, Chance chance)
    {
        var (amount, grey) = (chance.Between(LeastNoise, round.Noise) / Bytes * 2, chance.Below(GreyNoise));
        using Scalar deviation = amount;
        return x + randn([1, grey ? 1 : x.shape[1], x.shape[2], x.shape[3]]).mul(deviation);
    }

    private static Tensor Compressed(Tensor x, Chance chance)
    {
        var quality = (int)chance.Between(LeastQuality, MostQuality + 1);
        var (channels, size) = ((int)x.shape[1], (int)x.shape[3]);
        var values = Bicubic.ToBytes(x).contiguous().data<float>().ToArray();
        using var image = new Image<Rgb24>(size, size);
        var plane = size * size;
        byte At(int channel, int place) => (byte)Math.Round((values[channel % channels * plane + place] + 1) * Bytes / 2);
        for (var place = 0; place < plane; place++)
            image[place % size, place / size] = new Rgb24(At(0, place), At(1, place), At(2, place));
        using var file = new MemoryStream();
        image.Save(file, new JpegEncoder { Quality = quality });
        file.Position = 0;
        using var decoded = Image.Load<Rgb24>(file);
        for (var place = 0; place < plane; place++)
        {
            var pixel = decoded[place % size, place / size];
            for (var channel = 0; channel < channels; channel++)
                values[channel * plane + place] = (float)((channel == 0 ? pixel.R : channel == 1 ? pixel.G : pixel.B) / Bytes * 2 - 1);
        }
        return tensor(values, x.shape);
    }

    /// <summary>How much is done to an image in one of the two rounds.</summary>
    private sealed record Round(double Blurs, double Sigma, double Up, double Largest, double Down, double Smallest, double Noise);

    /// <summary>Numbers 0 … 1 for an image, drawn at once.</summary>
    private sealed class Chance
    {
        private const int Most = 32;
        private readonly float[] _numbers = rand(Most).data<float>().ToArray();
        private int _next;

        public double Next() => _numbers[_next++];

        public double Between(double least, double most) => least + Next() * (most - least);

        public bool Below(double probability) => Next() < probability;
    }
}
