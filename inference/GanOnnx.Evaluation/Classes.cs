namespace GanOnnx.Evaluation;

/// <summary>What a classifier recognises in images.</summary>
/// <param name="Effective">The exponential of the entropy of the classes recognised: from 1, where all images are of one class, to the
/// number of classes, where they are even.</param>
/// <param name="Score">The inception score computed with this classifier (Salimans et al. 2016, https://arxiv.org/abs/1606.03498), from 1 to
/// the number of classes; with Inception's 1,000 classes it is another number.</param>
/// <param name="Obeyed">The share of images in which the class asked for is recognised; null where none was asked for.</param>
/// <param name="RealAccuracy">The share of real images that the classifier didn't learn from in which it recognises their class; null where its
/// file doesn't say it.</param>
/// <param name="All">Class by class.</param>
public sealed record ClassResults(double Effective, double Score, double? Obeyed, double? RealAccuracy, IReadOnlyList<ClassResult> All);

/// <summary>One class's figures, as shares from 0 to 1.</summary>
/// <param name="Name">The class.</param>
/// <param name="Share">The images recognised as this class.</param>
/// <param name="Accuracy">Of the images asked for as this class, those recognised as it; null where none was asked for.</param>
/// <param name="RealAccuracy">The same of real images that the classifier didn't learn from; null where its file doesn't say it.</param>
/// <param name="TakenFor">What the others of those asked for as this class are taken for, the most frequent first.</param>
public sealed record ClassResult(string Name, double Share, double? Accuracy, double? RealAccuracy, IReadOnlyList<ClassShare> TakenFor);

/// <summary>A class and its share, from 0 to 1.</summary>
public sealed record ClassShare(string Name, double Share);

/// <summary>Counts what is recognised.</summary>
internal static class ClassCounting
{
    /// <param name="classifier">The classifier.</param>
    /// <param name="scores">Its scores of each image.</param>
    /// <param name="asked">The classifier's class that was asked for with each, or −1.</param>
    public static ClassResults Of(ImageClassifier classifier, FeatureSet scores, IReadOnlyList<int> asked)
    {
        var classes = classifier.Classes.Count;
        var (recognised, confusion, sums, entropy) = (new int[classes], Square(classes), new double[classes], 0.0);
        for (var i = 0; i < scores.Count; i++)
        {
            var shares = Softmax(scores[i]);
            var found = Array.IndexOf(shares, shares.Max());
            recognised[found]++;
            if (asked[i] >= 0)
                confusion[asked[i]][found]++;
            for (var j = 0; j < classes; j++)
                sums[j] += shares[j];
            entropy += Entropy(shares);
        }
        var real = classifier.Description?.Confusion;
        var isAsked = asked.Any(label => label >= 0);
        return new(
            Math.Exp(Entropy([.. recognised.Select(count => (double)count / scores.Count)])),
            Math.Exp(Entropy([.. sums.Select(sum => sum / scores.Count)]) - entropy / scores.Count),
            isAsked ? Accuracy(confusion) : null,
            real is null ? null : Accuracy(real),
            [
                .. classifier.Classes.Select((name, i) => new ClassResult(name, (double)recognised[i] / scores.Count,
                    isAsked ? Share(confusion[i], i) : null, real is null ? null : Share(real[i], i),
                    isAsked ? TakenFor(classifier.Classes, confusion[i], i) : [])),
            ]);
    }

    private static int[][] Square(int classes) => [.. Enumerable.Range(0, classes).Select(_ => new int[classes])];

    private static double[] Softmax(ReadOnlySpan<float> scores)
    {
        var shares = new double[scores.Length];
        var largest = float.MinValue;
        foreach (var score in scores)
            largest = Math.Max(largest, score);
        for (var i = 0; i < shares.Length; i++)
            shares[i] = Math.Exp(scores[i] - largest);
        var sum = shares.Sum();
        return Array.ConvertAll(shares, share => share / sum);
    }

    private static double Entropy(double[] shares) => -shares.Where(share => share > 0).Sum(share => share * Math.Log(share));

    private static double Accuracy(int[][] confusion) =>
        confusion.Sum(row => row.Sum()) is > 0 and var all ? (double)confusion.Select((row, i) => row[i]).Sum() / all : 0;

    private static double? Share(int[] row, int column) => row.Sum() is > 0 and var total ? (double)row[column] / total : null;

    private static ClassShare[] TakenFor(IReadOnlyList<string> names, int[] row, int own) =>
    [
        .. names.Select((name, j) => new ClassShare(name, j == own ? 0 : Share(row, j) ?? 0))
            .Where(other => other.Share > 0).OrderByDescending(other => other.Share),
    ];
}
