using System.Globalization;

namespace GanOnnx.Evaluation;

/// <summary>Which of the data's classes each of a conditional model's labels asks for.</summary>
internal static class ClassMatch
{
    /// <summary>By name: exact, else ignoring case. IDX files number their classes; then equally many classes match in order.</summary>
    /// <returns>For each label the class's number in the data, −1 where there is none.</returns>
    /// <exception cref="EvaluationException">The model doesn't say its classes.</exception>
    public static int[] Find(IReadOnlyList<string> model, IReadOnlyList<string> data)
    {
        if (model.Count == 0)
            throw new EvaluationException("The model takes a label but doesn't say its classes; whether it obeys can't be told without "
                + "their names.");
        int[] matches = [.. model.Select(name => IndexOf(data, name))];
        return matches.Contains(-1) && AreNumbered(model, data) ? [.. Enumerable.Range(0, model.Count)] : matches;
    }

    /// <summary>Whether the data only numbers its classes, as many as the model has.</summary>
    public static bool AreNumbered(IReadOnlyList<string> model, IReadOnlyList<string> data) => model.Count == data.Count
        && data.Select((name, i) => name == i.ToString(CultureInfo.InvariantCulture)).All(numbered => numbered);

    private static int IndexOf(IReadOnlyList<string> names, string name)
    {
        foreach (var comparison in (StringComparison[])[StringComparison.Ordinal, StringComparison.OrdinalIgnoreCase])
            for (var i = 0; i < names.Count; i++)
                if (names[i].Equals(name, comparison))
                    return i;
        return -1;
    }
}
