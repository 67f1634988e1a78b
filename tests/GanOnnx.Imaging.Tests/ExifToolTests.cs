namespace GanOnnx.Imaging.Tests;

/// <summary>What ExifTool, an independent program, finds in files of ours.</summary>
public class ExifToolTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [TestCaseSource(typeof(Picture), nameof(Picture.Formats))]
    public void ExifTool_FindsEveryProperty(string name)
    {
        Picture.Save(_folder[name], Picture.Full);

        Assert.That(ExifTool.ReadXmp(_folder[name]), Is.EquivalentTo(new Dictionary<string, string>
        {
            ["XMP-iptcExt:DigitalSourceType"] = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia",
            ["XMP-xmp:CreatorTool"] = Picture.Full.CreatorTool!,
            ["XMP-gan:Model"] = "faces <α> & \"more\"",
            ["XMP-gan:ModelSha256"] = new string('a', 64),
            ["XMP-gan:Seeds"] = "0,4-6",
            ["XMP-gan:Indices"] = "0-63",
            ["XMP-gan:Frames"] = "0-59 of 60, open",
            ["XMP-gan:Label"] = "3",
            ["XMP-gan:Truncation"] = "0.7",
            ["XMP-gan:StyleMix"] = "7-10:3",
            ["XMP-gan:Watermark"] = "normal",
        }));
    }

    [TestCaseSource(typeof(Picture), nameof(Picture.Formats))]
    public void ExifTool_FindsTheMarkThatNobodyAskedFor(string name)
    {
        Picture.Save(_folder[name], new Provenance());

        Assert.That(ExifTool.ReadXmp(_folder[name]).Keys, Is.EquivalentTo(["XMP-iptcExt:DigitalSourceType", "XMP-xmp:CreatorTool"]));
    }

    [TestCaseSource(typeof(Picture), nameof(Picture.Formats))]
    public void ExifTool_FindsNothing_WhereProvenanceIsLeftOut(string name)
    {
        Picture.Save(_folder[name], null);

        Assert.That(ExifTool.ReadXmp(_folder[name]), Is.Empty);
    }

    [TestCaseSource(typeof(Picture), nameof(Picture.Formats))]
    public void ExifTool_FindsNoFault(string name)
    {
        Picture.Save(_folder[name], Picture.Full);

        var report = Tool.Run("exiftool", "-validate", "-warning", "-error", "-s3", "-a", _folder[name]);
        Assert.That(report.Trim(), Is.EqualTo("OK"));
    }

    // The other way round: files that ExifTool marked, as a picture editor would.
    [TestCaseSource(typeof(Picture), nameof(Picture.Formats))]
    public void Read_FileMarkedByExifTool_FindsTheMark(string name)
    {
        Picture.Save(_folder[name], null);

        Tool.Run(
            "exiftool", "-q", "-overwrite_original", "-XMP-iptcExt:DigitalSourceType=" + Provenance.CompositeWithTrainedAlgorithmicMedia,
            "-XMP-xmp:CreatorTool=Another program 1.0", _folder[name]);

        Assert.That(Provenance.Read(_folder[name]), Is.EqualTo(new Provenance
        {
            DigitalSourceType = Provenance.CompositeWithTrainedAlgorithmicMedia,
            CreatorTool = "Another program 1.0",
        }));
    }
}
