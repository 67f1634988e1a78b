namespace GanOnnx.Evaluation.Tests.Fixtures;

/// <summary>The sets of <c>metrics.py</c>, which computes their figures with numpy.</summary>
internal static class Sets
{
    private static readonly Dictionary<string, (FeatureSet Real, FeatureSet Generated)> _all = new()
    {
        ["random"] = (Features(300, 6, 1), Features(200, 6, 2)),
        ["same distribution, other scale"] = (Features(250, 4, 3), Features(250, 4, 4, 0.7)),
        ["shifted"] = (Features(150, 5, 5), Features(180, 5, 6, 1, 0.4)),
        ["fewer images than features"] = (Features(20, 40, 7), Features(15, 40, 8)),
        ["identical"] = (Features(100, 6, 9), Features(100, 6, 9)),
        ["disjoint"] = (Features(100, 3, 10), Features(100, 3, 11, 1, 50)),
        ["a class missing"] = (Features(100, 4, 12, more: Features(100, 4, 13, 1, 6)), Features(150, 4, 14)),
    };

    public static EvaluationSets Of(string name) => new(_all[name].Real, _all[name].Generated);

    /// <summary>Numbers of a linear congruential generator.</summary>
    public static FeatureSet Features(int count, int size, ulong seed, double scale = 1, double shift = 0, FeatureSet? more = null)
    {
        var (state, set) = (seed, new FeatureSet(size));
        var values = new float[count * size];
        for (var i = 0; i < values.Length; i++)
        {
            state = state * 6364136223846793005 + 1442695040888963407;
            values[i] = (float)(((state >> 40) / (double)(1 << 24) - 0.5) * scale + shift);
        }
        set.Add(values);
        for (var i = 0; i < more?.Count; i++)
            set.Add(more[i]);
        return set;
    }
}
