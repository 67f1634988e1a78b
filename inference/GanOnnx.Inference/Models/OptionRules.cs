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
                [
                OfFormat(translator.Input, translator.CalledPart(nameof(translator.Input))),
                OfFormat(translator.Output, translator.CalledPart(nameof(translator.Output))),
            ],
            _ => [],
        }).OfType<ModelException>();

    private static IEnumerable<ModelException?> OfModel(ModelOptions options) =>
    [
        AtLeast(1, options.BatchSize, options.Called(nameof(options.BatchSize))),
        options.BatchSize > ModelOptions.LargestBatchSize
            ? Errors.OptionTooHigh(options.Called(nameof(options.BatchSize)), $"{options.BatchSize}", $"{ModelOptions.LargestBatchSize}") : null,
        AtLeast(1, options.Threads, options.Called(nameof(options.Threads))),
        AtLeast(1, options.ParallelBatches, options.Called(nameof(options.ParallelBatches))),
        AtLeast(1, options.ReadAhead, options.Called(nameof(options.ReadAhead))),
        AtLeast(1, options.DeviceMemoryLimit, options.Called(nameof(options.DeviceMemoryLimit))),
        options.Timeout < ModelOptions.ShortestTimeout || options.Timeout > ModelOptions.LongestTimeout
            ? Errors.WrongTime(options.Called(nameof(options.Timeout)), options.Timeout.Value, ModelOptions.ShortestTimeout,
                ModelOptions.LongestTimeout) : null,
    ];

    private static IEnumerable<ModelException?> OfGenerator(ImageGeneratorOptions options) =>
    [
        AtLeast(1, options.QueueLimit, options.Called(nameof(options.QueueLimit))),
        OfFormat(options.Pixels, options.CalledPixels),
        options.MaxQueueDelay < TimeSpan.Zero || options.MaxQueueDelay > RequestQueue.MaxQueueDelay
            ? Errors.WrongTime(options.Called(nameof(options.MaxQueueDelay)), options.MaxQueueDelay, TimeSpan.Zero,
                RequestQueue.MaxQueueDelay)
            : null,
    ];

    private static ModelException? AtLeast(long least, long? value, string option) =>
        value < least ? Errors.OptionTooLow(option, value.Value, least) : null;

    private static ModelException? OfFormat(PixelFormat format, Func<string, string> option)
    {
        if (format.Range is var (lowest, highest) && !(float.IsFinite(lowest) && float.IsFinite(highest) && lowest < highest))
            return Errors.WrongRange(option(nameof(format.Range)), lowest, highest);
        if (format.Shape is { } shape && (shape.Channels is not (1 or 3 or 4) || shape.Height < 1 || shape.Width < 1
            || (long)shape.Channels * shape.Height * shape.Width > int.MaxValue))
            return Errors.WrongShape(option(nameof(format.Shape)), shape);
        return null;
    }
}
