using System.Collections;
using System.Diagnostics.CodeAnalysis;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        // Both register what they hold when they are registered themselves: a list that stands alone has no children.
        public class ModuleList<T> : nn.Module, IList<T> where T : nn.Module
        {
            private readonly List<T> _list = [];
            private bool _registered;

            public ModuleList(params T[] modules) : base(nameof(ModuleList<>)) => _list.AddRange(modules);

            protected override void RegisterComponents()
            {
                if (_registered)
                    return;
                for (var i = 0; i < _list.Count; i++)
                    register_module($"{i}", _list[i]);
                _registered = true;
            }

            public T this[int index] { get => _list[index]; set => _list[index] = value; }
            public int Count => _list.Count;
            public bool IsReadOnly => false;
            public void Add(T item) => _list.Add(item);
            public void append(params T[] parameters) => _list.AddRange(parameters);
            public void extend(IEnumerable<T> modules) => _list.AddRange(modules);
            public void Clear() => _list.Clear();
            public bool Contains(T item) => _list.Contains(item);
            public void CopyTo(T[] array, int arrayIndex) => _list.CopyTo(array, arrayIndex);
            public IEnumerator<T> GetEnumerator() => _list.GetEnumerator();
            public int IndexOf(T item) => _list.IndexOf(item);
            public void Insert(int index, T item) => _list.Insert(index, item);
            public bool Remove(T item) => _list.Remove(item);
            public void RemoveAt(int index) => _list.RemoveAt(index);
            IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
        }

        // The real one is an IDictionary<string, T> and an IList<(string, T)> too.
        public class ModuleDict<T> : nn.Module where T : nn.Module
        {
            private readonly OrderedDictionary<string, T> _modules = [];
            private bool _registered;

            public ModuleDict() : base(nameof(ModuleDict<>)) { }

            protected override void RegisterComponents()
            {
                if (_registered)
                    return;
                foreach (var (name, module) in _modules)
                    register_module(name, module);
                _registered = true;
            }

            public (string, T) this[int index] => (_modules.GetAt(index).Key, _modules.GetAt(index).Value);
            public T this[string key] => _modules[key];
            public int Count => _modules.Count;
            public IEnumerator<(string, T)> items() => GetEnumerator();
            public IEnumerable<string> keys() => _modules.Keys;
            public IEnumerable<T> values() => _modules.Values;
            public void Add((string, T) item) => _modules.Add(item.Item1, item.Item2);
            public void Add(string key, T value) => _modules.Add(key, value);
            public bool ContainsKey(string key) => _modules.ContainsKey(key);
            public bool TryGetValue(string key, [MaybeNullWhen(false)] out T value) => _modules.TryGetValue(key, out value);
            public IEnumerator<(string, T)> GetEnumerator() => _modules.Select(m => (m.Key, m.Value)).GetEnumerator();
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static ModuleList<Module> ModuleList(params Module[] modules) => new(modules);
            public static ModuleList<T> ModuleList<T>(params T[] modules) where T : Module => new(modules);

            public static ModuleDict<Module> ModuleDict(params (string, Module)[] modules) => ModuleDict<Module>(modules);
            public static ModuleDict<T> ModuleDict<T>(params (string, T)[] modules) where T : Module
            {
                var dictionary = new ModuleDict<T>();
                foreach (var module in modules)
                    dictionary.Add(module);
                return dictionary;
            }
        }
    }
}
