namespace GanOnnx.Quantization;

/// <summary>What options have to be, checked once.</summary>
internal static class OptionRules
{
    /// <exception cref="QuantizationException">One is out of its range.</exception>
    public static void Check(QuantizationOptions options)
    {
        foreach (var (name, count) in new[] { (nameof(options.CalibrationImages), options.CalibrationImages),
            (nameof(options.VerifiedImages), options.VerifiedImages), (nameof(options.DataImages), options.DataImages) })
            if (count < QuantizationOptions.FewestImages)
                throw new QuantizationException($"{name} is {count}; {QuantizationOptions.FewestImages} images are needed at least.");
        if (!(options.MinPsnr > 0))
            throw new QuantizationException($"MinPsnr is {options.MinPsnr}; a number of dB above 0 is needed, 38 as a rule.");
    }
}
