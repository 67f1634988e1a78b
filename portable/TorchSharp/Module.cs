using System.Reflection;
using TorchSharp.Modules;

namespace TorchSharp
{
    namespace Utils
    {
        [AttributeUsage(AttributeTargets.Field)]
        public class ComponentNameAttribute : Attribute
        {
            public string Name { get; set; } = "";
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public interface IModule<T, TResult>
            {
                TResult call(T input1);
            }

            public class Module : IDisposable
            {
                private readonly Dictionary<string, Module> _modules = [];
                private readonly Dictionary<string, Parameter> _parameters = [];
                private readonly Dictionary<string, Tensor> _buffers = [];
                private readonly List<string> _moduleOrder = [], _parameterOrder = [], _bufferOrder = [];
                private readonly string _name;
                private bool _componentsRegistered;

                protected Module(string name) => _name = name;

                public virtual string GetName() => _name;

                public virtual bool training { get; private set; } = true;

                public virtual void train(bool train = true)
                {
                    training = train;
                    foreach (var (_, module) in named_children())
                        module.train(train);
                }

                public virtual void eval() => train(false);

                public virtual void zero_grad(bool set_to_none = true)
                {
                    if (!set_to_none)
                        throw new NotSupportedException("The portable TorchSharp clears gradients to none only.");
                    foreach (var parameter in parameters())
                        parameter.grad = null;
                }

                public virtual void register_module(string name, Module submodule)
                {
                    if (name.Contains('.') || name.Length == 0)
                        throw new ArgumentException($"'{name}' can't be a module's name: it is empty or has a dot.");
                    if (!_modules.TryAdd(name, submodule))
                        throw new InvalidOperationException($"Sub-module {name} is already registered.");
                    _moduleOrder.Add(name);
                    submodule.RegisterComponents();
                }

                public void add_module(string name, Module module) => register_module(name, module);

                public virtual void register_parameter(string name, Parameter param)
                {
                    if (!_parameters.TryAdd(name, param))
                        throw new InvalidOperationException($"Parameter {name} is already registered.");
                    _parameterOrder.Add(name);
                }

                public virtual void register_buffer(string name, Tensor tensor, bool persistent = true)
                {
                    if (!persistent)
                        throw new NotSupportedException("The portable TorchSharp keeps persistent buffers only.");
                    if (!_buffers.TryAdd(name, tensor))
                        throw new InvalidOperationException($"Tensor {name} is already registered.");
                    _bufferOrder.Add(name);
                }

                /// <summary>Registers what the fields of a module of one's own hold.</summary>
                protected virtual void RegisterComponents()
                {
                    if (_componentsRegistered)
                        return;
                    _componentsRegistered = true;
                    for (var type = GetType(); type is not null && type != typeof(Module); type = type.BaseType)
                        foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                            Register(field.GetCustomAttribute<Utils.ComponentNameAttribute>()?.Name ?? field.Name, field.GetValue(this));
                }

                private void Register(string name, object? value)
                {
                    if (_modules.ContainsKey(name) || _parameters.ContainsKey(name) || _buffers.ContainsKey(name) || IsRegistered(value))
                        return;
                    if (value is Module module)
                        register_module(name, module);
                    else if (value is Parameter parameter)
                        register_parameter(name, parameter);
                    else if (value is Tensor tensor)
                        register_buffer(name, tensor);
                }

                // The modules of this assembly register what they have themselves, under its public name.
                private bool IsRegistered(object? value) =>
                    value is Tensor && (_parameters.Values.Contains(value) || _buffers.Values.Contains(value));

                public virtual IEnumerable<(string name, Module module)> named_children() =>
                    _moduleOrder.Select(name => (name, _modules[name]));

                public virtual IEnumerable<(string name, Module module)> named_modules() =>
                    named_children().Concat(named_children().SelectMany(child =>
                        child.module.named_modules().Select(inner => ($"{child.name}.{inner.name}", inner.module))));

