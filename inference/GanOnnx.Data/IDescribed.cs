namespace GanOnnx.Data;

/// <summary>What sources of files say of themselves beside their images.</summary>
internal interface IDescribed
{
    /// <summary>What was left out.</summary>
    LeftOut LeftOut { get; }

    /// <summary>The pixels of the smallest and of the largest image, by their number; null where that isn't known.</summary>
    (PictureSize Smallest, PictureSize Largest)? Sizes { get; }

    /// <summary>
    /// The names, lengths and times of all files that it is read from, as one number. While it stays the same, so do the images.
    /// </summary>
    string? Stamp { get; }

    /// <summary>What people should know of the labels, or null.</summary>
    string? Remark => null;

    /// <summary>What becomes of images of other sizes, as <c>cropped to a square of 64 px</c>; empty where nothing does.</summary>
    string Fitted(int size);
}
