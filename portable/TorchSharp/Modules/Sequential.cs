using System.Globalization;
using System.Runtime.CompilerServices;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        public class Sequential : nn.Module<Tensor, Tensor>
        {
            // Beside the registered modules, as in the real one: a module of one's own registers its fields itself.
            private readonly List<(string name, nn.Module<Tensor, Tensor> module)> _sequence = [];

            internal Sequential() : base(nameof(Sequential)) { }

            public int Count => _sequence.Count;

            [IndexerName("SequentialItems")]
            public nn.IModule<Tensor, Tensor> this[int index] => _sequence[index].module;

            public Sequential append(nn.IModule<Tensor, Tensor> module) => append(Count.ToString(CultureInfo.InvariantCulture), module);

            public Sequential append(string name, nn.IModule<Tensor, Tensor> module)
            {
                _sequence.Add((name, (nn.Module<Tensor, Tensor>)module));
                return this;
            }

            public override IEnumerable<(string name, nn.Module module)> named_children() =>
                _sequence.Select(child => (child.name, (nn.Module)child.module));

            public override Tensor forward(Tensor tensor)
            {
                if (Count == 0)
                    return tensor.alias();
                var current = _sequence[0].module.call(tensor);
                foreach (var (_, module) in _sequence.Skip(1))
                {
                    using var input = current;
                    current = module.call(input);
                }
                return current;
            }
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Sequential Sequential(params (string name, Module<Tensor, Tensor> submodule)[] modules)
            {
                var sequential = new Sequential();
                foreach (var (name, module) in modules)
                    sequential.append(name, module);
                return sequential;
            }

            public static Sequential Sequential(params Module<Tensor, Tensor>[] modules) => Sequential((IEnumerable<Module<Tensor, Tensor>>)modules);

            public static Sequential Sequential(IEnumerable<(string name, Module<Tensor, Tensor> submodule)> modules) => Sequential(modules.ToArray());

            public static Sequential Sequential(IEnumerable<Module<Tensor, Tensor>> modules)
            {
                var sequential = new Sequential();
                foreach (var module in modules)
                    sequential.append(module);
                return sequential;
            }
        }
    }
}
