using GanOnnx.Inference;
using TorchSharp;

namespace GanOnnx.Training.Data;

/// <summary>
/// Draws batches without replacement: every epoch goes through the images in an order of its own. Step s's batch
/// depends on the seed and s alone, so a resumed run sees what an unbroken one would.
/// </summary>
internal sealed class BatchSampler
{
    private readonly ImageDataset _data;
    private readonly RandomStream _stream;
    private readonly int[] _order;
    private readonly byte[] _batch;
    private readonly int _batchSize;
    private long _epoch = -1;

    public BatchSampler(ImageDataset data, int batchSize, ulong seed)
    {
        (_data, _batchSize) = (data, batchSize);
        _stream = new RandomStream(seed, RandomStreams.DataOrder);
        _order = new int[data.Count];
        _batch = new byte[batchSize * data.ImageLength];
    }

    /// <summary>Step <paramref name="step"/>'s images as bytes, <c>[N, C, H, W]</c>; the caller disposes the tensor.</summary>
    public torch.Tensor Batch(long step)
    {
        for (var i = 0; i < _batchSize; i++)
        {
            var drawn = step * _batchSize + i;
            Shuffle(drawn / _data.Count);
            _data.Read(_order[drawn % _data.Count], _batch.AsSpan(i * _data.ImageLength));
        }
        return torch.tensor(_batch, [_batchSize, _data.Channels, _data.Size, _data.Size]);
    }

    private void Shuffle(long epoch)
    {
        if (epoch == _epoch)
            return;
        for (var i = 0; i < _order.Length; i++)
            _order[i] = i;
        _stream.Shuffle((ulong)epoch, _order.AsSpan());
        _epoch = epoch;
    }
}
