using System.IO.Enumeration;
using GanOnnx.Data;
using GanOnnx.Imaging;

namespace GanOnnx.Training.Monitoring;

/// <summary>Samples that are no pictures, or real ones beside them, as a file among those pictures.</summary>
/// <param name="extension">What its name ends in, as <c>.wav</c>.</param>
/// <param name="readProvenance">What such a file says of its origin; null of one that says nothing or can't be read.</param>
internal sealed class MediaSamples(string extension, Func<string, Provenance?> readProvenance)
{
    /// <summary>The names of samples' files.</summary>
    public string Pattern => $"kimg-*{extension}";

    /// <summary>The file of real ones beside them.</summary>
    public string RealsName => $"reals{extension}";

    /// <summary>Saves samples under the number of images seen.</summary>
    /// <param name="run">The run's folder.</param>
    /// <param name="images">That number.</param>
    /// <param name="options">The run's.</param>
    /// <param name="encode">Gives the file of what it says of its origin.</param>
    public void Save(string run, long images, TrainingOptions options, Func<Provenance, byte[]> encode) =>
        Save(run, $"kimg-{Tick.ToKimg(images):000000}{extension}",
            encode(new Provenance { Model = options.Architecture, Seeds = $"{options.Seed}" }));

    /// <summary>Saves real ones.</summary>
    /// <inheritdoc cref="Save(string, long, TrainingOptions, Func{Provenance, byte[]})"/>
    public void SaveReals(string run, Func<Provenance, byte[]> encode) =>
        Save(run, RealsName, encode(new Provenance { DigitalSourceType = SampleGrid.Composite }));

    private void Save(string run, string name, byte[] file)
    {
        var folder = Path.Combine(run, SampleGrid.FolderName);
        RunFolder.MakeInside(folder);
        OwnFile.Write(Path.Combine(folder, name), IsOne, stream => stream.Write(file));
    }

    // Its provenance names this program, but no model's file as that of gan generate does.
    private bool IsOne(string path) =>
        (Path.GetFileName(path) == RealsName || FileSystemName.MatchesSimpleExpression(Pattern, Path.GetFileName(path)))
        && readProvenance(path) is { IsOurs: true, ModelSha256: null };
}
