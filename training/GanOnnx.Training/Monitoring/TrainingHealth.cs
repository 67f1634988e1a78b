namespace GanOnnx.Training.Monitoring;

/// <summary>Knows the ways a GAN's training fails by its figures.</summary>
internal static class TrainingHealth
{
    private const double NearlyCertain = 0.995, NearlyEqual = 0.02;

    // A generator begins with images that are all alike and easily told from real ones; that is no failure yet.
    private const long TooEarlyToTell = 50_000;

    public static IReadOnlyList<string> Warnings(long images, double realProbability, double fakeProbability, double sampleDeviation)
    {
        List<string> warnings = [];
        if (images < TooEarlyToTell)
            return warnings;
        if (realProbability > NearlyCertain && fakeProbability < 1 - NearlyCertain)
            warnings.Add($"The discriminator is nearly always right (D(x) {realProbability:0.000}, D(G(z)) {fakeProbability:0.000}): the generator hardly learns. Use more images or a lower learning rate.");
        if (sampleDeviation < NearlyEqual)
            warnings.Add($"The generated images are nearly the same (deviation {sampleDeviation:0.000}): the generator has collapsed. Go back to an earlier checkpoint or lower the learning rate.");
        return warnings;
    }
}
