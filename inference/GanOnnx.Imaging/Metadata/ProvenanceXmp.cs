using System.Reflection;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using SixLabors.ImageSharp.Metadata.Profiles.Xmp;

namespace GanOnnx.Imaging.Metadata;

/// <summary>A provenance as an XMP packet (ISO 16684-1): one rdf:Description whose attributes are the properties.</summary>
internal static class ProvenanceXmp
{
    private static readonly XNamespace _x = "adobe:ns:meta/";
    private static readonly XNamespace _rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
    private static readonly XNamespace _xmp = "http://ns.adobe.com/xap/1.0/";
    private static readonly XNamespace _iptc = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/";
    private static readonly XNamespace _gan = "https://ganonnx.org/ns/1.0/";

    private static readonly XName _digitalSourceType = _iptc + "DigitalSourceType";
    private static readonly XName _creatorTool = _xmp + "CreatorTool";
    // The other properties are ours, and called as they are here.
    private static readonly PropertyInfo[] _ours = [.. typeof(Provenance).GetProperties()
        .Where(property => property.Name is not (nameof(Provenance.DigitalSourceType) or nameof(Provenance.CreatorTool)))];

    // A JPEG segment holds 65,502 bytes of XMP.
    private const int Longest = 65_000;

    // Documents of elements within elements take a time that grows with the square of the depth.
    private const int Deepest = 64;

    /// <exception cref="ImageException">It is too long for an image file.</exception>
    public static XmpProfile ToProfile(Provenance provenance)
    {
        var packet = Write(provenance);
        return packet.Length <= Longest
            ? new XmpProfile(packet)
            : throw new ImageException(
                $"The provenance takes {packet.Length:N0} bytes, more than the {Longest:N0} that fit into an image file. Ask "
                    + "for less at a time: its seeds and prompts are in it.");
    }

    private static byte[] Write(Provenance provenance)
    {
        var description = new XElement(
            _rdf + "Description",
            new XAttribute(_rdf + "about", ""),
            new XAttribute(XNamespace.Xmlns + "xmp", _xmp),
            new XAttribute(XNamespace.Xmlns + "Iptc4xmpExt", _iptc),
            new XAttribute(XNamespace.Xmlns + "gan", _gan),
            Property(_digitalSourceType, provenance.DigitalSourceType),
            Property(_creatorTool, provenance.CreatorTool),
            _ours.Select(property => Property(_gan + property.Name, (string?)property.GetValue(provenance))));
        var packet = new XElement(
            _x + "xmpmeta",
            new XAttribute(XNamespace.Xmlns + "x", _x),
            new XElement(_rdf + "RDF", new XAttribute(XNamespace.Xmlns + "rdf", _rdf), description));
        return Encoding.UTF8.GetBytes(
            $"<?xpacket begin=\"\uFEFF\" "
                + $"id=\"W5M0MpCehiHzreSzNTczkc9d\"?>{packet.ToString(SaveOptions.DisableFormatting)}<?xpacket end=\"r\"?>");
    }

    /// <summary>Null where the packet isn't XML, is nested as no XMP is, or says nothing about the origin.</summary>
    public static Provenance? Read(byte[] packet)
    {
        XDocument document;
        try
        {
            // Other programs pad packets with spaces or zeros.
            var text = Encoding.UTF8.GetString(packet).Trim('\uFEFF', '\0', ' ', '\r', '\n');
            using (var elements = Open(text))
                while (elements.Read())
                    if (elements.Depth > Deepest)
                        return null;
            using var reader = Open(text);
            document = XDocument.Load(reader);
        }
        catch (XmlException)
        {
            return null;
        }

        var descriptions = document.Descendants(_rdf + "Description").ToList();
        var provenance = new Provenance
        {
            DigitalSourceType = Find(_digitalSourceType),
            CreatorTool = Find(_creatorTool),
        };
        foreach (var property in _ours)
            property.SetValue(provenance, Find(_gan + property.Name));
        return provenance == new Provenance { DigitalSourceType = null, CreatorTool = provenance.CreatorTool } ? null : provenance;

        // A property may be an attribute, an element with text, or an element that points (rdf:resource).
        string? Find(XName name) => descriptions
            .Select(d => d.Attribute(name)?.Value ?? d.Element(name)?.Attribute(_rdf + "resource")?.Value ?? d.Element(name)?.Value)
            .FirstOrDefault(value => value is not null);
    }

    private static XmlReader Open(string text) =>
        XmlReader.Create(new StringReader(text), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });

    private static XAttribute? Property(XName name, string? value) =>
        value is null ? null : new XAttribute(name, Writable(value));

    /// <summary>A text as a file can have it, wherever else in the file it stands.</summary>
    public static string Writable(string text) => string.Concat(text.EnumerateRunes().Select(Writable));

    // XML has no way to write control characters, U+FFFE and U+FFFF, and a half of a surrogate pair is no character (its rune is U+FFFD).
    private static string Writable(Rune rune) => Rune.IsControl(rune) ? " " : rune.Value is 0xFFFE or 0xFFFF ? "\uFFFD" : rune.ToString();
}
