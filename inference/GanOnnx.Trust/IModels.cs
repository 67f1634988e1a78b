using GanOnnx.Inference;

namespace GanOnnx.Trust;

/// <summary>Where models are looked for.</summary>
internal interface IModels
{
    /// <summary>The model, loaded, whether it makes images, sounds or clips; null where it isn't among them.</summary>
    /// <param name="sha256">Of what is loaded of it, in hexadecimal.</param>
    /// <exception cref="ModelException">It can't be loaded.</exception>
    ImageGenerator? Find(string sha256);

    /// <summary>The file of the model whose SHA-256 begins so; null where it isn't among them.</summary>
    string? PathOf(string beginning);
}
