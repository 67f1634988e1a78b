namespace GanOnnx.AspNetCore.Models;

/// <summary>A model's card: <c>README.md</c> in the folder of <c>model.onnx</c>, or the .md file of the same name beside another
/// file.</summary>
internal static class Card
{
    private const int MostBytes = 256 << 10;

    /// <summary>The card's text; null where there is none, or none of a card's size.</summary>
    public static string? Beside(string model)
    {
        var path = Path.GetFileName(model) == "model.onnx"
            ? Path.Combine(Path.GetDirectoryName(model)!, "README.md") : Path.ChangeExtension(model, ".md");
        try
        {
            return new FileInfo(path) is { Exists: true, Length: <= MostBytes } ? File.ReadAllText(path) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
