namespace GanOnnx.Training.Evaluation;

/// <summary>Class by class, what was asked for and what was recognised.</summary>
internal static class ClassFigures
{
    /// <summary>The figures of each of the data's classes.</summary>
    public static IReadOnlyList<ClassResult> Of(ClassifierInfo real, ClassifierFigures generated, bool asked) =>
    [
        .. real.Classes.Select((name, i) => new ClassResult(
            name,
            (double)generated.Recognised[i] / generated.Count,
            (double)real.ClassCounts[i] / real.ClassCounts.Sum(),
            asked ? Share(generated.Confusion[i], i) : null,
            Share(real.Confusion[i], i),
            asked ? TakenFor(real.Classes, generated.Confusion[i], i) : [])),
    ];

    /// <summary>The share of all images that are recognised as what they are.</summary>
    public static double Accuracy(int[][] confusion) =>
        (double)confusion.Select((row, i) => row[i]).Sum() / confusion.Sum(row => row.Sum());

    /// <summary>The exponential of the entropy: how many classes there would be if all that are there were equally frequent.</summary>
    public static double EffectiveNumber(int[] counts)
    {
        double total = counts.Sum();
        return Math.Exp(-counts.Where(count => count > 0).Sum(count => count / total * Math.Log(count / total)));
    }

    private static double? Share(int[] row, int column) => row.Sum() is > 0 and var total ? (double)row[column] / total : null;

    private static IReadOnlyList<ClassShare> TakenFor(IReadOnlyList<string> names, int[] row, int own) =>
    [
        .. names.Select((name, j) => new ClassShare(name, j == own ? 0 : Share(row, j) ?? 0))
            .Where(other => other.Share > 0).OrderByDescending(other => other.Share),
    ];
}
