using System.Runtime.InteropServices;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>
/// A module that libtorch makes and runs itself. Its settings can't be read back, as in the published TorchSharp: all
/// that is known of it are its parameters.
/// </summary>
internal sealed unsafe class NativeModule
{
    private const int Arguments = 10;

    [ThreadStatic] private static List<(string, Parameter)>? _found;

    private readonly nint _handle;

    internal NativeModule(string type, params ReadOnlySpan<Argument> arguments)
    {
        var values = stackalloc Native.Value[Arguments];
        Fill(values, arguments);
        _handle = Native.Check(Native.gx_module(type, values));
    }

    ~NativeModule()
    {
        if (_handle != 0)
            Native.gx_module_release(_handle);
    }

    internal string Name => Marshal.PtrToStringUTF8(Native.gx_module_name(_handle))!;

    internal bool Training
    {
        get => Native.gx_module_training(_handle, -1) != 0;
        set => Native.gx_module_training(_handle, value ? 1 : 0);
    }

    internal nint Weight => Native.gx_module_weight(_handle);

    internal List<(string Name, Parameter Parameter)> Parameters()
    {
        _found = [];
        Native.gx_module_parameters(_handle, &Add);
        return _found;
    }

    internal Tensor Call(params ReadOnlySpan<Argument> arguments) => CallMany(arguments)[0];

    internal Tensor[] CallMany(params ReadOnlySpan<Argument> arguments)
    {
        var values = stackalloc Native.Value[Arguments];
        Fill(values, arguments);
        var results = stackalloc nint[3];
        var tensors = new Tensor[Native.Check(Native.gx_module_call(_handle, values, results))];
        foreach (var argument in arguments)
            GC.KeepAlive(argument.Object);
        for (var i = 0; i < tensors.Length; i++)
            tensors[i] = new Tensor(results[i]);
        return tensors;
    }

    private static void Fill(Native.Value* values, ReadOnlySpan<Argument> arguments)
    {
        new Span<Native.Value>(values, Arguments).Clear();
        for (var i = 0; i < arguments.Length; i++)
            values[i] = new Native.Value
            {
                Kind = arguments[i].Kind,
                Integer = arguments[i].Integer,
                Number = arguments[i].Number,
                Pointer = arguments[i].Object switch { Tensor tensor => tensor.Handle, NativeModule module => module._handle, _ => 0 },
            };
    }

    [UnmanagedCallersOnly]
    private static void Add(nint name, nint parameter) => _found!.Add((Marshal.PtrToStringUTF8(name)!, new Parameter(parameter)));
}
