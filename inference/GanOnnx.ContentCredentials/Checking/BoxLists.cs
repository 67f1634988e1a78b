using GanOnnx.ContentCredentials.Boxes;

namespace GanOnnx.ContentCredentials.Checking;

/// <summary>Looking for a box among others.</summary>
internal static class BoxLists
{
    /// <summary>The only box that fits, or null.</summary>
    /// <exception cref="MalformedException">Several do.</exception>
    public static JumbfBox? SingleOrDefaultOf(this IEnumerable<JumbfBox> boxes, Func<JumbfBox, bool> fits, string what) =>
        boxes.Where(fits).ToArray() switch
        {
            [] => null,
            [var only] => only,
            var several => throw new MalformedException($"there are {several.Length} {what}"),
        };
}
