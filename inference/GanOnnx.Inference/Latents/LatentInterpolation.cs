namespace GanOnnx.Inference;

/// <summary>Latents between two latents.</summary>
public static class LatentInterpolation
{
    // Near 0 both formulas agree to the last digit of float; near π the circle is anyone's guess.
    private const double SmallestSine = 1e-6;

    /// <summary>
    /// Goes from <paramref name="from"/> to <paramref name="to"/> on the great circle through both, at constant angular speed:
    /// (sin((1 − t)Ω) · from + sin(tΩ) · to) / sin Ω, where Ω is the angle between them and t the amount.
    /// </summary>
    /// <param name="from">Where it begins, <c>[Z]</c>.</param>
    /// <param name="to">Where it ends, <c>[Z]</c>.</param>
    /// <param name="amount">How far to go: 0 is <paramref name="from"/>, 1 is <paramref name="to"/>.</param>
    /// <param name="destination">The result, <c>[Z]</c>.</param>
    /// <remarks>
    /// K. Shoemake, "Animating rotation with quaternion curves", 1985; for the latents of generators T. White, "Sampling generative
    /// networks", 2016: normal latents of many values all have nearly the length √Z, and the straight line between two passes
    /// through shorter ones, which a generator has never seen. The latents need no length of 1; if both have the same, all between have it.
    /// <para>
    /// Where there is no such circle, or more than one, it goes straight, as <see cref="Linear"/> does: one of the latents is zero,
    /// or they point in the same or in opposite directions. Latents of different seeds never do, unless Z is 1.
    /// </para>
    /// </remarks>
    /// <exception cref="ArgumentException">The three differ in length.</exception>
    public static void Spherical(ReadOnlySpan<float> from, ReadOnlySpan<float> to, double amount, Span<float> destination)
    {
        Check(from, to, destination);
        var angle = Angle(from, to);
        var sine = Math.Sin(angle);
        if (sine < SmallestSine)
            Linear(from, to, amount, destination);
        else
            Mix(from, to, Math.Sin((1 - amount) * angle) / sine, Math.Sin(amount * angle) / sine, destination);
    }

    /// <summary>Goes straight: (1 − t) · from + t · to. It stays inside the range the two latents' values lie in.</summary>
    /// <inheritdoc cref="Spherical" path="/param"/>
    /// <inheritdoc cref="Spherical" path="/exception"/>
    public static void Linear(ReadOnlySpan<float> from, ReadOnlySpan<float> to, double amount, Span<float> destination)
    {
        Check(from, to, destination);
        Mix(from, to, 1 - amount, amount, destination);
    }

    private static void Mix(ReadOnlySpan<float> from, ReadOnlySpan<float> to, double fromWeight, double toWeight, Span<float> destination)
    {
        for (var i = 0; i < destination.Length; i++)
            destination[i] = (float)(fromWeight * from[i] + toWeight * to[i]);
    }

    // 0 where one of them is zero. The arctangent keeps its accuracy near 0 and π, where the arccosine loses half the digits.
    private static double Angle(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var (lengthOfA, lengthOfB) = (Length(a), Length(b));
        if (lengthOfA == 0 || lengthOfB == 0)
            return 0;
        double difference = 0, sum = 0;
        for (var i = 0; i < a.Length; i++)
        {
            var (x, y) = (a[i] / lengthOfA, b[i] / lengthOfB);
            difference += (x - y) * (x - y);
            sum += (x + y) * (x + y);
        }
        return 2 * Math.Atan2(Math.Sqrt(difference), Math.Sqrt(sum));
    }

    private static double Length(ReadOnlySpan<float> latent)
    {
        double sum = 0;
        foreach (double value in latent)
            sum += value * value;
        return Math.Sqrt(sum);
    }

    private static void Check(ReadOnlySpan<float> from, ReadOnlySpan<float> to, ReadOnlySpan<float> destination)
    {
        if (from.Length != to.Length || from.Length != destination.Length)
            throw new ArgumentException(
                $"Latents of one length are expected, not of {from.Length}, {to.Length} and {destination.Length} values (from, to, "
                    + "destination).");
    }
}
