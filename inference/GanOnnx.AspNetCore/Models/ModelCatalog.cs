using System.Collections.Immutable;
using GanOnnx.AspNetCore.Requests;
using GanOnnx.Inference;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace GanOnnx.AspNetCore.Models;

/// <summary>The models that are served, by name. Requests only ever name what is in here: no name becomes a path.</summary>
internal sealed class ModelCatalog(IOptions<GanOnnxOptions> options) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly ImmutableSortedDictionary<string, string> _aliases =
        options.Value.Aliases.ToImmutableSortedDictionary(StringComparer.Ordinal);

    private volatile ImmutableSortedDictionary<string, LoadedModel> _models =
        ImmutableSortedDictionary.Create<string, LoadedModel>(StringComparer.Ordinal);

    /// <summary>Whether all that was to be loaded at the start is, and the end hasn't begun.</summary>
    public bool IsReady { get; set; }

    /// <summary>All of them, by name. What was listed may be closed meanwhile: rent it to use it.</summary>
    public IReadOnlyList<LoadedModel> All => [.. _models.Values];

    /// <summary>Takes a model in. One of the same name goes out, and is closed when those who use it have done.</summary>
    /// <param name="model">The model.</param>
    /// <param name="before">The one that it replaces; null for none.</param>
    /// <exception cref="ModelException">Another one has its name.</exception>
    public void Put(LoadedModel model, LoadedModel? before = null)
    {
        lock (_lock)
        {
            if (_aliases.ContainsKey(model.Name) || _models.GetValueOrDefault(model.Name, before!) != before)
                throw Errors.NameTwice(model.Name);
            _models = _models.SetItem(model.Name, model);
        }
        before?.Return();
    }

    /// <summary>Takes a model out.</summary>
    public void Remove(LoadedModel model)
    {
        lock (_lock)
        {
            if (_models.GetValueOrDefault(model.Name) != model)
                return;
            _models = _models.Remove(model.Name);
        }
        model.Return();
    }

    /// <summary>The other names of a model.</summary>
    public IEnumerable<string> AliasesOf(string name) => _aliases.Where(alias => alias.Value == name).Select(alias => alias.Key);

    /// <summary>The model of a name or an alias, which isn't closed before the answer is sent; without a name, the only one.</summary>
    /// <exception cref="RequestException">There is none, or several without a name.</exception>
    public LoadedModel Rent(HttpContext context, string? name)
    {
        var model = Rent(name);
        context.Response.RegisterForDispose(new Lease(model));
        context.Features.Set(model);
        return model;
    }

    /// <summary>The same for who returns it.</summary>
    public LoadedModel Rent(string? name)
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

    public void Dispose()
    {
        foreach (var model in _models.Values)
            Remove(model);
    }

    private string[] Names() => [.. _models.Keys.SelectMany(name => AliasesOf(name).Prepend(name))];

    private sealed class Lease(LoadedModel model) : IDisposable
    {
        public void Dispose() => model.Return();
    }
}
