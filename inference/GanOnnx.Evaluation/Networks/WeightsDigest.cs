using System.Security.Cryptography;
using GanOnnx.Onnx;
using GanOnnx.Onnx.Editing;

namespace GanOnnx.Evaluation;

/// <summary>
/// Tells networks apart by their weights: the SHA-256 of the sorted SHA-256s of all tensors of more than <see cref="FewestValues"/> values,
/// each with its shape. Names, order and metadata, which converters choose, don't count.
/// </summary>
internal static class WeightsDigest
{
    private const int FewestValues = 64;

    public static string Of(ModelProto model)
    {
        var digests = model.Tensors().Where(tensor => tensor.Dims.Aggregate(1L, (product, length) => product * length) > FewestValues)
            .Select(Of).Order(StringComparer.Ordinal);
        return Convert.ToHexStringLower(SHA256.HashData(Convert.FromHexString(string.Concat(digests))));
    }

    private static string Of(TensorProto tensor)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var length in tensor.Dims)
            hash.AppendData(BitConverter.GetBytes(length));
        hash.AppendData(tensor.RawData.Span);
        foreach (var value in tensor.FloatData)
            hash.AppendData(BitConverter.GetBytes(value));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
