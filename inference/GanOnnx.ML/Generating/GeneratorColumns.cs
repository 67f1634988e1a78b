using GanOnnx.Inference.Models;
using GanOnnx.ML.Columns;
using Microsoft.ML.Data;

namespace GanOnnx.ML.Generating;

/// <summary>The columns of a generator.</summary>
/// <param name="Output">The images.</param>
/// <param name="Input">Vectors are latents, whole numbers seeds.</param>
/// <param name="Label">The classes, by name or number; null where there are none or they are drawn.</param>
/// <param name="Prompt">What the images are to show; null where that isn't asked for.</param>
/// <param name="Seed">Where it is given, <paramref name="Input"/> holds the numbers of this seed's images.</param>
internal sealed record GeneratorColumns(string Output, string Input, string? Label, ulong? Seed = null, string? Prompt = null)
{
    /// <summary>What is made. The default is images.</summary>
    public GeneratorKind Kind { get; init; } = GeneratorKind.Images;

    public void CheckInput(string path, DataViewType item, bool isVector)
    {
        if (isVector ? item != NumberDataViewType.Single : !Integers.Are(item))
            throw Errors.WrongInputType(Input, item, isVector, path);
    }
}
