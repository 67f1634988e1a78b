using System.Globalization;
using GanOnnx.Data;
using GanOnnx.Training.Data;

namespace GanOnnx.Training.Cli;

/// <summary>What is trained on, in a line for people.</summary>
internal static class DataText
{
    private const int ClassesShown = 5;

    /// <summary>
    /// As <c>flowers: 2,567 images in 5 classes (daisy: 418, …); 2 files left out (2 no picture: README.txt, …); 96 × 96 to 128 × 128 px,
    /// cropped to a square of 64 px</c>.
    /// </summary>
    public static string Of(DataSummary data) => $"{data.Name}: {string.Join("; ", Parts(data))}";

    private static IEnumerable<string> Parts(DataSummary data)
    {
        yield return $"{Number(data.Images)} {data.Things} {Classes(data.Classes)}";
        if (data.Remark is { } remark)
            yield return remark;
        if (data.LeftOut.Sum(reason => reason.Count) is > 0 and var files)
            yield return $"{Number(files)} file{(files == 1 ? "" : "s")} left out ({string.Join(", ", data.LeftOut)})";
        if (Sizes(data) is { Length: > 0 } sizes)
            yield return sizes;
    }

    private static string Sizes(DataSummary data)
    {
        var sizes = data.Smallest is not { } smallest ? ""
            : data.Smallest == data.Largest ? $"{smallest} px" : $"{smallest} to {data.Largest} px";
        return sizes.Length > 0 && data.Fitted.Length > 0 ? $"{sizes}, {data.Fitted}" : sizes + data.Fitted;
    }

    private static string Classes(IReadOnlyList<ClassCount> classes)
    {
        if (classes.Count == 0)
            return "without classes";
        var same = classes.All(c => c.Images == classes[0].Images);
        var shown = classes.Take(ClassesShown).Select(c => same ? c.Name : $"{c.Name}: {Number(c.Images)}");
        var more = classes.Count > ClassesShown ? $" and {Number(classes.Count - ClassesShown)} more" : "";
        return $"in {Number(classes.Count)} classes{(same ? $" of {Number(classes[0].Images)} each" : "")} ({string.Join(", ", shown)}{more})";
    }

    private static string Number(int number) => number.ToString("#,0", CultureInfo.InvariantCulture);
}
