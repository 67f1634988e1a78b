using System.Text;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Metadata.Profiles.Xmp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanOnnx.Imaging.Tests;

public class ProvenanceTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [TestCaseSource(typeof(Picture), nameof(Picture.Formats))]
    public void Read_AfterSave_GivesTheSameProvenance(string name)
    {
        Picture.Save(_folder[name], Picture.Full);

        Assert.That(Provenance.Read(_folder[name]), Is.EqualTo(Picture.Full));
    }

    [TestCaseSource(typeof(Picture), nameof(Picture.Formats))]
    public void Save_NothingSaid_MarksThePictureAsGenerated(string name)
    {
        Picture.Save(_folder[name]);

        var bytes = Encoding.UTF8.GetString(File.ReadAllBytes(_folder[name]));
        Assert.That(bytes, Does.Contain(
            "Iptc4xmpExt:DigitalSourceType=\"http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia\""));
        Assert.That(bytes, Does.Match("xmp:CreatorTool=\"GanOnnx [0-9]+\\.[0-9]+\\.[0-9]+\""));
    }

    [TestCaseSource(typeof(Picture), nameof(Picture.Formats))]
    public void Save_WhatXmlCantHold_IsReplaced(string name)
    {
        Picture.Save(_folder[name], Picture.Full with { Model = "a\uffffb\ufffec\ud800d\udc00e\u0001f\e[31m😀" });

        Assert.That(Provenance.Read(_folder[name])!.Model, Is.EqualTo("a\ufffdb\ufffdc\ufffdd\ufffde f [31m😀"));
    }

    // Where readers look for it: after the file's header, under the format's own name for XMP.
    [TestCase("a.png", "iTXtXML:com.adobe.xmp\0\0\0\0\0<?xpacket")]
    [TestCase("a.jpg", "http://ns.adobe.com/xap/1.0/\0<?xpacket")]
    [TestCase("a.webp", "XMP ")]
    [TestCase("a.gif", "\u0021\u00ff\u000bXMP DataXMP<?xpacket")]
    public void Save_EveryFormat_PutsThePacketWhereReadersLook(string name, string marker)
    {
        Picture.Save(_folder[name]);

        Assert.That(Encoding.Latin1.GetString(File.ReadAllBytes(_folder[name])), Does.Contain(marker));
    }

    [Test]
    public void Save_Webp_AnnouncesThePacketInItsHeader()
    {
        const byte XmpFlag = 0x04;
        Picture.Save(_folder["a.webp"]);

        var bytes = File.ReadAllBytes(_folder["a.webp"]);
        Assert.That(bytes[12..16], Is.EqualTo("VP8X"u8.ToArray()));
        Assert.That(bytes[20] & XmpFlag, Is.EqualTo(XmpFlag));
    }

    [TestCaseSource(typeof(Picture), nameof(Picture.Formats))]
    public void Save_ProvenanceNull_WritesNone(string name)
    {
        Picture.Save(_folder[name], null);

        Assert.That(Encoding.Latin1.GetString(File.ReadAllBytes(_folder[name])), Does.Not.Contain("xpacket"));
        Assert.That(Provenance.Read(_folder[name]), Is.Null);
    }

    [Test]
    public void Save_Image_KeepsItsOwnMetadata()
    {
        var own = new XmpProfile("<own/>"u8.ToArray());
        using var image = new Image<Rgb24>(4, 4);
        image.Metadata.XmpProfile = own;

        ImageFile.Save(image, _folder["a.png"]);

        Assert.That(image.Metadata.XmpProfile, Is.SameAs(own));
    }

    [Test]
    public void Save_ControlCharactersInAName_BecomeSpaces()
    {
        Picture.Save(_folder["a.png"], new Provenance { Model = "a\u0001b\nc" });

        Assert.That(Provenance.Read(_folder["a.png"])?.Model, Is.EqualTo("a b c"));
    }

    [TestCaseSource(typeof(Picture), nameof(Picture.Formats))]
    public void Save_ProvenanceTooLong_SaysSo(string name) =>
        Assert.That(
            () => Picture.Save(_folder[name], new Provenance { Seeds = new string('1', 70_000) }),
            Throws.TypeOf<ImageException>().With.Message.Contains("Ask for less at a time: its seeds and prompts are in it."));

    // Elements with text, elements that point, and padding, as other programs write them.
    [TestCase("<Iptc4xmpExt:DigitalSourceType>SOURCE</Iptc4xmpExt:DigitalSourceType>", "")]
    [TestCase("<Iptc4xmpExt:DigitalSourceType rdf:resource='SOURCE'/>", "\n   \n<?xpacket end='w'?>")]
    public void Read_PacketOfAnotherProgram_FindsTheSourceType(string property, string end)
    {
        SaveXmp(
            "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>" +
            "<rdf:Description rdf:about='' xmlns:Iptc4xmpExt='http://iptc.org/std/Iptc4xmpExt/2008-02-29/'>" +
            property.Replace("SOURCE", Provenance.CompositeWithTrainedAlgorithmicMedia) +
            "</rdf:Description></rdf:RDF></x:xmpmeta>" + end);

        Assert.That(Provenance.Read(_folder["a.png"]), Is.EqualTo(new Provenance
        {
            DigitalSourceType = Provenance.CompositeWithTrainedAlgorithmicMedia,
            CreatorTool = null,
        }));
    }

    [TestCase("no XML at all")]
    [TestCase("<x:xmpmeta xmlns:x='adobe:ns:meta/'><unrelated/></x:xmpmeta>")]
    [TestCase("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>")]
    public void Read_PacketWithoutProvenance_IsNull(string xmp)
    {
        SaveXmp(xmp);

        Assert.That(Provenance.Read(_folder["a.png"]), Is.Null);
    }

    /// <summary>Taking in such a document takes a time that grows with the square of the depth: minutes for a hundred thousand.</summary>
    [TestCase(30, "7")]
    [TestCase(100, null)]
    [TestCase(200_000, null)]
    public void Read_PacketNestedAsNoXmpIs_IsNull(int depth, string? seeds)
    {
        var description = $"<rdf:Description xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:gan='https://ganonnx.org/ns/1.0/' gan:Seeds='7'/>";
        SaveXmp(string.Concat(Enumerable.Repeat("<a>", depth)) + description + string.Concat(Enumerable.Repeat("</a>", depth)));

        Assert.That(Provenance.Read(_folder["a.png"])?.Seeds, Is.EqualTo(seeds));
    }

    [Test]
    public void Read_TextFile_Throws() =>
        Assert.That(() => Provenance.Read(Fixture.Path("text.png")), Throws.TypeOf<ImageException>());

    [Test]
    public void Read_MissingFile_Throws() =>
        Assert.That(
            () => Provenance.Read("no/such.png"),
            Throws.TypeOf<ImageException>().With.Message.StartsWith("'no/such.png' can't be read: "));

    private void SaveXmp(string packet)
    {
        using var image = new Image<Rgb24>(4, 4);
        image.Metadata.XmpProfile = new XmpProfile(Encoding.UTF8.GetBytes(packet));
        ImageFile.Save(image, _folder["a.png"], new ImageSaveOptions { Provenance = null });
    }
}
