using System.Text;

namespace GanOnnx.Data;

/// <summary>Reads tables of text: comma, semicolon or tab between the fields, as the first line has them; quotes as RFC 4180.</summary>
internal static class Csv
{
    // A row of strangers that never ends isn't kept in memory.
    private const int LongestRow = 1 << 20;

    /// <summary>The rows; empty lines are passed over.</summary>
    /// <exception cref="InvalidDataException">A row is longer than a table's can be, or a quote isn't closed.</exception>
    public static IEnumerable<string[]> Read(TextReader text)
    {
        var first = text.ReadLine() ?? "";
        char[] separators = [',', ';', '\t'];
        var separator = separators.MaxBy(s => first.Count(c => c == s));
        foreach (var row in Rows(new Rest(first, text), separator))
            if (row is not [""])
                yield return row;
    }

    private static IEnumerable<string[]> Rows(Rest text, char separator)
    {
        List<string> row = [];
        var field = new StringBuilder();
        var (quoted, length, line, opened) = (false, 0, 1, 0);
        for (int next; (next = text.Read()) >= 0;)
        {
            if (++length > LongestRow)
                throw new InvalidDataException("a row is longer than a million characters");
            var c = (char)next;
            if (c == '\n')
                line++;
            if (quoted && c == '"' && text.Peek() == '"')
                field.Append((char)text.Read());
            else if (c == '"' && (quoted || field.Length == 0))
                (quoted, opened) = (!quoted, line);
            else if (quoted || (c != separator && c is not ('\n' or '\r')))
                field.Append(c);
            else if (c == separator)
                Take();
            else if (c == '\n')
            {
                Take();
                yield return [.. row];
                row.Clear();
                length = 0;
            }
        }
        if (quoted)
            throw new InvalidDataException($"the quote in line {opened} isn't closed");
        if (row.Count == 0 && field.Length == 0)
            yield break;
        Take();
        yield return [.. row];

        void Take()
        {
            row.Add(field.ToString().Trim());
            field.Clear();
        }
    }

    /// <summary>A line that was read already, and what comes after it.</summary>
    private sealed class Rest(string first, TextReader then)
    {
        private readonly string _first = first + "\n";
        private int _at;

        public int Read() => _at < _first.Length ? _first[_at++] : then.Read();

        public int Peek() => _at < _first.Length ? _first[_at] : then.Peek();
    }
}
