using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using GanOnnx.Inference;
using GanOnnx.Prompts;

namespace GanOnnx.CommandLine;

/// <summary>
/// The options of every verb that loads a model which may be made by others: what its images are, where neither the file nor its shapes
/// say it.
/// </summary>
public static class FormatOptions
{
    private static readonly Dictionary<string, string> _called = new(StringComparer.Ordinal)
    {
        ["Pixels.Range"] = "--range",
        ["Pixels.Shape"] = "--shape",
        ["Pixels.Channels"] = "--bgr",
        ["Input.Range"] = "--range",
        ["Output.Range"] = "--range",
        ["Input.Shape"] = "--shape",
        ["Output.Shape"] = "--shape",
        ["Input.Channels"] = "--bgr",
        ["Output.Channels"] = "--bgr",
        ["BatchSize"] = "--batch",
    };

    /// <summary>The values of black and white.</summary>
    public static Option<ValueRange?> Range { get; } = new("--range")
    {
        HelpName = "LOW,HIGH",
        Description = "The values of black and white: -1,1 or 0,1 or 0,255. For models of others that don't say it.",
        CustomParser = argument => Numbers(argument, 2) is [var low, var high] ? new ValueRange(low, high)
            : Wrong<ValueRange?>(argument, "--range", "no range; write the values of black and white, as -1,1 or 0,255."),
    };

    /// <summary>The shape of one image.</summary>
    public static Option<ImageShape?> Shape { get; } = new("--shape")
    {
        HelpName = "C,H,W",
        Description = "Channels, height and width of an image that comes as a row of numbers, as 3,64,64.",
        CustomParser = argument => Numbers(argument, 3) is [var c, var h, var w] && new[] { c, h, w }.All(float.IsInteger)
            ? new ImageShape((int)c, (int)h, (int)w)
            : Wrong<ImageShape?>(argument, "--shape", "no shape; write channels, height and width, as 3,64,64."),
    };

    /// <summary>Where the channels' axis is.</summary>
    public static Option<ChannelLayout?> Layout { get; } = new("--layout")
    {
        HelpName = "nchw|nhwc",
        Description = "Where the channels are. The default is what the shape shows.",
        CustomParser = argument => argument.Tokens[0].Value.ToLowerInvariant() switch
        {
            "nchw" => ChannelLayout.First,
            "nhwc" => ChannelLayout.Last,
            _ => Wrong<ChannelLayout?>(argument, "--layout", "no layout; write nchw or nhwc."),
        },
    };

    /// <summary>Whether blue comes first.</summary>
    public static Option<bool> Bgr { get; } = new("--bgr") { Description = "The channels are blue, green, red, as OpenCV has them." };

    /// <summary>All of them, under the heading <see cref="Heading"/>.</summary>
    public static IReadOnlyList<Option> All { get; } = [Range, Shape, Layout, Bgr];

    /// <summary>What help shows above them.</summary>
    public const string Heading = "Models of others";

    /// <summary>What was said.</summary>
    public static PixelFormat Of(ParseResult parsed) => new()
    {
        Range = parsed.GetValue(Range),
        Shape = parsed.GetValue(Shape),
        Layout = parsed.GetValue(Layout),
        Channels = parsed.GetValue(Bgr) ? ChannelOrder.Bgr : null,
    };

    // One for all models of the process; it is loaded at the first prompt.
    private static readonly MiniLmEncoder _textEncoder = new();

    /// <summary>Options for loading with what was said; messages call them as they are typed.</summary>
    public static ImageGeneratorOptions Options(ParseResult parsed) =>
        new() { Pixels = Of(parsed), TextEncoder = _textEncoder, Called = Called };

    /// <summary>The same for a model from image to image.</summary>
    public static ImageTranslatorOptions TranslatorOptions(ParseResult parsed)
    {
        var format = Of(parsed);
        return new() { Input = format, Output = format with { Shape = null }, Called = Called };
    }

    /// <summary>What messages call an option of the library.</summary>
    public static string Called(string option) => _called.GetValueOrDefault(option, option);

    private static float[] Numbers(ArgumentResult argument, int count)
    {
        var parts = argument.Tokens[0].Value.Split(',', 'x', '×', ':');
        var numbers = parts.Select(part => float.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && Math.Abs(number) < int.MaxValue ? number : float.NaN).ToArray();
        return numbers.Length == count && !numbers.Any(float.IsNaN) ? numbers : [];
    }

    private static T? Wrong<T>(ArgumentResult argument, string option, string sentence)
    {
        argument.AddError($"{option} {argument.Tokens[0].Value} is {sentence}");
        return default;
    }
}
