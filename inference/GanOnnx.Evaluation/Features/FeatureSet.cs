using System.Numerics.Tensors;

namespace GanOnnx.Evaluation;

/// <summary>Feature vectors of images, in the order they were added: N vectors of D values.</summary>
/// <param name="size">Values per vector (D), 1 or more.</param>
/// <exception cref="ArgumentOutOfRangeException">There are no values.</exception>
public sealed class FeatureSet(int size)
{
    private const int RowsPerBlock = 1024;
    private const uint HalvesStream = 333;

    private readonly List<float[]> _blocks = [];
    private FeatureStatistics? _statistics;
    private double[][]? _nearest;

    /// <summary>Values per vector (D).</summary>
    public int Size { get; } = size > 0 ? size : throw new ArgumentOutOfRangeException(nameof(size), size, "A vector has a value at least.");

    /// <summary>How many vectors there are (N).</summary>
    public int Count { get; private set; }

    /// <summary>A vector, of <see cref="Size"/> values.</summary>
    /// <param name="index">Its place, 0 … N − 1.</param>
    public ReadOnlySpan<float> this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            return _blocks[index / RowsPerBlock].AsSpan(index % RowsPerBlock * Size, Size);
        }
    }

    /// <summary>Adds vectors one after the other.</summary>
    /// <param name="features">As many values as there are vectors times <see cref="Size"/>, all finite.</param>
    /// <exception cref="ArgumentException">The values are no whole vectors, or one is no finite number.</exception>
    public void Add(ReadOnlySpan<float> features)
    {
        if (features.Length % Size != 0)
            throw new ArgumentException($"{features.Length} values are no whole vectors of {Size}.", nameof(features));
        if (features.ContainsAnyExceptInRange(float.MinValue, float.MaxValue))
            throw new ArgumentException("A feature is no finite number.", nameof(features));
        (_statistics, _nearest) = (null, null);
        for (; features.Length > 0; features = features[Size..])
        {
            if (Count % RowsPerBlock == 0)
                _blocks.Add(new float[RowsPerBlock * Size]);
            features[..Size].CopyTo(_blocks[^1].AsSpan(Count++ % RowsPerBlock * Size));
        }
    }

    /// <summary>Those vectors whose place is chosen.</summary>
    /// <param name="choose">Gets each place, 0 … N − 1.</param>
    internal FeatureSet Where(Func<int, bool> choose)
    {
        var chosen = new FeatureSet(Size);
        for (var i = 0; i < Count; i++)
            if (choose(i))
                chosen.Add(this[i]);
        return chosen;
    }

    /// <summary>Two halves, drawn by the number of vectors alone: their order may mean something, as that of digits in turn.</summary>
    internal (FeatureSet First, FeatureSet Second) Halves()
    {
        var isFirst = RandomHalf(Count);
        return (Where(i => isFirst[i]), Where(i => !isFirst[i]));
    }

    /// <summary>Which of so many are in the first half.</summary>
    internal static bool[] RandomHalf(int count)
    {
        var order = Enumerable.Range(0, count).ToArray();
        new Inference.RandomStream(0, HalvesStream).Shuffle(0, order.AsSpan());
        var isFirst = new bool[count];
        foreach (var place in order.AsSpan(0, count / 2))
            isFirst[place] = true;
        return isFirst;
    }

    /// <summary>For each vector the distances to its <see cref="Neighbors.Known"/> nearest others, from near to far; infinite where there are
    /// fewer.</summary>
    internal double[][] Nearest(CancellationToken stop) => _nearest ??= Neighbors.Distances(this, stop);

    /// <summary>The vectors' mean and covariance.</summary>
    /// <exception cref="InvalidOperationException">There are fewer than two vectors.</exception>
    public FeatureStatistics Statistics() => _statistics ??= FeatureStatistics.Of(this);
}
