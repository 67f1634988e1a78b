using System.IO.Compression;
using System.Text;

namespace GanOnnx.Benchmarks;

/// <summary>
/// Writes the pixel characters into a folder with captions as people may type them: each character's own one and others that leave some of
/// it out, in other orders and words. What is trained on one form of sentence alone obeys other forms half as often.
/// </summary>
internal static class Phrasings
{
    private const string Table = "captions.csv";
    private const int Own = 2;

    private static readonly string[] _knights = ["plate armour", "chain mail", "golden armour"];
    private static readonly string[] _single = ["shirt", "robe", "cloak", "tunic", "helm", "bandana", "hood", "cap", "hat", "beard", "moustache"];
    private static readonly string[] _begin = ["pixel art of ", "a picture of ", "an image of "];

    /// <param name="data">The pictures with captions.csv, a zip.</param>
    /// <param name="folder">The new folder.</param>
    /// <param name="count">How many other captions each character gets; its own one is there twice.</param>
    public static void Write(string data, string folder, int count)
    {
        if (Directory.Exists(folder))
            throw new ArgumentException($"'{folder}' is there already; name a new folder.");
        using var archive = ZipFile.OpenRead(data);
        archive.ExtractToDirectory(folder);
        string[][] rows;
        using (var text = new StreamReader(archive.GetEntry(Table)!.Open()))
            rows = [.. Data.Csv.Read(text)];
        var (file, caption) = (Array.IndexOf(rows[0], "file"), Array.IndexOf(rows[0], "caption"));
        var random = new Random(0);
        var lines = new StringBuilder("file,caption\n");
        foreach (var row in rows.Skip(1))
        {
            var said = Enumerable.Repeat(row[caption], Own).Concat(Enumerable.Range(0, count).Select(_ => Say(row[caption], random)));
            foreach (var words in said)
                lines.Append(row[file]).Append(",\"").Append(words).Append("\"\n");
        }
        File.WriteAllText(Path.Combine(folder, Table), lines.ToString());
        Console.WriteLine(FormattableString.Invariant($"{rows.Length - 1} characters with {Own + count} captions each in {folder}"));
    }

    /// <summary>Says a caption otherwise: "a dark elf woman with long blonde hair, red robe, …" as "an elf in a red robe".</summary>
    private static string Say(string caption, Random random)
    {
        var pieces = caption.Split(", ");
        var (who, hair) = pieces[0].Split(" with ") is [var alone, var has] ? (alone, has) : (pieces[0], null);
        var head = (hair is null ? [] : new[] { Hair(hair, random) }).Concat(pieces[4..].Select(piece => Piece(piece, random))).ToArray();
        var clothes = pieces[1..4].Select(piece => Piece(piece, random)).ToArray();
        if (random.Next(4) > 0)
            while (true)
            {
                var (some, others) = (Some(head, random), Some(clothes, random));
                if (some.Length + others.Length == 0)
                    continue;
                (head, clothes) = (some, others);
                break;
            }
        if (random.Next(2) == 0)
        {
            random.Shuffle(head);
            random.Shuffle(clothes);
        }
        who = Who(who, pieces[1], random);
        if (who.Length == 0)
        {
            var parts = head.Concat(clothes).ToArray();
            if (random.Next(2) == 0)
                random.Shuffle(parts);
            return random.Next(2) == 0 ? string.Join(", ", parts) : List(parts, random);
        }
        var begin = random.Next(7) == 0 ? _begin[random.Next(_begin.Length)] : "";
        string[] all = [.. head, .. clothes];
        return begin + who + random.Next(4) switch
        {
            0 when head.Length > 0 => $" with {string.Join(", ", all)}",
            1 when clothes.Length > 0 => $" in {List(clothes, random)}" + (head.Length > 0 ? $" with {List(head, random)}" : ""),
            2 when clothes.Length > 0 => $" wearing {List(clothes, random)}" + (head.Length > 0 ? $", {List(head, random)}" : ""),
            3 => $" with {List(all, random)}",
            _ => $", {string.Join(", ", all)}",
        };
    }

    private static string[] Some(string[] parts, Random random) => [.. parts.Where(_ => random.Next(10) < 6)];

    private static string Who(string who, string top, Random random)
    {
        var words = who.Split(' ');
        var knight = _knights.Contains(top) && random.Next(4) == 0;
        return random.Next(20) switch
        {
            < 3 => "",
            < 5 => random.Next(2) == 0 ? "a character" : "a person",
            _ when knight => "a knight",
            < 10 => who,
            < 15 => words[1].Contains("-skinned") ? "a " + words[^1] : string.Join(' ', words[..^1]), // a man, an orc
            _ => "the " + string.Join(' ', words[1..]),
        };
    }

    private static string Hair(string hair, Random random)
    {
        var colour = hair.Split(' ')[0];
        var style = string.Join(' ', hair.Split(' ')[1..]);
        if (colour == "redhead" && random.Next(3) > 0)
            colour = "red";
        return random.Next(10) switch
        {
            < 4 => $"{colour} {style}",
            < 9 => $"{colour} hair",
            _ => style,
        };
    }

    private static string Piece(string piece, Random random)
    {
        if (random.Next(10) < 4)
            piece = piece.Replace("long-sleeved shirt", "shirt", StringComparison.Ordinal);
        if (random.Next(10) < 3)
            piece = piece.Replace("pants", "trousers", StringComparison.Ordinal);
        if (random.Next(10) < 1)
            piece = piece.Replace("robe", "cloak", StringComparison.Ordinal);
        return piece;
    }

    // a, b and c, with articles or without.
    private static string List(string[] parts, Random random)
    {
        if (random.Next(3) > 0)
            parts = [.. parts.Select(part => !_single.Contains(part.Split(' ')[^1]) ? part : ("aeiou".Contains(part[0]) ? "an " : "a ") + part)];
        return parts.Length < 2 ? string.Concat(parts) : string.Join(", ", parts[..^1]) + " and " + parts[^1];
    }
}
