using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Export.Running;

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
        var method = _methods.GetOrAdd((module.GetType(), inputs.Count), key => Find(key.Type, inputs))
            ?? throw TakesNot(module, inputs.Count);
        var arguments = Arguments(method, inputs);
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

    private static ArgumentException TakesNot(nn.Module module, int inputs) =>
        new($"{module.GetType().Name} takes no {inputs} tensor{(inputs == 1 ? "" : "s")}.");

    // The fewest further parameters; of two equal ones the most derived, whose defaults are the module's own.
    private static MethodInfo? Find(Type type, IReadOnlyList<Tensor> inputs) =>
        type.GetMethods(BindingFlags.Public | BindingFlags.Instance)
            .Where(m => m.Name == "call" && Arguments(m, inputs) is not null)
            .OrderBy(m => m.GetParameters().Length).ThenByDescending(m => m.DeclaringType == type)
            .FirstOrDefault();

    /// <summary>The tensors in order, two for LSTM's pair of states, then what the parameters after them default to; null where they don't
    /// fit.</summary>
    private static object?[]? Arguments(MethodInfo method, IReadOnlyList<Tensor> inputs)
    {
        var (parameters, next) = (method.GetParameters(), 0);
        var arguments = new object?[parameters.Length];
        for (var i = 0; i < parameters.Length; i++)
        {
            var (type, left) = (parameters[i].ParameterType, inputs.Count - next);
            if (left >= 1 && type == typeof(Tensor))
                arguments[i] = inputs[next++];
            else if (left >= 2 && type == typeof((Tensor, Tensor)?))
                arguments[i] = (inputs[next++], inputs[next++]);
            else if (left == 0 && MayBeLeftOut(parameters[i]))
                arguments[i] = parameters[i].HasDefaultValue ? parameters[i].DefaultValue : null;
            else
                return null;
        }
        return next == inputs.Count ? arguments : null;
    }

    // TorchSharp's own Module.call doesn't say which of its parameters may be null; a module's own call does.
    private static bool MayBeLeftOut(ParameterInfo parameter) =>
        parameter.HasDefaultValue
        || Nullable.GetUnderlyingType(parameter.ParameterType) is not null
        || (!parameter.ParameterType.IsValueType
            && (parameter.Member.DeclaringType!.IsGenericType
                || new NullabilityInfoContext().Create(parameter).WriteState == NullabilityState.Nullable));

    private static IEnumerable<Tensor> Flat(object? result) => result switch
    {
        Tensor tensor => [tensor],
        IEnumerable<Tensor> tensors => tensors,
        ITuple tuple => Enumerable.Range(0, tuple.Length).SelectMany(i => Flat(tuple[i])),
        _ => [],
    };
}
