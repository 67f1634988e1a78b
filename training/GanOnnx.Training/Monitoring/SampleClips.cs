using System.IO.Enumeration;
using GanOnnx.Data;
using GanOnnx.Imaging;
using GanOnnx.Imaging.Animation;
using GanOnnx.Inference;

namespace GanOnnx.Training.Monitoring;

/// <summary>A tick's samples as one animation, beside each other.</summary>
internal static class SampleClips
{
    /// <summary>The names of the files.</summary>
    public const string Pattern = "kimg-*.gif";

    /// <summary>The file of real clips beside those of samples.</summary>
    public const string RealsName = "reals.gif";

    /// <summary>How many are shown: of large ones few, so that the page isn't heavy.</summary>
    /// <param name="size">Their height and width in pixels.</param>
    public static int CountOf(int size) => size > 64 ? 4 : 16;

    /// <summary>Saves samples under the number of images seen.</summary>
    public static void Save(string run, long images, VideoBatch clips, TrainingOptions options) =>
        Save(run, $"kimg-{Tick.ToKimg(images):000000}.gif", clips, new Provenance { Model = options.Architecture, Seeds = $"{options.Seed}" });

    /// <summary>Saves real clips.</summary>
    public static void SaveReals(string run, VideoBatch clips) =>
        Save(run, RealsName, clips, new Provenance { DigitalSourceType = SampleGrid.Composite });

    private static void Save(string run, string name, VideoBatch clips, Provenance provenance)
    {
        var folder = Path.Combine(run, SampleGrid.FolderName);
        var gif = ImageAnimation.Encode(ClipAnimation.Grids(clips), clips.FramesPerSecond,
            new ImageAnimationOptions { Provenance = provenance });
        RunFolder.MakeInside(folder);
        OwnFile.Write(Path.Combine(folder, name), IsOne, stream => stream.Write(gif));
    }

    // Its provenance names this program, but no model's file as that of gan generate does.
    private static bool IsOne(string path)
    {
        try
        {
            return (Path.GetFileName(path) == RealsName || FileSystemName.MatchesSimpleExpression(Pattern, Path.GetFileName(path)))
                && Provenance.Read(path) is { CreatorTool: { } tool, ModelSha256: null }
                && tool.StartsWith($"{RunDescription.Program} ", StringComparison.Ordinal);
        }
        catch (ImageException)
        {
            return false;
        }
    }
}
