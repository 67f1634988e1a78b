using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Export.Internals;

/// <summary>Runs a module of any signature on tensors: its <c>call</c>, with what follows them left out.</summary>
internal static class ModuleRunner
{
    private static readonly ConcurrentDictionary<(Type Type, int Inputs), MethodInfo?> _methods = new();

    /// <summary>Runs a module and gives its outputs flat, tuples in their order; what is null is left out.</summary>
    public static Tensor[] Run(nn.Module module, IReadOnlyList<Tensor> inputs)
    {
        if (module is nn.Module<Tensor, Tensor> plain && inputs.Count == 1)
            return [plain.call(inputs[0])];
        if (module is nn.Module<Tensor[], Tensor[]> many)
            return many.call([.. inputs]);
        var method = _methods.GetOrAdd((module.GetType(), inputs.Count), key => Find(key.Type, key.Inputs))
            ?? throw new ArgumentException($"{module.GetType().Name} takes no {inputs.Count} tensors.");
        object?[] arguments = [.. inputs, .. method.GetParameters().Skip(inputs.Count).Select(Left)];
        try
        {
            return [.. Flat(method.Invoke(module, arguments))];
        }
        catch (TargetInvocationException e) when (e.InnerException is { } inner)
        {
            ExceptionDispatchInfo.Throw(inner);
            throw;
        }
    }

    // The fewest further parameters; of two equal ones the most derived, whose defaults are the module's own.
    private static MethodInfo? Find(Type type, int inputs) =>
        type.GetMethods(BindingFlags.Public | BindingFlags.Instance)
            .Where(m => m.Name == "call" && m.GetParameters() is var p && p.Length >= inputs
                && p.Take(inputs).All(q => q.ParameterType == typeof(Tensor))
                && p.Skip(inputs).All(q => q.HasDefaultValue || !q.ParameterType.IsValueType || Nullable.GetUnderlyingType(q.ParameterType) is not null))
            .OrderBy(m => m.GetParameters().Length).ThenByDescending(m => m.DeclaringType == type)
            .FirstOrDefault();

    private static object? Left(ParameterInfo parameter) => parameter.HasDefaultValue ? parameter.DefaultValue : null;

    private static IEnumerable<Tensor> Flat(object? result) => result switch
    {
        Tensor tensor => [tensor],
        IEnumerable<Tensor> tensors => tensors,
        ITuple tuple => Enumerable.Range(0, tuple.Length).SelectMany(i => Flat(tuple[i])),
        _ => [],
    };
}
