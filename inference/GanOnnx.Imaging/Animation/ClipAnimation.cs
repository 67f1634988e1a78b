using GanOnnx.Inference;
using SixLabors.ImageSharp;

namespace GanOnnx.Imaging.Animation;

/// <summary>Clips as the frames of an animation.</summary>
internal static class ClipAnimation
{
    /// <summary>All clips beside each other, moving at the same time; small ones grow, as in a grid of images. Each picture is disposed
    /// when the next is asked for.</summary>
    /// <param name="clips">The clips.</param>
    /// <param name="options">How the grid is laid out.</param>
    public static IEnumerable<Image> Grids(VideoBatch clips, ImageGridOptions? options = null)
    {
        for (var frame = 0; frame < clips.Frames; frame++)
        {
            using var grid = ImageGrid.Compose(clips.FrameOfAll(frame), options);
            yield return grid;
        }
    }
}
