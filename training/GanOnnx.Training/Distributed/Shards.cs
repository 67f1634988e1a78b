using System.Runtime.InteropServices;
using GanOnnx.Inference;
using GanOnnx.Training.Monitoring;
using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Training.Distributed;

/// <summary>
/// A batch in equal parts, its shards, whose gradients are averaged; workers take as many consecutive ones each. A shard is computed from
/// the same weights, buffers and state as the others, with random numbers of its own; what it changes in buffers and state is averaged
/// too. All is added along a tree that the shards' number alone decides, so how many workers share them changes no bit.
/// </summary>
/// <remarks>It works on flat memory of the CPU: written there, a buffer doesn't count as changed for graphs that are still to be gone
/// back through.</remarks>
internal sealed class Shards
{
    private readonly Workers _workers;
    private readonly Measurements _measurements;
    private readonly Tensor[] _state;
    private readonly byte[][] _stateBefore;
    private readonly RandomStream _seeds;
    private readonly int _perShard, _batchSize;

    // One for each depth of the tree, and one to receive in.
    private readonly List<float[]> _buffers = [];
    private IReadOnlyList<(Figure Figure, float Value)> _measured = [];
    private int _length;

    /// <param name="options">Valid options.</param>
    /// <param name="measurements">Get what the shards measure, averaged.</param>
    /// <param name="state">What shards change beside gradients: buffers of networks and the like, on the CPU.</param>
    public Shards(TrainingOptions options, Measurements measurements, IEnumerable<Tensor> state)
    {
        (_workers, _measurements) = (Workers.Current, measurements);
        _state = [.. state];
        _stateBefore = [.. _state.Select(tensor => new byte[tensor.bytes.Length])];
        _seeds = new RandomStream(options.Seed, RandomStreams.ShardSeeds);
        (Count, _batchSize, _perShard) = (options.Shards, options.BatchSize, options.BatchSize / options.Shards);
    }

    /// <summary>How many there are, over all workers.</summary>
    public int Count { get; }

    /// <summary>How many this worker computes.</summary>
    public int Own => Count / _workers.Count;

    private int First => _workers.Rank * Own;

    /// <summary>The part of a batch that a worker reads.</summary>
    /// <param name="options">Valid options.</param>
    public static Range PartOf(TrainingOptions options)
    {
        var (workers, count) = (Workers.Current, options.BatchSize / Workers.Current.Count);
        return (workers.Rank * count)..((workers.Rank + 1) * count);
    }

    /// <summary>A shard's rows of a tensor that has those of this worker's part of the batch.</summary>
    public Tensor RowsOf(Tensor part, int shard) => part.narrow(0, (long)(shard - First) * _perShard, _perShard);

    /// <summary>A shard's rows of a tensor that has those of the whole batch.</summary>
    public Tensor RowsOfAll(Tensor batch, int shard) => batch.narrow(0, (long)shard * _perShard, _perShard);

    /// <summary>Computes this worker's shards and gives the optimizer's network the average gradient of all.</summary>
    /// <param name="optimizer">The optimizer.</param>
    /// <param name="turn">A number that no other call in the run has, which decides what is random in it.</param>
    /// <param name="backward">Computes the gradients of a shard, by its number of all; may give a score for each of its images.</param>
    /// <returns>The scores of the whole batch; zeros where none are given.</returns>
    public float[] Average(NetworkOptimizer optimizer, long turn, Func<int, Tensor?> backward)
    {
        foreach (var (tensor, before) in _state.Zip(_stateBefore))
            tensor.bytes.CopyTo(before);
        Sum(First, Own, depth: 0);
        var sums = Numbers(0);
        _workers.Sum(sums, Numbers(1));
        // Their number is a power of two: what is the same in all of them stays as it is.
        foreach (ref var number in sums[..^_batchSize])
            number /= Count;
        Take(sums, optimizer);
        return sums[^_batchSize..].ToArray();

        void Sum(int first, int count, int depth)
        {
            if (count == 1)
            {
                Compute(first, depth);
                return;
            }
            Sum(first, count / 2, depth);
            Sum(first + count / 2, count / 2, depth + 1);
            Workers.Add(Numbers(depth), Numbers(depth + 1));
        }

        void Compute(int shard, int depth)
        {
            using var scope = NewDisposeScope();
            foreach (var (tensor, before) in _state.Zip(_stateBefore))
                before.CopyTo(tensor.bytes);
            random.manual_seed(_seeds.Below((ulong)(turn * Count + shard), int.MaxValue));
            optimizer.Network.zero_grad();
            Tensor? scores = null;
            _measured = _measurements.Collect(() => scores = backward(shard));
            Give(shard, optimizer, scores, depth);
        }
    }

    // In order: gradients, what of the state is float, what was measured, the batch's scores.
    private void Give(int shard, NetworkOptimizer optimizer, Tensor? scores, int depth)
    {
        _length = (int)(optimizer.Parameters.Sum(p => p.numel()) + FloatState.Sum(t => t.numel()) + _measured.Count + _batchSize);
        var rest = Numbers(depth);
        rest.Clear();
        foreach (var parameter in optimizer.Parameters)
        {
            if (parameter.grad is { } gradient)
                Floats(gradient.contiguous()).CopyTo(rest);
            rest = rest[(int)parameter.numel()..];
        }
        foreach (var tensor in FloatState)
        {
            Floats(tensor).CopyTo(rest);
            rest = rest[(int)tensor.numel()..];
        }
        for (var i = 0; i < _measured.Count; i++)
            rest[i] = _measured[i].Value;
        if (scores is not null)
            Floats(scores.contiguous()).CopyTo(rest[(_measured.Count + shard * _perShard)..]);
    }

    private void Take(ReadOnlySpan<float> rest, NetworkOptimizer optimizer)
    {
        using var scope = NewDisposeScope();
        foreach (var parameter in optimizer.Parameters)
        {
            if (parameter.grad is { } gradient)
            {
                if (!gradient.is_contiguous())
                    parameter.grad = gradient = gradient.contiguous();
                rest[..(int)parameter.numel()].CopyTo(Floats(gradient));
            }
            rest = rest[(int)parameter.numel()..];
        }
        foreach (var tensor in FloatState)
        {
            rest[..(int)tensor.numel()].CopyTo(Floats(tensor));
            rest = rest[(int)tensor.numel()..];
        }
        for (var i = 0; i < _measured.Count; i++)
            _measurements.Add(_measured[i].Figure, tensor(rest[i]));
    }

    // Counts of batches are the same in all shards.
    private IEnumerable<Tensor> FloatState => _state.Where(tensor => tensor.dtype == ScalarType.Float32);

    private static Span<float> Floats(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);

    private Span<float> Numbers(int depth)
    {
        while (_buffers.Count <= depth)
            _buffers.Add([]);
        if (_buffers[depth].Length < _length)
            _buffers[depth] = new float[_length];
        return _buffers[depth].AsSpan(0, _length);
    }
}
