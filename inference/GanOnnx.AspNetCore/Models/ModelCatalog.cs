using System.Collections.Immutable;
using GanOnnx.AspNetCore.Requests;
using GanOnnx.Inference;
using Microsoft.AspNetCore.Http;

namespace GanOnnx.AspNetCore.Models;

/// <summary>The models that are served, by name. Requests only ever name what is in here: no name becomes a path.</summary>
internal sealed class ModelCatalog : IDisposable
{
    private readonly Lock _lock = new();
    private ImmutableSortedDictionary<string, LoadedModel> _models =
        ImmutableSortedDictionary.Create<string, LoadedModel>(StringComparer.Ordinal);

    private ImmutableDictionary<string, string> _aliases = ImmutableDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Whether all that was to be loaded at the start is.</summary>
    public bool IsReady { get; set; }

    /// <summary>All of them, by name. What was listed may be closed meanwhile: rent it to use it.</summary>
    public IReadOnlyList<LoadedModel> All => [.. _models.Values];

    /// <summary>Takes a model in. One of the same name goes out, and is closed when those who use it have done.</summary>
    /// <exception cref="ModelException">An alias is the name of another model.</exception>
    public void Put(LoadedModel model)
    {
        LoadedModel? before;
        lock (_lock)
        {
            if (_aliases.ContainsKey(model.Name))
                throw Errors.NameTwice(model.Name);
            foreach (var alias in model.Aliases)
                if (_models.ContainsKey(alias) || alias == model.Name || _aliases.GetValueOrDefault(alias, model.Name) != model.Name)
                    throw Errors.NameTwice(alias);
            before = _models.GetValueOrDefault(model.Name);
            _models = _models.SetItem(model.Name, model);
            foreach (var alias in model.Aliases)
                _aliases = _aliases.SetItem(alias, model.Name);
        }
        before?.Return();
    }

    /// <summary>Takes a model out, if it is there.</summary>
    public void Remove(string name)
    {
        LoadedModel? before;
        lock (_lock)
        {
            before = _models.GetValueOrDefault(name);
            _models = _models.Remove(name);
        }
        before?.Return();
    }

    /// <summary>The model of a name or an alias, which isn't closed before the answer is sent; without a name, the only one.</summary>
    /// <exception cref="RequestException">There is none, or several without a name.</exception>
    public LoadedModel Rent(HttpContext context, string? name)
    {
        var model = Rent(name);
        context.Response.RegisterForDispose(new Lease(model));
        context.Features.Set(model);
        return model;
    }

    private LoadedModel Rent(string? name)
    {
        while (true)
        {
            var models = _models;
            if (string.IsNullOrEmpty(name) && models.Count != 1)
                throw Errors.WhichModel(Names());
            var model = string.IsNullOrEmpty(name) ? models.Values.Single()
                : models.GetValueOrDefault(_aliases.GetValueOrDefault(name, name)) ?? throw Errors.NoModel(name, Names());
            if (model.TryRent())
                return model;
        }
    }

    /// <summary>Names, and aliases behind them.</summary>
    public IReadOnlyList<string> Names() => [.. _models.Keys, .. _aliases.Where(alias => _models.ContainsKey(alias.Value))
        .Select(alias => alias.Key).Order(StringComparer.Ordinal)];

    public void Dispose()
    {
        foreach (var name in _models.Keys)
            Remove(name);
    }

    private sealed class Lease(LoadedModel model) : IDisposable
    {
        public void Dispose() => model.Return();
    }
}
