using GanOnnx.Inference.Runtime.Gathering;

namespace GanOnnx.Inference.Models;

/// <summary>The ranges of the options.</summary>
internal static class OptionRules
{
    /// <exception cref="ModelException">An option is out of its range; the first that is.</exception>
    public static void Check(ModelOptions options)
    {
        if (Violations(options).FirstOrDefault() is { } first)
            throw first;
    }

    /// <summary>Every option that is out of its range, in the order of their declaration.</summary>
    public static IEnumerable<ModelException> Violations(ModelOptions options) =>
        OfModel(options).Concat(options switch
        {
            ImageGeneratorOptions generator => OfGenerator(generator),
            ImageTranslatorOptions translator =>
                [OfFormat(translator.Input, nameof(translator.Input)), OfFormat(translator.Output, nameof(translator.Output))],
            _ => [],
        }).OfType<ModelException>();

    private static IEnumerable<ModelException?> OfModel(ModelOptions options) =>
    [
        AtLeast(1, options.BatchSize, nameof(options.BatchSize)),
        options.BatchSize > ModelOptions.LargestBatchSize
            ? Errors.OptionTooHigh(nameof(options.BatchSize), $"{options.BatchSize}", $"{ModelOptions.LargestBatchSize}") : null,
        AtLeast(1, options.Threads, nameof(options.Threads)),
        AtLeast(1, options.ParallelBatches, nameof(options.ParallelBatches)),
        AtLeast(1, options.ReadAhead, nameof(options.ReadAhead)),
        AtLeast(1, options.DeviceMemoryLimit, nameof(options.DeviceMemoryLimit)),
    ];

    private static IEnumerable<ModelException?> OfGenerator(ImageGeneratorOptions options) =>
    [
        AtLeast(1, options.QueueLimit, nameof(options.QueueLimit)),
        OfFormat(options.Pixels, options.PixelsOption),
        options.LongestWait < TimeSpan.Zero || options.LongestWait > RequestQueue.LongestWait
            ? Errors.WrongWait(options.LongestWait, RequestQueue.LongestWait) : null,
    ];

    private static ModelException? AtLeast(long least, long? value, string option) =>
        value < least ? Errors.OptionTooLow(option, value.Value, least) : null;

    private static ModelException? OfFormat(PixelFormat format, string option)
    {
        if (format.Range is var (lowest, highest) && !(float.IsFinite(lowest) && float.IsFinite(highest) && lowest < highest))
            return Errors.WrongRange(option, lowest, highest);
        if (format.Shape is { } shape && (shape.Channels is not (1 or 3) || shape.Height < 1 || shape.Width < 1))
            return Errors.WrongShape(option, shape);
        return null;
    }
}
