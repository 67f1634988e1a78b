using System.Runtime.InteropServices;

namespace GanOnnx.Inference.Images;

/// <summary>Where images go that are made: this library's floats, or the bytes of picture files.</summary>
internal readonly struct ImageMemory
{
    private readonly Array _values;
    private readonly int _start;

    /// <summary>Images in this library's form, from the value <paramref name="start"/> on.</summary>
    public ImageMemory(float[] values, int start = 0) => (_values, _start) = (values, start);

    /// <summary>Images in the form of picture files, from the byte <paramref name="start"/> on.</summary>
    public ImageMemory(byte[] values, int start = 0) => (_values, _start) = (values, start);

    /// <summary>The form of the images.</summary>
    public ImageForm FormOf(ImageShape shape) => _values is byte[]? ImageForm.Picture(shape) : ImageForm.Library(shape);

    /// <summary>Whether all values of the first images are numbers.</summary>
    public bool AreFinite(ImageShape shape, int count) => _values is byte[]
        || Finite.Are(MemoryMarshal.Cast<byte, float>(Of(shape, 0, count)));

    /// <summary>The bytes of some of the images.</summary>
    public Span<byte> Of(ImageShape shape, int first, int count)
    {
        var (start, length) = (_start + first * shape.Length, count * shape.Length);
        return _values is byte[] bytes ? bytes.AsSpan(start, length) : MemoryMarshal.AsBytes(((float[])_values).AsSpan(start, length));
    }
}
