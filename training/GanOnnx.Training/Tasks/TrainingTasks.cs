using GanOnnx.Training.Tasks.CycleGan;
using GanOnnx.Training.Tasks.NoiseToImage;
using GanOnnx.Training.Tasks.NoiseToSound;
using GanOnnx.Training.Tasks.NoiseToVideo;
using GanOnnx.Training.Tasks.Pix2Pix;
using GanOnnx.Training.Tasks.SuperResolution;

namespace GanOnnx.Training.Tasks;

/// <summary>The kinds of task by name. A new one is a folder beside this file and a line here.</summary>
internal static class TrainingTasks
{
    /// <summary>The catalog.</summary>
    public static Catalog<ITaskKind> Catalog { get; } = new("task")
    {
        ["generate"] = new NoiseToImageKind(),
        ["pix2pix"] = new Pix2PixKind(),
        ["cyclegan"] = new CycleGanKind(),
        ["super-resolution"] = new SuperResolutionKind(adversarial: false),
        ["srgan"] = new SuperResolutionKind(adversarial: true),
        ["wavegan"] = new NoiseToSoundKind(),
        ["mocogan"] = new NoiseToVideoKind(),
    };

    /// <summary>The numbers that networks have for themselves, each with the task and the network that has it.</summary>
    public static IEnumerable<(string Task, string Network, TrainingOption Option)> NetworkOptions =>
        from name in Catalog.Names
        let kind = Catalog[name]
        from architecture in kind.Architectures
        from option in kind.OptionsOf(architecture.Name)
        select (name, architecture.Name, option);

    /// <summary>The numbers that the networks chosen by options have for themselves.</summary>
    public static IReadOnlyList<TrainingOption> NetworkOptionsOf(TrainingOptions options) =>
        Catalog.Find(options.Task)?.OptionsOf(options.Architecture) ?? [];

    /// <summary>The networks that the tasks train, each once, with the tasks that have it.</summary>
    public static IEnumerable<OptionChoice> Networks =>
        from name in Catalog.Names
        from architecture in Catalog[name].Architectures
        group name by architecture into tasks
        select tasks.Key with { Tasks = [.. tasks] };

    /// <summary>The kind that options ask for. Only for valid options.</summary>
    public static ITaskKind Of(TrainingOptions options) => Catalog[options.Task];
}
