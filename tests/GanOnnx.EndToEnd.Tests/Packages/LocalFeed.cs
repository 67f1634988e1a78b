using System.IO.Compression;
using System.Xml.Linq;

namespace GanOnnx.EndToEnd.Tests.Packages;

/// <summary>A folder of packages, and packages written by hand into it.</summary>
internal sealed class LocalFeed(string folder)
{
    private static readonly XNamespace _nuspec = "http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd";

    public string Folder => folder;

    /// <summary>A package of files that were built here, as the published one of that name would hold them.</summary>
    /// <param name="id">Its name.</param>
    /// <param name="version">Its version.</param>
    /// <param name="place">Where the files go: <c>lib/net10.0</c>, or <c>runtimes/linux-x64/native</c>.</param>
    /// <param name="files">Names in the tests' own folder.</param>
    /// <param name="dependencies">Names and versions.</param>
    public void Add(string id, string version, string place, string[] files, params (string Id, string Version)[] dependencies)
    {
        using var package = ZipFile.Open(Path.Combine(folder, $"{id}.{version}.nupkg"), ZipArchiveMode.Create);
        foreach (var file in files)
            package.CreateEntryFromFile(Path.Combine(AppContext.BaseDirectory, file), $"{place}/{file}", CompressionLevel.Fastest);
        using var nuspec = package.CreateEntry($"{id}.nuspec").Open();
        new XElement(_nuspec + "package", new XElement(_nuspec + "metadata",
            new XElement(_nuspec + "id", id),
            new XElement(_nuspec + "version", version),
            new XElement(_nuspec + "authors", "test"),
            new XElement(_nuspec + "description", "A stand-in, for a test alone."),
            new XElement(_nuspec + "dependencies", new XElement(_nuspec + "group", new XAttribute("targetFramework", "net10.0"), dependencies.Select(d =>
                new XElement(_nuspec + "dependency", new XAttribute("id", d.Id), new XAttribute("version", d.Version))))))).Save(nuspec);
    }

    /// <summary>The package of that name.</summary>
    public ZipArchive Open(string id, string extension) =>
        ZipFile.OpenRead(Directory.GetFiles(folder, $"{id}.*{extension}").Single(file => char.IsDigit(Path.GetFileName(file)[id.Length + 1])));

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
