using System.Xml.Linq;

namespace GanOnnx.Tests.Shared;

/// <summary>Directory.Packages.props: which version of each published package the product is written against.</summary>
internal static class Versions
{
    private static readonly XElement _props = XElement.Load(Path.Combine(Repository.Root, "Directory.Packages.props"));

    public static string Of(string package)
    {
        var version = (string)_props.Descendants("PackageVersion").Single(p => (string?)p.Attribute("Include") == package)
            .Attribute("Version")!;
        return version.StartsWith("$(", StringComparison.Ordinal) ? _props.Descendants(version[2..^1]).Single().Value : version;
    }
}
