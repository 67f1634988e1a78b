using System.Globalization;

namespace GanOnnx.Training.Cli;

/// <summary>How long a run takes in all, told once, a minute after its first step; with advice where that is days.</summary>
/// <param name="cuda">Whether it is trained on a GPU.</param>
/// <param name="clock">The time.</param>
internal sealed class ExpectedTime(bool cuda, TimeProvider clock)
{
    private static readonly TimeSpan _wait = TimeSpan.FromMinutes(1), _long = TimeSpan.FromDays(1);

    private (long Step, long Time)? _first;
    private bool _told;

    /// <summary>The sentence, or null where it isn't time for it.</summary>
    /// <param name="step">Steps done.</param>
    /// <param name="totalSteps">Steps in all.</param>
    public string? At(long step, long totalSteps)
    {
        if (_told)
            return null;
        // The first step takes longer than the others.
        _first ??= (step, clock.GetTimestamp());
        var elapsed = clock.GetElapsedTime(_first.Value.Time);
        if (elapsed < _wait || step == _first.Value.Step)
            return null;
        _told = true;
        var seconds = elapsed.TotalSeconds / (step - _first.Value.Step);
        var (whole, left) = (Time(seconds * totalSteps), Time(seconds * (totalSteps - step)));
        var sentence = $"The whole run takes about {Words(whole)}; {Words(left)} are left.";
        return left < _long ? sentence
            : $"{sentence} Less is enough to see whether it goes well: fewer images (--kimg), smaller ones (--size), narrower networks "
                + $"(--width){(cuda ? "" : "; a GPU (--device cuda) takes a small part of the time")}. It can be stopped and resumed.";
    }

    private static TimeSpan Time(double seconds) => TimeSpan.FromSeconds(Math.Min(seconds, TimeSpan.FromDays(9999).TotalSeconds));

    private static string Words(TimeSpan time) =>
        time.TotalDays >= 2 ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalDays:#,0.#} days")
        : time.TotalHours >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours} h {time.Minutes:00} min")
        : string.Create(CultureInfo.InvariantCulture, $"{time.Minutes} min {time.Seconds:00} s");
}
