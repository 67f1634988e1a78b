using System.Buffers.Binary;
using System.Text;

namespace GanOnnx.ContentCredentials.Boxes;

/// <summary>A box of JUMBF (ISO 19566-5): length, type, and either bytes or, in a superbox, a description and more boxes.</summary>
/// <param name="Type">Four letters.</param>
/// <param name="Content">What is behind length and type; for a superbox that is what its hash is of.</param>
/// <param name="Kind">Of a superbox: the type UUID.</param>
/// <param name="Label">Of a superbox: its name; null where it has none.</param>
/// <param name="Children">Of a superbox: the boxes in it.</param>
internal sealed record JumbfBox(string Type, ReadOnlyMemory<byte> Content, Guid Kind, string? Label, IReadOnlyList<JumbfBox> Children)
{
    public const string SuperboxType = "jumb", DescriptionType = "jumd";

    public const int HeaderLength = 8;

    private const int MostBoxes = 4096, Deepest = 8, KindLength = 16;

    private const byte HasLabel = 2;

    /// <summary>The superbox in this one of a kind and name.</summary>
    /// <exception cref="MalformedException">There are several, and it isn't clear which is meant.</exception>
    public JumbfBox? Find(string label)
    {
        JumbfBox? found = null;
        foreach (var child in Children.Where(child => child.Label == label))
            found = found is null ? child : throw new MalformedException($"there are two boxes '{label}'");
        return found;
    }

    /// <summary>The superbox as it stands in a file.</summary>
    public byte[] ToBytes() => JumbfWriter.Box(Type, Content.ToArray());

    /// <summary>What the first box of a type in this one holds.</summary>
    public ReadOnlyMemory<byte>? ContentOf(string type) => Children.FirstOrDefault(child => child.Type == type)?.Content;

    /// <summary>Reads a superbox with all that is in it.</summary>
    /// <param name="bytes">The box; behind it nothing may be.</param>
    /// <exception cref="MalformedException">It isn't one, or more than is read.</exception>
    public static JumbfBox Read(ReadOnlyMemory<byte> bytes)
    {
        var count = 0;
        var (box, rest) = ReadOne(bytes, 0, ref count);
        return rest.IsEmpty && box.Type == SuperboxType ? box : throw new MalformedException("the store is no single box");
    }

    // A box lies in the one around it as a whole, so none overlaps another, and none holds itself.
    private static (JumbfBox Box, ReadOnlyMemory<byte> Behind) ReadOne(ReadOnlyMemory<byte> bytes, int depth, ref int count)
    {
        if (bytes.Length < HeaderLength)
            throw new MalformedException("a box is cut short");
        if (depth > Deepest || ++count > MostBoxes)
            throw new MalformedException($"boxes are nested more than {Deepest} deep, or are more than {MostBoxes}");
        var length = BinaryPrimitives.ReadUInt32BigEndian(bytes.Span);
        if (length < HeaderLength || length > bytes.Length)
            throw new MalformedException($"a box says that it has {length} bytes, and there are {bytes.Length}");
        var type = Encoding.Latin1.GetString(bytes.Span[4..HeaderLength]);
        var content = bytes[HeaderLength..(int)length];
        var rest = bytes[(int)length..];
        if (type != SuperboxType)
            return (new(type, content, default, null, []), rest);

        var children = new List<JumbfBox>();
        for (var inside = content; !inside.IsEmpty;)
        {
            (var child, inside) = ReadOne(inside, depth + 1, ref count);
            children.Add(child);
        }
        var (kind, label) = children is [{ Type: DescriptionType } description, ..] ? Describe(description.Content.Span)
            : throw new MalformedException("a superbox has no description");
        return (new(type, content, kind, label, children[1..]), rest);
    }

    private static (Guid Kind, string? Label) Describe(ReadOnlySpan<byte> description)
    {
        if (description.Length <= KindLength)
            throw new MalformedException("a description is cut short");
        var kind = new Guid(description[..KindLength], bigEndian: true);
        if ((description[KindLength] & HasLabel) == 0)
            return (kind, null);
        var text = description[(KindLength + 1)..];
        return text.IndexOf((byte)0) is >= 0 and var end ? (kind, Encoding.UTF8.GetString(text[..end]))
            : throw new MalformedException("a label has no end");
    }
}
