using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanOnnx.Export.Tests.Coverage;

/// <summary>Products, distances, tables, and what does nothing in evaluation mode.</summary>
public sealed class OtherModuleTests : CoverageFixture
{
    private static IEnumerable<ModuleCase> Cases() => [.. Products(), .. Distances(), .. Tables(), .. Shapes(), .. Nothing()];

    private static IEnumerable<ModuleCase> Products()
    {
        yield return new("Linear", () => Linear(5, 3), [5]);
        yield return new("Linear without bias", () => Linear(5, 3, hasBias: false), [5]);
        yield return new("Linear of tokens", () => Linear(5, 3), [4, 5]);
        yield return new("Linear of tokens without bias", () => Linear(5, 3, hasBias: false), [4, 5]);
        yield return new("Linear on four axes", () => Linear(5, 3), [2, 4, 5]);
        yield return new("Bilinear", () => Bilinear(5, 4, 3), [5], [4]);
        yield return new("Bilinear without bias", () => Bilinear(5, 4, 3, hasBias: false), [5], [4]);
        yield return new("Bilinear of tokens", () => Bilinear(5, 4, 3), [6, 5], [6, 4]);
    }

    private static IEnumerable<ModuleCase> Distances()
    {
        yield return new("CosineSimilarity", () => CosineSimilarity(), [5], [5]);
        yield return new("CosineSimilarity along the last axis", () => CosineSimilarity(-1), [4, 5], [4, 5]);
        yield return new("CosineSimilarity by broadcasting", () => CosineSimilarity(2, 1e-3), [4, 5], [1, 5]);
        foreach (var norm in new[] { 1, 2, 3, 1.5, double.PositiveInfinity, double.NegativeInfinity })
            yield return new($"PairwiseDistance {norm}", () => PairwiseDistance(norm), [5], [5]);
        yield return new("PairwiseDistance that keeps the axis", () => PairwiseDistance(2, 1e-2, keepdim: true), [4, 5], [4, 5]);
        yield return new("PairwiseDistance of other ranks", () => PairwiseDistance(), [4, 5], [1, 5]);
    }

    private static IEnumerable<ModuleCase> Tables()
    {
        yield return new("Embedding", () => Embedding(7, 4), [3]) { Rows = 7 };
        yield return new("Embedding of one number a sample", () => Embedding(7, 4), [[]]) { Rows = 7 };
        yield return new("Embedding with a padding row", () => Embedding(7, 4, padding_idx: 2), [3]) { Rows = 7 };
        yield return new("Embedding with a largest norm", () => Embedding(7, 4, max_norm: 0.9), [3]) { Rows = 7 };
        foreach (var mode in Enum.GetValues<EmbeddingBagMode>())
            yield return new($"EmbeddingBag {mode}", () => EmbeddingBag(7, 4, mode: mode), [3]) { Rows = 7 };
        yield return new("EmbeddingBag Sum with a padding row", () => EmbeddingBag(7, 4, mode: EmbeddingBagMode.Sum, padding_index: 2),
            [3])
        { Rows = 7 };
        yield return new("EmbeddingBag Mean with a largest norm", () => EmbeddingBag(7, 4, max_norm: 0.9), [3]) { Rows = 7 };
    }

    private static IEnumerable<ModuleCase> Shapes()
    {
        yield return new("Flatten of pixels", () => nn.Flatten(2), [3, 4, 5]) { Open = [[3, 2, 6]] };
        yield return new("Flatten of middle axes", () => nn.Flatten(1, 2), [3, 4, 5]) { Open = [[3, 2, 6]] };
        yield return new("Unflatten of channels", () => nn.Unflatten(1, [2, 3]), [6, 4, 5]) { Open = [[6, 2, 7]] };
        yield return new("Unflatten of channels with an open size", () => nn.Unflatten(1, [-1, 3]), [6, 4]) { Open = [[6, 2]] };
    }

    private static IEnumerable<ModuleCase> Nothing()
    {
        yield return new("Identity", () => Identity(), [3]);
        yield return new("Dropout", () => Dropout(), [3]);
        yield return new("Dropout in place", () => Dropout(0.9, inplace: true), [3]);
        yield return new("Dropout1d", () => Dropout1d(), [3, 4]);
        yield return new("Dropout2d", () => Dropout2d(), [3, 4, 5]);
        yield return new("Dropout3d", () => Dropout3d(), [3, 4, 5, 2]);
        yield return new("AlphaDropout", () => AlphaDropout(), [3]);
        yield return new("FeatureAlphaDropout", () => FeatureAlphaDropout(), [3, 4]);
    }

    [TestCaseSource(nameof(Cases))]
    public void ExportedFile_GivesTheModulesOutput(ModuleCase module) => AssertSame(module);
}
