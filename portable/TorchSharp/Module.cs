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
            public class Module : IDisposable
            {
                private readonly OrderedDictionary<string, Module> _modules = [];
                private readonly OrderedDictionary<string, Parameter> _parameters = [];
                private readonly OrderedDictionary<string, Tensor> _buffers = [];
                private readonly string _name;
                private bool _componentsRegistered, _training = true;

                protected Module(string name) => _name = name;

                // Its parameters belong to the dispose scope it is made in, as in the real one: they leave
                // named_parameters() when that ends.
                internal Module(NativeModule native)
                {
                    (_name, Native) = (native.Name, native);
                    foreach (var (name, parameter) in native.Parameters())
                        register_parameter(name, parameter);
                }

                internal NativeModule Native { get; } = null!;

                public virtual string GetName() => _name;

                public virtual bool training => Native?.Training ?? _training;

                public virtual void train(bool train = true)
                {
                    _training = train;
                    if (Native is not null)
                        Native.Training = train;
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
                    submodule.RegisterComponents();
                }

                public void add_module(string name, Module module) => register_module(name, module);

                public virtual void register_parameter(string name, Parameter param)
                {
                    if (!_parameters.TryAdd(name, param))
                        throw new InvalidOperationException($"Parameter {name} is already registered.");
                }

                public virtual void register_buffer(string name, Tensor tensor, bool persistent = true)
                {
                    if (!persistent)
                        throw new NotSupportedException("The portable TorchSharp keeps persistent buffers only.");
                    if (!_buffers.TryAdd(name, tensor))
                        throw new InvalidOperationException($"Tensor {name} is already registered.");
                }

                protected void ConditionallyRegisterParameter(string name, Parameter? value)
                {
                    if (value is null)
                        _parameters.Remove(name);
                    else
                        _parameters[name] = value;
                }

                protected void ConditionallyRegisterBuffer(string name, Tensor? value, bool persistent = true)
                {
                    if (value is null)
                        _buffers.Remove(name);
                    else
                        _buffers[name] = value;
                }

                /// <summary>What the setter of a layer's parameter does.</summary>
                private protected void Assign(string name, ref Parameter? field, Parameter? value)
                {
                    if (ReferenceEquals(field, value))
                        return;
                    field?.Dispose();
                    field = (Parameter?)value?.DetachFromDisposeScope();
                    ConditionallyRegisterParameter(name, field);
                }

                private protected void Assign(string name, ref Tensor? field, Tensor? value)
                {
                    if (ReferenceEquals(field, value))
                        return;
                    field?.Dispose();
                    field = value?.DetachFromDisposeScope();
                    ConditionallyRegisterBuffer(name, field);
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
                    if (_modules.ContainsKey(name) || _parameters.ContainsKey(name) || _buffers.ContainsKey(name))
                        return;
                    if (value is Module module)
                        register_module(name, module);
                    else if (value is Parameter parameter)
                        register_parameter(name, parameter);
                    else if (value is Tensor tensor)
                        register_buffer(name, tensor);
                }

                public virtual IEnumerable<(string name, Module module)> named_children() =>
                    _modules.Select(child => (child.Key, child.Value));

                public virtual IEnumerable<(string name, Module module)> named_modules() =>
                    named_children().Concat(named_children().SelectMany(child =>
                        child.module.named_modules().Select(inner => ($"{child.name}.{inner.name}", inner.module))));

                public virtual IEnumerable<Module> modules() => named_modules().Select(m => m.module);

                public virtual IEnumerable<Module> children() => named_children().Select(m => m.module);

                // A tensor that is reached twice is listed once, by the first name; state_dict has it under the name of each registered module.
                public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true) =>
                    _parameters.Select(p => (name: p.Key, parameter: p.Value)).Concat(!recurse ? [] : named_children().SelectMany(child =>
                        child.module.named_parameters().Select(inner => (name: $"{child.name}.{inner.name}", inner.parameter))))
                    .Where(p => !p.parameter.IsInvalid).DistinctBy(p => p.parameter.Handle);

                public virtual IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_nonpersistent = true) =>
                    _buffers.Select(b => (name: b.Key, buffer: b.Value)).Concat(!recurse ? [] : named_children().SelectMany(child =>
                        child.module.named_buffers().Select(inner => (name: $"{child.name}.{inner.name}", inner.buffer))))
                    .Where(b => !b.buffer.IsInvalid).DistinctBy(b => b.buffer.Handle);

                public virtual IEnumerable<Parameter> parameters(bool recurse = true) => named_parameters(recurse).Select(p => p.parameter);

                public virtual IEnumerable<Tensor> buffers(bool recurse = true, bool include_nonpersistent = true) => named_buffers(recurse, include_nonpersistent).Select(b => b.buffer);

                public virtual Dictionary<string, Tensor> state_dict(Dictionary<string, Tensor>? destination = null, string? prefix = null)
                {
                    destination ??= [];
                    var before = string.IsNullOrEmpty(prefix) ? "" : prefix + ".";
                    foreach (var (name, parameter) in named_parameters())
                        destination.TryAdd(before + name, parameter);
                    foreach (var (name, buffer) in named_buffers())
                        destination.TryAdd(before + name, buffer);
                    foreach (var (name, module) in _modules)
                        module.state_dict(destination, before + name);
                    return destination;
                }

                public virtual (IList<string> missing_keys, IList<string> unexpected_keyes) load_state_dict(Dictionary<string, Tensor> source, bool strict = true, IList<string>? skip = null)
                {
                    var target = state_dict();
                    string[] missing = [.. target.Keys.Except(source.Keys).Except(skip ?? [])];
                    string[] unexpected = [.. source.Keys.Except(target.Keys).Except(skip ?? [])];
                    if (strict && missing.Length + unexpected.Length > 0)
                        throw new InvalidOperationException("The loaded state_dict is not identical to the target dictionary.");
                    using var _ = no_grad();
                    foreach (var name in source.Keys.Intersect(target.Keys).Except(skip ?? []))
                        target[name].copy_(source[name]);
                    return (missing, unexpected);
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

            public static Parameter Parameter(Tensor data, bool requires_grad = true) => new(data, requires_grad);
        }
    }

    namespace Modules
    {
        public class Parameter : torch.Tensor
        {
            public Parameter(torch.Tensor data, bool requires_grad = true) : this(data, data.OwningDisposeScope, requires_grad) { }

            internal Parameter(nint handle) : base(handle) { }

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

        // The real one makes new parameters; these stay the same and change their type.
        public static T to<T>(this T module, torch.ScalarType type, bool non_blocking = false) where T : torch.nn.Module
        {
            using var scope = torch.NewDisposeScope();
            foreach (var (_, tensor) in module.state_dict())
                if (torch.is_floating_point(tensor))
                    Native.Check(Native.gx_set_data(tensor.Handle, tensor.detach().to(type).Handle));
            return module;
        }

        public static T cpu<T>(this T module, bool non_blocking = false) where T : torch.nn.Module => module;
        public static T half<T>(this T module, bool non_blocking = false) where T : torch.nn.Module => module.to(torch.ScalarType.Float16, non_blocking);
        public static T @float<T>(this T module, bool non_blocking = false) where T : torch.nn.Module => module.to(torch.ScalarType.Float32, non_blocking);
        public static T @double<T>(this T module, bool non_blocking = false) where T : torch.nn.Module => module.to(torch.ScalarType.Float64, non_blocking);
    }
}
