using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;
using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Benchmarks.Trust.Detector;

/// <summary>Which pictures of a source are for what: three quarters to learn from, an eighth to calibrate by, an eighth to be tried
/// on.</summary>
internal enum DetectorPart
{
    Learn,
    Calibrate,
    Try,
}

/// <summary>What the network said of a picture.</summary>
/// <param name="Made">Whether it was generated.</param>
/// <param name="Probability">That it was.</param>
/// <param name="Familiarity">That it is of a kind that was learnt from.</param>
internal readonly record struct Judged(bool Made, double Probability, double Familiarity);

/// <summary>Trains a detector and calibrates it.</summary>
internal static class DetectorTraining
{
    private const int BatchSize = 64, Side = 32, StrangersEvery = 4;
    private const double Rate = 2e-3;

    public static DetectorNetwork Train(IReadOnlyList<DetectorSource> sources, int steps)
    {
        var network = new DetectorNetwork();
        network.train();
        var random = new Random(1);
        using var optimizer = optim.Adam(network.parameters(), Rate);
        var (values, labels, known) = (new float[BatchSize * 3 * Side * Side], new float[BatchSize], new float[BatchSize]);
        for (var step = 0; step < steps; step++)
        {
            using var scope = NewDisposeScope();
            foreach (var group in optimizer.ParamGroups)
                group.LearningRate = Rate * (1 - (double)step / steps);
            for (var i = 0; i < BatchSize; i++)
            {
                var isKnown = i % StrangersEvery > 0;
                // Sources and sides alike, however many pictures they have.
                var (source, isMade) = (sources[random.Next(sources.Count)], random.Next(2) == 1);
                var all = isMade ? source.Made : source.Real;
                using var drawn = isKnown ? null : DetectorStrangers.Draw(random);
                using var picture = DetectorPictures.Encoded(drawn ?? all[Places(all.Count, DetectorPart.Learn, random)], random);
                DetectorPictures.CopyTo(picture, random.Next(picture.Width - Side + 1), random.Next(picture.Height - Side + 1), Side, Side,
                    values.AsSpan(i * 3 * Side * Side));
                (labels[i], known[i]) = (isMade ? 1 : 0, isKnown ? 1 : 0);
            }
            var scores = network.Scores(tensor(values, [BatchSize, 3, Side, Side])).Tensor;
            // Of strangers it isn't asked whether they were generated.
            var mask = tensor(known);
            var loss = nn.functional.binary_cross_entropy_with_logits(scores.select(1, 0), tensor(labels), weight: mask)
                + nn.functional.binary_cross_entropy_with_logits(scores.select(1, 1), mask);
            optimizer.zero_grad();
            loss.backward();
            optimizer.step();
        }
        network.eval();
        Calibrate(network, sources);
        return network;
    }

    /// <summary>What it says of a part of the pictures, or of all, whole and encoded as pictures come.</summary>
    public static List<Judged> Judge(DetectorNetwork network, DetectorSource source, DetectorPart? part = null)
    {
        var random = new Random(2);
        var judged = new List<Judged>();
        foreach (var isMade in (bool[])[true, false])
            foreach (var picture in Of(isMade ? source.Made : source.Real, part))
            {
                using var scope = NewDisposeScope();
                using var noGrad = no_grad();
                using var encoded = DetectorPictures.Encoded(picture, random);
                var outputs = network.forward([Whole(encoded)]);
                judged.Add(new(isMade, outputs[0].Tensor.item<float>(), outputs[1].Tensor.item<float>()));
            }
        return judged;
    }

    // Two numbers by which scores become probabilities (J. Platt, 1999).
    private static void Calibrate(DetectorNetwork network, IReadOnlyList<DetectorSource> sources)
    {
        using var noGrad = no_grad();
        var random = new Random(3);
        List<(double Score, bool Made)> scores = [];
        foreach (var source in sources)
            foreach (var isMade in (bool[])[true, false])
                foreach (var picture in Of(isMade ? source.Made : source.Real, DetectorPart.Calibrate))
                {
                    using var scope = NewDisposeScope();
                    using var encoded = DetectorPictures.Encoded(picture, random);
                    scores.Add((network.Scores(Whole(encoded)).Tensor[0, 0].item<float>(), isMade));
                }
        var (slope, shift) = Platt(scores);
        network.Calibrate(slope, shift);
    }

    // Newton's method on the likelihood; ten steps are plenty for two numbers.
    private static (double Slope, double Shift) Platt(IReadOnlyList<(double Score, bool Made)> scores)
    {
        var (a, b) = (1.0, 0.0);
        for (var step = 0; step < 50; step++)
        {
            var (ga, gb, haa, hab, hbb) = (0.0, 0.0, 1e-6, 0.0, 1e-6);
            foreach (var (score, made) in scores)
            {
                var p = 1 / (1 + Math.Exp(-(a * score + b)));
                var (error, weight) = (p - (made ? 1 : 0), p * (1 - p));
                (ga, gb) = (ga + error * score, gb + error);
                (haa, hab, hbb) = (haa + weight * score * score, hab + weight * score, hbb + weight);
            }
            var determinant = haa * hbb - hab * hab;
            (a, b) = (a - (hbb * ga - hab * gb) / determinant, b - (haa * gb - hab * ga) / determinant);
        }
        return (a, b);
    }

    private static IEnumerable<Image<Rgb24>> Of(IReadOnlyList<Image<Rgb24>> all, DetectorPart? part) =>
        all.Where((_, i) => part is null || PartOf(i) == part);

    private static DetectorPart PartOf(int place) => (place % 8) switch
    {
        6 => DetectorPart.Calibrate,
        7 => DetectorPart.Try,
        _ => DetectorPart.Learn,
    };

    private static int Places(int count, DetectorPart part, Random random)
    {
        int place;
        do
            place = random.Next(count);
        while (PartOf(place) != part);
        return place;
    }

    private static Tensor Whole(Image<Rgb24> picture)
    {
        var values = new float[3 * picture.Width * picture.Height];
        DetectorPictures.CopyTo(picture, 0, 0, picture.Width, picture.Height, values);
        return tensor(values, [1, 3, picture.Height, picture.Width]);
    }
}
