using System.IO.Compression;
using System.Xml.Linq;

namespace GanOnnx.Packages.Tests;

/// <summary>A folder of packages.</summary>
internal sealed class LocalFeed(string folder)
{
    private static readonly XNamespace _nuspec = "http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd";

    public string Folder => folder;

    /// <summary>The package of that name.</summary>
    public ZipArchive Open(string id, string extension) =>
        ZipFile.OpenRead(Directory.GetFiles(folder, $"{id}.*{extension}")
            .Single(file => char.IsDigit(Path.GetFileName(file)[id.Length + 1])));

    /// <summary>What a package depends on, with the least version.</summary>
    public Dictionary<string, string> Dependencies(string id) => Nuspec(id).Descendants(_nuspec + "dependency")
        .ToDictionary(d => (string)d.Attribute("id")!, d => (string)d.Attribute("version")!);

    /// <summary>What a package says about itself.</summary>
    public XElement Nuspec(string id)
    {
        using var package = Open(id, ".nupkg");
        using var stream = package.GetEntry($"{id}.nuspec")!.Open();
        return XElement.Load(stream).Element(_nuspec + "metadata")!;
    }
}
