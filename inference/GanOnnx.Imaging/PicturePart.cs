namespace GanOnnx.Imaging;

/// <summary>What of an upright picture is meant.</summary>
internal enum PicturePart
{
    /// <summary>All of it.</summary>
    Whole,

    /// <summary>The left half.</summary>
    LeftHalf,

    /// <summary>The right half.</summary>
    RightHalf,
}