                // A tensor that is reached twice is listed once, by the first name; state_dict has it under the name of each registered module.
                public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true) =>
                    _parameterOrder.Select(name => (name, parameter: _parameters[name])).Concat(!recurse ? [] : named_children().SelectMany(child =>
                        child.module.named_parameters().Select(inner => (name: $"{child.name}.{inner.name}", inner.parameter))))
                    .DistinctBy(p => p.parameter.Handle);

                public virtual IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_nonpersistent = true) =>
                    _bufferOrder.Select(name => (name, buffer: _buffers[name])).Concat(!recurse ? [] : named_children().SelectMany(child =>
                        child.module.named_buffers().Select(inner => (name: $"{child.name}.{inner.name}", inner.buffer))))
                    .DistinctBy(b => b.buffer.Handle);

                public virtual IEnumerable<Parameter> parameters(bool recurse = true) => named_parameters(recurse).Select(p => p.parameter);

                public virtual Dictionary<string, Tensor> state_dict(Dictionary<string, Tensor>? destination = null, string? prefix = null)
                {
                    destination ??= [];
                    var before = string.IsNullOrEmpty(prefix) ? "" : prefix + ".";
                    foreach (var (name, parameter) in named_parameters())
                        destination.TryAdd(before + name, parameter);
                    foreach (var (name, buffer) in named_buffers())
                        destination.TryAdd(before + name, buffer);
                    foreach (var name in _moduleOrder)
                        _modules[name].state_dict(destination, before + name);
                    return destination;
                }

                protected virtual void Dispose(bool disposing)
                {
                    if (!disposing)
                        return;
                    foreach (var (_, module) in named_children())
                        module.Dispose();
                    foreach (var tensor in _parameters.Values.Concat(_buffers.Values))
                        tensor.Dispose();
                }

                public void Dispose()
                {
                    Dispose(true);
                    GC.SuppressFinalize(this);
                }
            }

            public class HookableModule<TPreHook, TPostHook> : Module
            {
                private protected readonly List<TPostHook> _postHooks = [];

                protected HookableModule(string name) : base(name) { }

                public HookRemover register_forward_hook(TPostHook hook)
                {
                    _postHooks.Add(hook);
                    return new HookRemover(_postHooks, hook);
                }

                public class HookRemover
                {
                    private readonly List<TPostHook> _hooks;
                    private readonly TPostHook _hook;

                    internal HookRemover(List<TPostHook> hooks, TPostHook hook) => (_hooks, _hook) = (hooks, hook);

                    public void remove() => _hooks.Remove(_hook);
                }
            }

            public abstract class Module<T, TResult> : HookableModule<Func<Module<T, TResult>, T, T>, Func<Module<T, TResult>, T, TResult, TResult>>, IModule<T, TResult>
            {
                protected Module(string name) : base(name) { }

                public abstract TResult forward(T input);

                public TResult call(T input)
                {
                    var result = forward(input);
                    foreach (var hook in _postHooks)
                        result = hook(this, input, result) ?? result;
                    return result;
                }
            }

            public static Parameter Parameter(Tensor data, bool requires_grad = true) => new(data, requires_grad);
        }
    }

    namespace Modules
    {
        public class Parameter : torch.Tensor
        {
            public Parameter(torch.Tensor data, bool requires_grad = true) : this(data, data.OwningDisposeScope, requires_grad) { }

            private Parameter(torch.Tensor data, DisposeScope? scope, bool requires_grad)
                : base(data.with_requires_grad(requires_grad).MoveHandle(), register: false)
            {
                if (scope is not null)
                    DisposeScope.ReplaceWith(data, this);
            }
        }
    }

    public static class ModuleExtensionMethods
    {
        public static T to<T>(this T module, torch.Device device, bool non_blocking = false) where T : torch.nn.Module =>
            device.type == DeviceType.CPU ? module : throw new InvalidOperationException("CUDA is not available.");
    }
}
