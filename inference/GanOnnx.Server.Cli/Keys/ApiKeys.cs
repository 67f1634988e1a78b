using System.Security.Cryptography;
using System.Text;
using GanOnnx.CommandLine;

namespace GanOnnx.Server.Keys;

/// <summary>
/// The keys that may call models. Only their SHA-256 is held: they are long and drawn at random, so it can't be turned back, and comparing
/// takes the same time whatever a stranger sends.
/// </summary>
internal sealed class ApiKeys
{
    /// <summary>What can't be guessed begins about here.</summary>
    public const int ShortestKey = 16;

    private readonly IReadOnlyList<(string Name, byte[] Hash)> _keys;

    private ApiKeys(IReadOnlyList<(string Name, byte[] Hash)> keys) => _keys = keys;

    /// <summary>No keys: everybody may.</summary>
    public static ApiKeys None { get; } = new([]);

    public bool IsEmpty => _keys.Count == 0;

    /// <summary>Keys as they are, and those of a file.</summary>
    /// <exception cref="UsageException">A key is too short, or the file can't be understood.</exception>
    public static ApiKeys Create(IEnumerable<string> keys, string? file)
    {
        var all = keys.Select((key, i) => key.Length >= ShortestKey ? ($"key{i + 1}", SHA256.HashData(Encoding.UTF8.GetBytes(key)))
            : throw new UsageException($"A key of {key.Length} characters can be guessed; give one of {ShortestKey} or more, as of: "
                + "openssl rand -hex 24")).ToList();
        if (file is not null)
            all.AddRange(Read(file));
        return all.Count == 0 ? None : new(all);
    }

    /// <summary>The name of the key, or null where it is none of these.</summary>
    public string? NameOf(string key)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(key));
        string? found = null;
        foreach (var (name, known) in _keys)
            if (CryptographicOperations.FixedTimeEquals(hash, known))
                found = name;
        return found;
    }

    // Lines as sha256sum prints them: the hash, and a name.
    private static IEnumerable<(string Name, byte[] Hash)> Read(string file)
    {
        if (!File.Exists(file))
            throw new UsageException($"There is no file of keys '{file}'.");
        var count = 0;
        foreach (var (number, line) in File.ReadLines(file).Index())
        {
            var words = line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0 || words[0].StartsWith('#'))
                continue;
            if (words[0].Length != 2 * SHA256.HashSizeInBytes || !words[0].All(char.IsAsciiHexDigit))
                throw new UsageException($"Line {number + 1} of '{file}' is no hashed key; the SHA-256 of a key in hexadecimal and a name are "
                    + "expected, as of: printf %s \"$KEY\" | sha256sum");
            count++;
            yield return (words.Length > 1 && words[1] != "-" ? words[1] : $"line{number + 1}", Convert.FromHexString(words[0]));
        }
        if (count == 0)
            throw new UsageException($"The file of keys '{file}' has none.");
    }
}
