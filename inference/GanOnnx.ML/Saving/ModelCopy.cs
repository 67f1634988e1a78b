using GanOnnx.Inference.Runtime;
using GanOnnx.Shared;

namespace GanOnnx.ML.Saving;

/// <summary>A model taken out of a saved pipeline into a file of its own, which goes when it isn't needed any more.</summary>
internal sealed class ModelCopy : IDisposable
{
    private const string Name = "model.onnx";

    // Where this program is killed, the next one of ours removes it.
    private readonly ScratchFolder _folder = new(System.IO.Path.GetTempPath(), Name);
    private readonly FileStream _file;

    public ModelCopy(ModelContent content, SavedSettings settings)
    {
        (Path, Settings) = (System.IO.Path.Combine(_folder.Path, Name), settings);
        try
        {
            File.WriteAllBytes(Path, content.Bytes);
            // Deletes the file also where nobody disposes of this.
            _file = new(Path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1, FileOptions.DeleteOnClose);
        }
        catch
        {
            _folder.Dispose();
            throw;
        }
    }

    public string Path { get; }

    /// <summary>How the column was made.</summary>
    public SavedSettings Settings { get; }

    public void Dispose()
    {
        _file.Dispose();
        _folder.Dispose();
    }
}
