using System.IO.Enumeration;
using GanOnnx.Data;
using GanOnnx.Imaging;
using GanOnnx.Inference;

namespace GanOnnx.Training.Monitoring;

/// <summary>A tick's samples as one picture.</summary>
/// <param name="Png">The picture, as its file.</param>
/// <param name="Deviation">How much the images differ (see <see cref="Figures.SampleDeviation"/>); no finite number where an image isn't
/// one.</param>
internal sealed record SampleGrid(byte[] Png, double Deviation)
{
    public const string FolderName = RunMark.Samples, Pattern = "kimg-*.png";

    /// <summary>The picture of real images beside those of samples.</summary>
    public const string RealsName = "reals.png";

    // IPTC's term for what is put together of several pictures, whatever they are.
    public const string Composite = "http://cv.iptc.org/newscodes/digitalsourcetype/composite";

    /// <summary>Puts images into a picture that says what they are from.</summary>
    public static SampleGrid Draw(ImageBatch images, TrainingOptions options)
    {
        var provenance = new Provenance { Model = options.Architecture, Seeds = $"{options.Seed}" };
        return new SampleGrid(Encode(images, provenance), DeviationOf(images));
    }

    /// <summary>Puts real images into a picture, and saves it.</summary>
    public static void SaveReals(string folder, ImageBatch images)
    {
        var (path, png) = (Path.Combine(folder, RealsName), Encode(images, new Provenance { DigitalSourceType = Composite }));
        RunFolder.MakeInside(folder);
        OwnFile.Write(path, IsReals, stream => stream.Write(png));
    }

    /// <summary>Whether a file is such a picture of real images.</summary>
    public static bool IsReals(string path) => Path.GetFileName(path) == RealsName
        && Marked(path) is { DigitalSourceType: Composite, Model: null };

    /// <summary>Saves the picture under the number of images seen, in a folder that is made if missing, but not those around it.</summary>
    /// <returns>Its path.</returns>
    public string Save(string folder, long images)
    {
        RunFolder.MakeInside(folder);
        var path = Path.Combine(folder, $"kimg-{Tick.ToKimg(images):000000}.png");
        OwnFile.Write(path, IsOne, stream => stream.Write(Png));
        return path;
    }

    /// <summary>Whether a file is such a picture: its provenance names this program and a network, but no model's file as that of <c>gan
    /// generate</c> does.</summary>
    public static bool IsOne(string path)
    {
        return FileSystemName.MatchesSimpleExpression(Pattern, Path.GetFileName(path))
            && Marked(path) is { Model: not null, ModelSha256: null };
    }

    // A picture's provenance where it names this program.
    private static Provenance? Marked(string path)
    {
        try
        {
            return Provenance.Read(path) is { IsOurs: true } provenance ? provenance : null;
        }
        catch (ImageException)
        {
            return null;
        }
    }

    private static byte[] Encode(ImageBatch images, Provenance provenance)
    {
        using var picture = ImageGrid.Compose(images);
        return ImageFile.Encode(picture, ".png", new ImageSaveOptions { Provenance = provenance });
    }

    private static double DeviationOf(ImageBatch batch)
    {
        var length = batch.Values.Length / batch.Count;
        double total = 0;
        for (var i = 0; i < length; i++)
        {
            double sum = 0, squares = 0;
            for (var n = 0; n < batch.Count; n++)
            {
                double value = batch.Values[n * length + i];
                sum += value;
                squares += value * value;
            }
            total += Math.Sqrt(Math.Max(0, squares / batch.Count - sum / batch.Count * (sum / batch.Count)));
        }
        return total / length;
    }
}
