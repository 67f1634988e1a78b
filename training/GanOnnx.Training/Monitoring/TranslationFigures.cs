using static TorchSharp.torch;

namespace GanOnnx.Training.Monitoring;

/// <summary>
/// What of images made of images tells that they are wrong in a way that losses don't show. Of several directions the worst is told.
/// </summary>
internal static class TranslationFigures
{
    /// <summary>How much outputs differ from their inputs, as a part of how much real images of the kind wanted do; 0 where a generator
    /// returns its input.</summary>
    public static Figure Change { get; } = Figure.Extra("change of the input");

    /// <summary>How much outputs differ from each other, as a part of how much the real images do; 0 where all are one.</summary>
    public static Figure Difference { get; } = Figure.Extra("difference of the outputs");

    /// <summary>The correlation of outputs with what they should be like: their targets, or their inputs; −1 where light and dark are
    /// exchanged.</summary>
    public static Figure Correlation { get; } = Figure.Extra("correlation");

    /// <summary>The power at periods of 2 and 4 pixels beside that of near periods, as many times as in real images. 1 is none; a
    /// checkerboard has many times as much (Odena et al. 2016, https://distill.pub/2016/deconv-checkerboard/).</summary>
    public static Figure Checkerboard { get; } = Figure.Extra("checkerboard");

    private const int Near = 2;

    private static readonly int[] _periods = [2, 4];

    /// <summary>Measures samples.</summary>
    /// <param name="measurements">Gets the figures.</param>
    /// <param name="directions">Of each direction the inputs, what was made of them, and real images of that kind, <c>[N, C, H, W]</c>
    /// each.</param>
    /// <param name="paired">Whether the real images are what the inputs should have become.</param>
    public static void Measure(Measurements measurements, (Tensor Inputs, Tensor Outputs, Tensor Real)[] directions, bool paired)
    {
        using var scope = NewDisposeScope();
        measurements.Set(Change, directions.Min(d => Part((d.Outputs - d.Inputs).abs().mean(), (d.Real - d.Inputs).abs().mean())));
        measurements.Set(Difference, directions.Min(d => Part(Deviation(d.Outputs), Deviation(d.Real))));
        measurements.Set(Correlation, directions.Min(d => Pearson(d.Outputs, paired ? d.Real : d.Inputs)));
        MeasureCheckerboard(measurements, [.. directions.Select(d => (d.Outputs, d.Real))]);
    }

    /// <summary>Measures <see cref="Checkerboard"/> alone.</summary>
    public static void MeasureCheckerboard(Measurements measurements, params (Tensor Outputs, Tensor Real)[] directions)
    {
        using var scope = NewDisposeScope();
        measurements.Set(Checkerboard, directions.Max(d => new[] { 2L, 3L }.Max(axis =>
            Peaks(d.Outputs, axis).Zip(Peaks(d.Real, axis), (made, real) => made / Math.Max(1, real)).Max())));
    }

    private static double Part(Tensor of, Tensor whole) => of.item<float>() / Math.Max(1e-6, whole.item<float>());

    private static Tensor Deviation(Tensor images) => images.std([0L], unbiased: false).mean();

    private static double Pearson(Tensor one, Tensor other)
    {
        var (a, b) = (one.flatten(1), other.flatten(1));
        (a, b) = (a - a.mean([1L], keepdim: true), b - b.mean([1L], keepdim: true));
        return ((a * b).sum(1) / ((a.square().sum(1) * b.square().sum(1)).sqrt() + 1e-6f)).mean().item<float>();
    }

    private static double[] Peaks(Tensor images, long axis)
    {
        var length = (int)images.shape[axis];
        var others = Enumerable.Range(0, 4).Where(dimension => dimension != axis).Select(dimension => (long)dimension).ToArray();
        var power = fft.rfft(images.to(float32), dim: axis).abs().square().mean(others).cpu().data<float>().ToArray();
        return [.. _periods.Where(period => length % period == 0 && length / period > 2 * Near).Select(period =>
        {
            var place = length / period;
            var near = Enumerable.Range(place - Near, 2 * Near + 1).Where(i => i != place && i < power.Length).Average(i => power[i]);
            return power[place] / Math.Max(1e-9, near);
        })];
    }
}
