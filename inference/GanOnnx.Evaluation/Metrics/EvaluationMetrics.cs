namespace GanOnnx.Evaluation;

/// <summary>The metrics by name. A new one is a file beside this one and a line here.</summary>
public static class EvaluationMetrics
{
    private static readonly Catalog<IEvaluationMetric> _catalog = new("metric")
    {
        ["fd"] = new FrechetDistance(),
        ["kid"] = new KernelDistance(),
        ["prdc"] = new PrecisionRecall(),
        ["variety"] = new Variety(),
        ["copies"] = new Copies(),
    };

    /// <summary>The names, in the order they are listed to people.</summary>
    public static IReadOnlyList<string> Names => _catalog.Names;

    /// <summary>The metric of that name.</summary>
    /// <exception cref="KeyNotFoundException">There is none; the message lists those there are.</exception>
    public static IEvaluationMetric Get(string name) => _catalog[name];

    /// <summary>Adds a metric of a program's own.</summary>
    /// <param name="name">Its name: small letters a to z, digits and hyphens.</param>
    /// <param name="metric">The metric.</param>
    /// <exception cref="ArgumentException">The name is taken, or can't be one.</exception>
    public static void Register(string name, IEvaluationMetric metric) => _catalog.Register(name, metric);
}
