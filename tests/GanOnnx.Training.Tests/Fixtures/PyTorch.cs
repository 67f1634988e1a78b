using System.Globalization;
using static TorchSharp.torch;

namespace GanOnnx.Training.Tests.Fixtures;

/// <summary>
/// What Python's PyTorch says, written by pytorch.py beside this file: a case's name and its numbers, of large tensors
/// the sums of the elements weighted by sin(0.9 i + 1), by cos(1.7 i) and by 1, which no wrong or misplaced element leaves alone.
/// </summary>
internal static class PyTorch
{
    // float32 against float32 in another order of summing: sums of some 100 elements of size 1, each off by some 1e-7.
    private const double Absolute = 2e-6, Relative = 2e-5;

    /// <summary>Asserts that these tensors' elements are a case's numbers.</summary>
    public static void Check(string name, params Tensor[] results)
    {
        var found = results.SelectMany(Waves.Doubles).ToArray();
        var expected = Rows.Split('\n').Select(row => row.Split('|', StringSplitOptions.TrimEntries)).Single(row => row[0] == name)[1]
            .Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture)).ToArray();
        Assert.That(found, Has.Length.EqualTo(expected.Length));
        Assert.Multiple(() =>
        {
            for (var i = 0; i < found.Length; i++)
                Assert.That(found[i], Is.EqualTo(expected[i]).Within(Absolute + Relative * Math.Abs(expected[i])), $"number {i} of {name}");
        });
    }

    /// <summary>The three sums that stand for a large tensor.</summary>
    public static Tensor Sums(Tensor tensor)
    {
        var values = Waves.Doubles(tensor);
        double Sum(Func<int, double> weight) => values.Select((value, i) => value * weight(i)).Sum();
        return Vector(Sum(i => Math.Sin(0.9 * i + 1)), Sum(i => Math.Cos(1.7 * i)), Sum(_ => 1));
    }

    private static Tensor Vector(params double[] values) => tensor(values, [values.Length]);

    private const string Rows = """
        non-saturating discriminator | 1.539652 -0.01483287 -0.009713674 -0.02329198 -0.09377098 -0.1724849 0.1877305 0.1565628 0.06344201 0.01581719 0.00958968
        non-saturating generator | 1.406242 0 0 0 0 0 -0.01226947 -0.04343724 -0.136558 -0.1841828 -0.1904103
        non-saturating smoothed discriminator | 1.655951 0.005167139 0.01028633 -0.003291976 -0.07377098 -0.1524849 0.1877305 0.1565628 0.06344201 0.01581719 0.00958968
        non-saturating smoothed generator | 1.406242 0 0 0 0 0 -0.01226947 -0.04343724 -0.136558 -0.1841828 -0.1904103
        minimax discriminator | 1.539652 -0.01483287 -0.009713674 -0.02329198 -0.09377098 -0.1724849 0.1877305 0.1565628 0.06344201 0.01581719 0.00958968
        minimax generator | -0.9662591 0 0 0 0 0 -0.1877305 -0.1565628 -0.06344201 -0.01581719 -0.00958968
        minimax smoothed discriminator | 1.655951 0.005167139 0.01028633 -0.003291976 -0.07377098 -0.1524849 0.1877305 0.1565628 0.06344201 0.01581719 0.00958968
        minimax smoothed generator | -0.9662591 0 0 0 0 0 -0.1877305 -0.1565628 -0.06344201 -0.01581719 -0.00958968
        least-squares discriminator | 4.071475 0.3048826 0.3949989 0.2052779 -0.1750516 -0.5671148 0.5455785 0.2564279 -0.1533247 -0.4909663 -0.5976988
        least-squares generator | 3.403012 0 0 0 0 0 0.3455785 0.05642793 -0.3533247 -0.6909663 -0.7976988
        wasserstein discriminator | -1.602976 -0.2 -0.2 -0.2 -0.2 -0.2 0.2 0.2 0.2 0.2 0.2
        wasserstein generator | 0.4399833 0 0 0 0 0 -0.2 -0.2 -0.2 -0.2 -0.2
        hinge discriminator | 1.990848 0 0 0 -0.2 -0.2 0.2 0.2 0.2 0 0
        hinge generator | 0.4399833 0 0 0 0 0 -0.2 -0.2 -0.2 -0.2 -0.2
        relativistic-average discriminator | 0.9836221 -0.07082156 -0.06737558 -0.07665934 -0.1335004 -0.2213061 0.2183342 0.1588734 0.07828175 0.05815102 0.05602255
        relativistic-average generator | 4.189575 0.3291785 0.3326244 0.3233407 0.2664996 0.1786939 -0.1816658 -0.2411266 -0.3217183 -0.341849 -0.3439775
        relativistic-pairing discriminator | 0.2751662 -0.110139 -0.03108015 -0.01154058 -0.01409293 -0.04799122 0.110139 0.03108015 0.01154058 0.01409293 0.04799122
        relativistic-pairing generator | 1.878143 0.08986098 0.1689198 0.1884594 0.1859071 0.1520088 -0.08986098 -0.1689198 -0.1884594 -0.1859071 -0.1520088
        r1 | 1.358687 -0.2378517 -0.01199479 -0.04100665 -0.1455223 -4.955259 -15.44184 -0.4984256 -1.719571 -0.3834776 -0.6422289 -4.099675 -0.6645311 0 0 0 -4.556076 8.234306 15.9029
        r2 | 2.06138 -0.8906823 -0.09745818 -0.8425729 0.5131179 -4.752019 -15.6747 -1.077098 -1.995186 -0.5395329 -0.5656304 -2.446979 -2.765826 0 0 0 -5.714406 12.93379 25.40268
        gradient-penalty | 0.4101488 -0.2226353 -0.04509744 -0.1580878 -0.02951937 -4.357082 -10.73553 -0.05110656 -0.5018796 -0.60111 -0.2419443 -2.980579 -1.677314 0 0 0 -3.553916 4.391858 11.91629
        path-length 1 | 0.005446385 0.388449 -0.2051478 -0.1511582 0.1206968
        path-length 2 | 0.01193607 0.4814275 0.7037435 0.9064699 -0.0900767
        spectral-norm | 0.2988684 0.1331189 0.0136132 -0.5034387 -0.5015187 -0.4990315 -0.4959801 0.6184846 0.1492976 0.02564543
        """;
}
