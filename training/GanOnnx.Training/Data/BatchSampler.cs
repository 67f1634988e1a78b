using GanOnnx.Data;
using GanOnnx.Inference;

namespace GanOnnx.Training.Data;

/// <summary>
/// Draws batches without replacement: every epoch goes through the images in an order of its own. Images that were decoded with a margin
/// are cropped at random, an image and its second one at the same place. A batch depends on the seed and its number alone, so a resumed
/// run sees what an unbroken one would.
/// </summary>
internal sealed class BatchSampler
{
    // Below this many bytes a batch is read faster by one core than it is shared out.
    private const int WorthSharing = 1 << 20;

    private readonly ImageDataset _data;
    private readonly RandomStream _flips, _crops, _captions;
    private readonly ShuffledOrder _order;
    private readonly ShuffledOrder? _secondOrder;
    private readonly int _batchSize, _start;
    private readonly bool _flip, _takesText;
    private readonly int[] _trained;

    /// <param name="data">The images.</param>
    /// <param name="batchSize">How many make a batch (N).</param>
    /// <param name="seed">Decides the order, which images are mirrored, and where they are cropped.</param>
    /// <param name="flip">Whether half of the images are mirrored.</param>
    /// <param name="trained">The images that batches are drawn from; null for all.</param>
    /// <param name="part">The part of each batch that is read; null for all of it.</param>
    /// <param name="takesText">Whether labels are captions: one of the image's own, drawn each time.</param>
    public BatchSampler(ImageDataset data, int batchSize, ulong seed, bool flip = false, int[]? trained = null, Range? part = null,
        bool takesText = false)
    {
        (_data, _batchSize, _flip, _takesText) = (data, batchSize, flip, takesText);
        (_start, Count) = (part ?? Range.All).GetOffsetAndLength(batchSize);
        _trained = trained ?? [.. Enumerable.Range(0, data.Count)];
        (_flips, _crops) = (new RandomStream(seed, RandomStreams.Flips), new RandomStream(seed, RandomStreams.Crops));
        _captions = new RandomStream(seed, RandomStreams.Captions);
        _order = new ShuffledOrder(_trained.Length, new RandomStream(seed, RandomStreams.DataOrder));
        if (data.SecondImages == SecondImages.Unpaired)
            _secondOrder = new ShuffledOrder(data.SecondCount, new RandomStream(seed, RandomStreams.SecondOrder));
    }

    /// <summary>How many images of a batch are read (N).</summary>
    public int Count { get; }

    /// <summary>Bytes of these images.</summary>
    public int Length => Count * _data.ImageLength;

    /// <summary>Reads a batch.</summary>
    /// <param name="batch">Its number, from 0.</param>
    /// <param name="pixels">Gets the images <c>[N, C, H, W]</c>.</param>
    /// <param name="labels">Gets their classes or captions <c>[N]</c>.</param>
    /// <param name="second">Gets the second images <c>[N, C, H, W]</c>; looked at only where the data has some.</param>
    public void Read(long batch, byte[] pixels, long[] labels, byte[]? second = null)
    {
        var first = batch * _batchSize + _start;
        var (drawn, drawnSecond) = (new int[Count], new int[Count]);
        for (var i = 0; i < Count; i++)
        {
            drawn[i] = _trained[_order[first + i]];
            drawnSecond[i] = _secondOrder?[first + i] ?? drawn[i];
            labels[i] = _takesText ? Caption(drawn[i], first + i) : _data.Labels[drawn[i]];
        }
        if (Length < WorthSharing)
            for (var i = 0; i < Count; i++)
                ReadImage(i);
        else
            Parallel.For(0, Count, ReadImage);

        void ReadImage(int i)
        {
            var mirrored = _flip && _flips.Below((ulong)(first + i), 2) == 1;
            var places = _data.Margin + 1;
            var place = _crops.Below((ulong)(first + i), places * places);
            var (top, left) = (place / places, place % places);
            var image = pixels.AsSpan(i * _data.ImageLength, _data.ImageLength);
            _data.Read(drawn[i], image, top, left);
            Mirror(image, mirrored);
            if (_data.SecondImages == SecondImages.None || second is null)
                return;
            var other = second.AsSpan(i * _data.ImageLength, _data.ImageLength);
            _data.ReadSecond(drawnSecond[i], other, top, left);
            Mirror(other, mirrored);
        }
    }

    private int Caption(int image, long draw)
    {
        var captions = _data.CaptionsOf(image);
        return captions[_captions.Below((ulong)draw, captions.Count)];
    }

    private void Mirror(Span<byte> image, bool mirrored)
    {
        for (var row = 0; mirrored && row < image.Length; row += _data.Size)
            image.Slice(row, _data.Size).Reverse();
    }

    /// <summary>Numbers from 0 in an order of its own for every epoch.</summary>
    private sealed class ShuffledOrder(int count, RandomStream stream)
    {
        private readonly int[] _numbers = new int[count];
        private long _epoch = -1;

        /// <summary>What comes at a place, counted over all epochs.</summary>
        public int this[long place]
        {
            get
            {
                Shuffle(place / count);
                return _numbers[place % count];
            }
        }

        private void Shuffle(long epoch)
        {
            if (epoch == _epoch)
                return;
            for (var i = 0; i < _numbers.Length; i++)
                _numbers[i] = i;
            stream.Shuffle((ulong)epoch, _numbers.AsSpan());
            _epoch = epoch;
        }
    }
}
