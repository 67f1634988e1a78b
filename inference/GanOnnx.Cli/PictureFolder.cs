using GanOnnx.CommandLine;
using GanOnnx.ContentCredentials;
using GanOnnx.Imaging;
using GanOnnx.Inference;
using SixLabors.ImageSharp;

namespace GanOnnx.Cli;

/// <summary>
/// A folder that a verb fills with pictures. Their names are ours, not the user's, so one that is there is replaced only if
/// it says that it is ours.
/// </summary>
internal sealed class PictureFolder
{
    private readonly string _folder;
    private readonly PictureWriter _writer;
    private bool _isThere;

    /// <param name="folder">The folder, which is made with the first picture.</param>
    /// <param name="paths">The pictures' files.</param>
    /// <param name="writer">Encodes and signs them.</param>
    /// <exception cref="UsageException">Something else is in the place of one.</exception>
    public PictureFolder(string folder, IEnumerable<string> paths, PictureWriter writer)
    {
        (_folder, _writer) = (folder, writer);
        GeneratedFile.Check(paths);
    }

    /// <summary>Writes a picture.</summary>
    /// <exception cref="InvalidOperationException">The folder was removed since the first one.</exception>
    public void Save(Image image, string path, Provenance? provenance, Ingredient? input = null)
    {
        var picture = _writer.Encode(image, path, provenance, input);
        try
        {
            ImageFile.Write(path, stream => stream.Write(picture), makeFolder: !_isThere);
        }
        catch (ImageException) when (_isThere && !Directory.Exists(_folder))
        {
            throw new InvalidOperationException($"The folder '{_folder}' was removed while pictures were written there.");
        }
        _isThere = true;
    }
}
