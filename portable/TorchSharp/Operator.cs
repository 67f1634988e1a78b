using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>An argument of an ATen operator; None stands for an absent optional.</summary>
internal readonly struct Argument
{
    internal readonly Native.Kind Kind;
    internal readonly long Integer;
    internal readonly double Number;
    internal readonly object? Object;

    private Argument(Native.Kind kind, long integer = 0, double number = 0, object? value = null) =>
        (Kind, Integer, Number, Object) = (kind, integer, number, value);

    internal static readonly Argument None = default;

    public static implicit operator Argument(Tensor? value) => value is null ? None : new(Native.Kind.Tensor, value: value);
    public static implicit operator Argument(long value) => new(Native.Kind.Int, value);
    public static implicit operator Argument(long? value) => value is { } integer ? integer : None;
    public static implicit operator Argument(double value) => new(Native.Kind.Double, number: value);
    public static implicit operator Argument(double? value) => value is { } number ? number : None;
    public static implicit operator Argument(bool value) => new(Native.Kind.Bool, value ? 1 : 0);
    public static implicit operator Argument(long[]? value) => value is null ? None : new(Native.Kind.IntList, value.Length, value: value);
    public static implicit operator Argument(Tensor?[] value) => new(Native.Kind.TensorList, value.Length, value: value);
    public static implicit operator Argument(Scalar? value) =>
        value is null ? None : value.IsFloatingPoint ? value.Number : value.IsBool ? value.Integer != 0 : value.Integer;
    public static implicit operator Argument(NativeModule value) => new(Native.Kind.None, value: value);
    public static implicit operator Argument(ScalarType? value) => value is null ? None : (long)value.Value;
    public static implicit operator Argument(string value) => new(Native.Kind.String, value: System.Text.Encoding.UTF8.GetBytes(value + '\0'));
    public static implicit operator Argument(Device? value) => value is null ? None : new(Native.Kind.Device, value.index, value: value);
}

/// <summary>Calls ATen operators by name through the dispatcher.</summary>
internal static unsafe class Operator
{
    private static readonly ConcurrentDictionary<(string, string), nint> Handles = new();

    internal static Tensor Call(string name, params ReadOnlySpan<Argument> arguments) => Call(name, "", arguments);

    internal static Tensor Call(string name, string overload, params ReadOnlySpan<Argument> arguments)
    {
        nint result;
        Invoke(name, overload, arguments, &result, 1);
        return new Tensor(result);
    }

    /// <summary>For an operator that changes its first argument and returns it.</summary>
    internal static Tensor InPlace(Tensor self, string name, string overload, params ReadOnlySpan<Argument> arguments)
    {
        nint result;
        Invoke(name, overload, arguments, &result, 1);
        Native.gx_release(result);
        return self;
    }

    /// <summary>For an operator with two results.</summary>
    internal static (Tensor, Tensor) CallTwo(string name, string overload, params ReadOnlySpan<Argument> arguments) =>
        CallMany(name, overload, arguments) is [var first, var second] ? (first, second) : throw new InvalidOperationException(name);

    internal static Tensor[] CallMany(string name, string overload, params ReadOnlySpan<Argument> arguments)
    {
        const int most = 1024;
        var results = stackalloc nint[most];
        var count = Invoke(name, overload, arguments, results, most);
        var tensors = new Tensor[count];
        for (var i = 0; i < count; i++)
            tensors[i] = new Tensor(results[i]);
        return tensors;
    }

    private static long Invoke(string name, string overload, ReadOnlySpan<Argument> arguments, nint* results, long capacity)
    {
        var op = Handles.GetOrAdd((name, overload), static key => Native.Check(Native.gx_operator("aten::" + key.Item1, key.Item2)));
        var values = stackalloc Native.Value[arguments.Length];
        var pins = default(Pins);
        try
        {
            for (var i = 0; i < arguments.Length; i++)
                values[i] = Marshalled(arguments[i], ref pins);
            return Native.Check(Native.gx_call(op, values, arguments.Length, results, capacity));
        }
        finally
        {
            pins.Free();
            foreach (var argument in arguments)
                GC.KeepAlive(argument.Object);
        }
    }

    private static Native.Value Marshalled(in Argument argument, ref Pins pins)
    {
        var value = new Native.Value { Kind = argument.Kind, Integer = argument.Integer, Number = argument.Number };
        value.Pointer = argument.Object switch
        {
            null => 0,
            Tensor tensor => tensor.Handle,
            Device device => (nint)(int)device.type,
            Tensor?[] tensors => pins.Pin(Array.ConvertAll(tensors, t => t?.Handle ?? 0)),
            _ => pins.Pin(argument.Object),
        };
        return value;
    }

    [InlineArray(8)]
    private struct Slots
    {
        private GCHandle _first;
    }

    private struct Pins
    {
        private Slots _slots;
        private int _count;

        internal nint Pin(object array)
        {
            _slots[_count] = GCHandle.Alloc(array, GCHandleType.Pinned);
            return _slots[_count++].AddrOfPinnedObject();
        }

        internal void Free()
        {
            for (var i = 0; i < _count; i++)
                _slots[i].Free();
        }
    }
}
