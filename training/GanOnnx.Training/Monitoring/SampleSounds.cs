using System.IO.Enumeration;
using GanOnnx.Audio;
using GanOnnx.Data;
using GanOnnx.Imaging;
using GanOnnx.Inference;

namespace GanOnnx.Training.Monitoring;

/// <summary>A tick's samples as one WAV file, one after the other.</summary>
internal static class SampleSounds
{
    /// <summary>The names of the files.</summary>
    public const string Pattern = "kimg-*.wav";

    /// <summary>The file of real recordings beside those of samples.</summary>
    public const string RealsName = "reals.wav";

    /// <summary>Saves samples under the number of images seen.</summary>
    public static void Save(string run, long images, SoundBatch sounds, TrainingOptions options) =>
        Save(run, $"kimg-{Tick.ToKimg(images):000000}.wav", sounds, new Provenance { Model = options.Architecture, Seeds = $"{options.Seed}" });

    /// <summary>Saves real recordings.</summary>
    public static void SaveReals(string run, SoundBatch sounds) =>
        Save(run, RealsName, sounds, new Provenance { DigitalSourceType = SampleGrid.Composite });

    private static void Save(string run, string name, SoundBatch sounds, Provenance provenance)
    {
        var folder = Path.Combine(run, SampleGrid.FolderName);
        var wav = SoundFile.Encode(SoundFile.Join(sounds), 0, provenance);
        RunFolder.MakeInside(folder);
        OwnFile.Write(Path.Combine(folder, name), IsOne, stream => stream.Write(wav));
    }

    // Its provenance names this program, but no model's file as that of gan generate does.
    private static bool IsOne(string path)
    {
        try
        {
            return (Path.GetFileName(path) == RealsName || FileSystemName.MatchesSimpleExpression(Pattern, Path.GetFileName(path)))
                && SoundFile.ReadProvenance(path) is { CreatorTool: { } tool, ModelSha256: null }
                && tool.StartsWith($"{RunDescription.Program} ", StringComparison.Ordinal);
        }
        catch (SoundException)
        {
            return false;
        }
    }
}
