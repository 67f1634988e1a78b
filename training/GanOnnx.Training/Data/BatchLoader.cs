using GanOnnx.Data;
using TorchSharp;

namespace GanOnnx.Training.Data;

/// <summary>
/// Reads the next batch on another thread while the current one is trained on. Its buffers are used over and over: memory
/// that other threads allocate makes the garbage collector run, which TorchSharp's temporaries don't like.
/// </summary>
internal sealed class BatchLoader : IDisposable
{
    private readonly BatchSampler _sampler;
    private readonly long[] _shape;
    private readonly bool _labelled;
    private readonly (byte[] Pixels, long[] Labels, byte[]? Second)[] _buffers;
    private readonly Thread _reader;
    private readonly SemaphoreSlim _wanted = new(0), _ready = new(0);
    private long _next = -1;
    private volatile bool _closed;
    private Exception? _failure;

    /// <param name="data">The images.</param>
    /// <param name="options">The batch size, the seed, and whether labels and mirrored images are wanted.</param>
    /// <param name="trained">The images that batches are drawn from; null for all.</param>
    /// <param name="part">The part of each batch that is read; null for all of it.</param>
    public BatchLoader(ImageDataset data, TrainingOptions options, int[]? trained = null, Range? part = null)
    {
        _sampler = new BatchSampler(data, options.BatchSize, options.Seed, options.Flips, trained, part, options.TakesText);
        _shape = data.ShapeOf(_sampler.Count);
        _labelled = options.IsConditional;
        (byte[], long[], byte[]?) Buffers() =>
            (new byte[_sampler.Length], new long[_sampler.Count],
                data.SecondImages == SecondImages.None ? null : new byte[_sampler.Length]);
        _buffers = [Buffers(), Buffers()];
        _reader = new Thread(ReadAhead) { IsBackground = true, Name = "BatchLoader" };
        _reader.Start();
    }

    /// <summary>A batch; the caller disposes it. The one after it is read meanwhile.</summary>
    /// <param name="number">Its number, from 0.</param>
    public TrainingBatch Load(long number)
    {
        if (number != _next)
        {
            if (_next >= 0)
                Wait();
            Request(number);
        }
        Wait();
        var (pixels, labels, second) = _buffers[number % 2];
        Request(number + 1);
        return new(torch.tensor(pixels, _shape), _labelled ? torch.tensor(labels) : null)
        {
            SecondImages = second is null ? null : torch.tensor(second, _shape),
        };
    }

    private void Request(long number)
    {
        _next = number;
        _wanted.Release();
    }

    private void Wait()
    {
        _ready.Wait();
        if (_failure is { } failure)
            throw new IOException(failure.Message, failure);
    }

    private void ReadAhead()
    {
        while (true)
        {
            _wanted.Wait();
            if (_closed)
                return;
            try
            {
                var (pixels, labels, second) = _buffers[_next % 2];
                _sampler.Read(_next, pixels, labels, second);
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException or AggregateException)
            {
                _failure = e;
            }
            _ready.Release();
        }
    }

    /// <summary>Ends the thread.</summary>
    public void Dispose()
    {
        _closed = true;
        _wanted.Release();
        _reader.Join();
        _wanted.Dispose();
        _ready.Dispose();
    }
}
