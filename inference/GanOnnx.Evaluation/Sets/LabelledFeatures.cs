namespace GanOnnx.Evaluation;

/// <summary>Features of those images of a set that can be decoded.</summary>
/// <param name="Features">The features.</param>
/// <param name="Places">Each one's number in its set.</param>
/// <param name="Labels">Each one's class by the real data's numbers, or −1; null where there are no classes.</param>
internal sealed record LabelledFeatures(FeatureSet Features, int[] Places, IReadOnlyList<int>? Labels);
