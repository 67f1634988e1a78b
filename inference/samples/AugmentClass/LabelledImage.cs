namespace AugmentClass;

/// <summary>A row to train on.</summary>
internal sealed class LabelledImage
{
    public string Label { get; set; } = "";

    /// <summary><c>[C, H, W]</c>, −1 … 1.</summary>
    public float[] Image { get; set; } = [];

    /// <summary>Keeps generated rows apart: they belong into training data only, never into what a model is measured on.</summary>
    public bool IsGenerated { get; set; }
}
