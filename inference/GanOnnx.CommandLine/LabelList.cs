using GanOnnx.Inference;

namespace GanOnnx.CommandLine;

/// <summary>Classes of a model, as they are asked for: by name or number, several with commas, or <c>all</c>.</summary>
public static class LabelList
{
    /// <param name="text">What was asked for.</param>
    /// <param name="model">The model.</param>
    /// <param name="asked">What the value is called, for a sentence.</param>
    /// <exception cref="UsageException">All are asked for, and the model doesn't say which there are.</exception>
    /// <exception cref="ModelException">There is no such class.</exception>
    public static IReadOnlyList<int> Find(string text, ModelDescription model, string asked)
    {
        // A class may be called all, or have a comma in its name.
        if (!model.IsConditional || model.Classes.Contains(text, StringComparer.OrdinalIgnoreCase))
            return [model.FindLabel(text)];
        return text.Equals("all", StringComparison.OrdinalIgnoreCase) ? All(model, asked)
            : [.. text.Split(',', StringSplitOptions.TrimEntries).Select(model.FindLabel)];
    }

    /// <summary>Those of all classes.</summary>
    /// <exception cref="UsageException">The model doesn't say which there are.</exception>
    public static IReadOnlyList<int> All(ModelDescription model, string asked) => model.Classes.Count > 0
        ? [.. Enumerable.Range(0, model.Classes.Count)]
        : throw new UsageException($"'{model.Path}' doesn't say which classes it has; give them by number, as {asked} 0,1,2.");
}
