namespace TorchSharp;

public sealed class Scalar : IDisposable
{
    private Scalar(double number) => (Number, IsFloatingPoint) = (number, true);
    private Scalar(long integer, bool isBool = false) => (Integer, IsBool) = (integer, isBool);

    internal double Number { get; }
    internal long Integer { get; }
    internal bool IsFloatingPoint { get; }
    internal bool IsBool { get; }

    public static implicit operator Scalar(byte value) => new((long)value);
    public static implicit operator Scalar(sbyte value) => new((long)value);
    public static implicit operator Scalar(short value) => new((long)value);
    public static implicit operator Scalar(int value) => new((long)value);
    public static implicit operator Scalar(long value) => new(value);
    public static implicit operator Scalar(Half value) => new((double)value);
    public static implicit operator Scalar(float value) => new((double)value);
    public static implicit operator Scalar(double value) => new(value);
    public static implicit operator Scalar(bool value) => new(value ? 1 : 0, isBool: true);

    public void Dispose() => GC.SuppressFinalize(this);
}

public static class ScalarExtensionMethods
{
    public static Scalar ToScalar(this int value) => value;
    public static Scalar ToScalar(this long value) => value;
    public static Scalar ToScalar(this float value) => value;
    public static Scalar ToScalar(this double value) => value;
}
