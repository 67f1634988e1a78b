using System.Globalization;

namespace GanOnnx.Evaluation.Tests.Fixtures;

/// <summary>What numpy says (1.24.2, <c>metrics.py</c> beside this file): fd, kid, precision, recall, density, coverage.</summary>
internal static class ReferenceFigures
{
    private const string Rows = """
        random | 0.0100996915304 0.00134987014862 0.95 0.92 1.018 0.92
        same distribution, other scale | 0.0334539385686 0.00299520833536 0.992 0.628 1.2784 0.864
        shifted | 0.833610955348 0.587040709266 0.222222222222 0.22 0.145555555556 0.253333333333
        fewer images than features | 3.42789978157 -0.00572320816147 0.866666666667 0.95 1 1
        identical | 6.66133814775e-16 -0.00545925483516 1 1 1 1
        disjoint | 7494.10972279 15610187993.9 0 0 0 0
        a class missing | 68.7110083951 12636.3793372 0.973333333333 0.48 1.10933333333 0.495
        """;

    public static Dictionary<string, double[]> All { get; } = Rows.Split('\n').Select(row => row.Split(" | ")).ToDictionary(
        row => row[0].Trim(), row => row[1].Trim().Split(' ').Select(n => double.Parse(n, CultureInfo.InvariantCulture)).ToArray());
}
