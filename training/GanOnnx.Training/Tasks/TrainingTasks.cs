using GanOnnx.Training.Tasks.NoiseToImage;

namespace GanOnnx.Training.Tasks;

/// <summary>The kinds of task by name. A new one is a folder beside this file and a line here.</summary>
internal static class TrainingTasks
{
    /// <summary>The catalog.</summary>
    public static Catalog<ITaskKind> Catalog { get; } = new("task")
    {
        ["generate"] = new NoiseToImageKind(),
    };

    /// <summary>The kind that options ask for. Only for valid options.</summary>
    public static ITaskKind Of(TrainingOptions options) => Catalog[options.Task];
}
