namespace GanOnnx;

/// <summary>What there is of a kind, by name, in the order it is listed to people: what this library has, then what a program
/// registers.</summary>
/// <param name="kind">What messages call one, as <c>loss</c>.</param>
internal sealed class Catalog<T>(string kind) where T : class
{
    private readonly Lock _lock = new();
    private readonly OrderedDictionary<string, T> _entries = [];

    /// <summary>The names.</summary>
    public IReadOnlyList<string> Names
    {
        get
        {
            lock (_lock)
                return [.. _entries.Keys];
        }
    }

    /// <summary>The one of that name.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public T this[string name]
    {
        get => Find(name) ?? throw new KeyNotFoundException($"There is no {kind} '{name}'; there are: {string.Join(", ", Names)}.");
        init => Register(name, value);
    }

    /// <summary>The one of that name, or null.</summary>
    public T? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        lock (_lock)
            return _entries.GetValueOrDefault(name);
    }

    /// <summary>Takes one out again: tests leave no names behind.</summary>
    public void Remove(string name)
    {
        lock (_lock)
            _entries.Remove(name);
    }

    /// <summary>Adds one.</summary>
    /// <exception cref="ArgumentException">The name is taken, or options couldn't be written with it.</exception>
    public void Register(string name, T entry)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(entry);
        if (name.Length == 0 || name.Any(c => !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '-'))
            throw new ArgumentException($"'{name}' can't be registered as {kind}: a name has small letters a to z, digits and hyphens.",
                nameof(name));
        lock (_lock)
            if (!_entries.TryAdd(name, entry))
                throw new ArgumentException($"The {kind} '{name}' is there already. Register yours under another name.", nameof(name));
    }
}
