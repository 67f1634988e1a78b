using System.Collections;

namespace Microsoft.ML.Data;

/// <summary>Dense ones only: what the product makes and reads. The real one may be sparse.</summary>
public readonly struct VBuffer<T> : IEnumerable
{
    private readonly T[] _values;

    public readonly int Length;

    public VBuffer(int length, T[] values, int[] indices = null)
    {
        if (length < 0)
            throw new ArgumentOutOfRangeException(nameof(length));
        if ((values?.Length ?? 0) < length)
            throw new ArgumentException("Too few values.", nameof(values));
        (Length, _values) = (length, values);
    }

    public bool IsDense => true;

    public ReadOnlySpan<T> GetValues() => _values.AsSpan(0, Length);

    public IEnumerable<T> DenseValues() => (_values ?? []).Take(Length);

    public void CopyTo(ref VBuffer<T> destination)
    {
        var editor = VBufferEditor.Create(ref destination, Length);
        GetValues().CopyTo(editor.Values);
        destination = editor.Commit();
    }

    public void CopyTo(Span<T> destination)
    {
        if (destination.Length < Length)
            throw new ArgumentOutOfRangeException(nameof(destination), "Not large enough to hold these values.");
        GetValues().CopyTo(destination);
    }

    public IEnumerator GetEnumerator() => _values.GetEnumerator();

    public override string ToString() => $"Dense vector of size {Length}";

    // The array is used again where it is long enough, so that a getter in a loop doesn't allocate.
    internal VBufferEditor<T> Edit(int length) => new(length, _values?.Length >= length ? _values : new T[length]);
}

public static class VBufferEditor
{
    public static VBufferEditor<T> Create<T>(
        scoped ref VBuffer<T> destination, int newLogicalLength, int? valuesCount = null, int? maxValuesCapacity = null,
        bool keepOldOnResize = false, bool requireIndicesOnDense = false)
    {
        if (newLogicalLength < 0)
            throw new ArgumentOutOfRangeException(nameof(newLogicalLength), "Must be non-negative.");
        if (valuesCount is { } count && count != newLogicalLength || maxValuesCapacity is not null || keepOldOnResize || requireIndicesOnDense)
            throw new NotSupportedException("The stand-in for ML.NET has dense vectors only.");
        return destination.Edit(newLogicalLength);
    }
}

public readonly ref struct VBufferEditor<T>
{
    private readonly T[] _values;

    public readonly Span<T> Values;

    internal VBufferEditor(int length, T[] values)
    {
        _values = values;
        Values = values.AsSpan(0, length);
    }

    public VBuffer<T> Commit() => new(Values.Length, _values);
}
