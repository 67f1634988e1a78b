namespace GanOnnx.ML;

/// <summary>What a column of images holds.</summary>
public enum PixelType
{
    /// <summary><c>Vector&lt;Single, C, H, W&gt;</c>, −1 to 1: what models work on.</summary>
    Single,

    /// <summary><c>Vector&lt;Byte, H, W, C&gt;</c>, 0 to 255: what image files hold.</summary>
    Byte,
}
