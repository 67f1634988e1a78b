using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using GanOnnx.Inference.Runtime;

namespace GanOnnx.Inference;

/// <summary>
/// Where a model runs: <c>auto</c>, <c>cpu</c>, <c>cuda</c>, or one of several GPUs as in <c>cuda:1</c> and <c>auto:1</c>.
/// The default is auto.
/// </summary>
[TypeConverter(typeof(DeviceConverter))]
public readonly record struct Device : IParsable<Device>
{
    private Device(DeviceKind kind, int index = 0) => (Kind, Index) = (kind, index);

    /// <summary>The first NVIDIA GPU if CUDA works here, else the CPU: without a word where there is no GPU, with a notice that says why
    /// where there is one.</summary>
    public static Device Auto => default;

    /// <summary>The CPU.</summary>
    public static Device Cpu => new(DeviceKind.Cpu);

    /// <summary>The first NVIDIA GPU; an error if it can't be used.</summary>
    public static Device Cuda => CudaAt(0);

    /// <summary>Which GPU, counted from 0 as CUDA does; 0 for the CPU.</summary>
    public int Index { get; }

    internal DeviceKind Kind { get; }

    /// <summary>One of several NVIDIA GPUs; an error if it can't be used.</summary>
    /// <param name="index">Which one, counted from 0 as CUDA does.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is less than 0.</exception>
    public static Device CudaAt(int index) => new(DeviceKind.Cuda, Checked(index));

    /// <summary>One of several NVIDIA GPUs, else the CPU with a notice that says why.</summary>
    /// <inheritdoc cref="CudaAt"/>
    public static Device AutoAt(int index) => new(DeviceKind.Auto, Checked(index));

    /// <summary>Reads <c>auto</c>, <c>cpu</c>, <c>cuda</c>, <c>cuda:N</c> or <c>auto:N</c>, N counted from 0, in any case.</summary>
    /// <exception cref="FormatException">It is none of these; the message says which there are.</exception>
    public static Device Parse(string text) => Parse(text, null);

    /// <inheritdoc cref="Parse(string)"/>
    public static Device Parse(string s, IFormatProvider? provider)
    {
        ArgumentNullException.ThrowIfNull(s);
        return TryParse(s, provider, out var device) ? device : throw Errors.UnknownDevice(s);
    }

    /// <summary>As <see cref="Parse(string)"/>; false where that throws.</summary>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Device result)
    {
        var parts = s?.Trim().ToLowerInvariant().Split(':') ?? [];
        var index = 0;
        var known = parts.Length == 1
            || (parts.Length == 2 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out index));
        (result, known) = (known, parts) switch
        {
            (true, ["auto", ..]) => (AutoAt(index), true),
            (true, ["cpu"]) => (Cpu, true),
            (true, ["cuda", ..]) => (CudaAt(index), true),
            _ => (Auto, false),
        };
        return known;
    }

    /// <summary>As <see cref="Parse(string)"/> reads it; without a number for the first GPU.</summary>
    public override string ToString()
    {
        var kind = Kind.ToString().ToLowerInvariant();
        return Index == 0 ? kind : string.Create(CultureInfo.InvariantCulture, $"{kind}:{Index}");
    }

    private static int Checked(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        return index;
    }
}
