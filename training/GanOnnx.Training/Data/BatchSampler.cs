using GanOnnx.Inference;

namespace GanOnnx.Training.Data;

/// <summary>
/// Draws batches without replacement: every epoch goes through the images in an order of its own. A batch depends on the
/// seed and its number alone, so a resumed run sees what an unbroken one would.
/// </summary>
internal sealed class BatchSampler
{
    // Below this many bytes a batch is read faster by one core than it is shared out.
    private const int WorthSharing = 1 << 20;

    private readonly ImageDataset _data;
    private readonly RandomStream _order, _flips;
    private readonly int[] _images;
    private readonly int _batchSize;
    private readonly bool _flip;
    private long _epoch = -1;

    /// <param name="data">The images.</param>
    /// <param name="batchSize">How many make a batch (N).</param>
    /// <param name="seed">Decides the order, and which images are mirrored.</param>
    /// <param name="flip">Whether half of the images are mirrored.</param>
    public BatchSampler(ImageDataset data, int batchSize, ulong seed, bool flip = false)
    {
        (_data, _batchSize, _flip) = (data, batchSize, flip);
        (_order, _flips) = (new RandomStream(seed, RandomStreams.DataOrder), new RandomStream(seed, RandomStreams.Flips));
        _images = new int[data.Count];
    }

    /// <summary>Bytes of a batch's images.</summary>
    public int Length => _batchSize * _data.ImageLength;

    /// <summary>Reads a batch.</summary>
    /// <param name="batch">Its number, from 0.</param>
    /// <param name="pixels">Gets the images <c>[N, C, H, W]</c>.</param>
    /// <param name="labels">Gets their classes <c>[N]</c>.</param>
    public void Read(long batch, byte[] pixels, long[] labels)
    {
        var first = batch * _batchSize;
        var drawn = new int[_batchSize];
        for (var i = 0; i < _batchSize; i++)
        {
            Shuffle((first + i) / _data.Count);
            drawn[i] = _images[(first + i) % _data.Count];
            labels[i] = _data.Labels[drawn[i]];
        }
        if (Length < WorthSharing)
            for (var i = 0; i < _batchSize; i++)
                ReadImage(i);
        else
            Parallel.For(0, _batchSize, ReadImage);

        void ReadImage(int i)
        {
            var image = pixels.AsSpan(i * _data.ImageLength, _data.ImageLength);
            _data.Read(drawn[i], image);
            if (_flip && _flips.Below((ulong)(first + i), 2) == 1)
                for (var row = 0; row < image.Length; row += _data.Size)
                    image.Slice(row, _data.Size).Reverse();
        }
    }

    private void Shuffle(long epoch)
    {
        if (epoch == _epoch)
            return;
        for (var i = 0; i < _images.Length; i++)
            _images[i] = i;
        _order.Shuffle((ulong)epoch, _images.AsSpan());
        _epoch = epoch;
    }
}
