using System.Formats.Cbor;
using System.Globalization;

namespace GanOnnx.ContentCredentials.Boxes;

/// <summary>
/// CBOR (RFC 8949) of strangers as plain values: maps by text, lists, text, bytes, whole numbers, and null for what isn't of use here.
/// </summary>
internal static class CborValue
{
    private const int Deepest = 16, MostItems = 100_000;

    /// <summary>Reads one value.</summary>
    /// <returns>A <c>Dictionary&lt;string, object?&gt;</c>, <c>List&lt;object?&gt;</c>, <c>string</c>, <c>byte[]</c>, <c>long</c> or
    /// <c>bool</c>.</returns>
    /// <exception cref="MalformedException">It is no CBOR, or more than is read.</exception>
    public static object? Read(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            var reader = new CborReader(bytes, CborConformanceMode.Strict);
            var items = 0;
            var value = ReadOne(reader, 0, ref items);
            return reader.BytesRemaining == 0 ? value : throw new MalformedException("there is more behind a CBOR value");
        }
        catch (Exception e) when (e is CborContentException or InvalidOperationException or OverflowException or FormatException)
        {
            throw new MalformedException($"CBOR can't be read: {e.Message}");
        }
    }

    /// <summary>Reads one map.</summary>
    /// <exception cref="MalformedException">It is none.</exception>
    public static Dictionary<string, object?> ReadMap(ReadOnlyMemory<byte> bytes) =>
        Read(bytes) as Dictionary<string, object?> ?? throw new MalformedException("a CBOR value is no map");

    private static object? ReadOne(CborReader reader, int depth, ref int items)
    {
        if (depth > Deepest || ++items > MostItems)
            throw new MalformedException($"CBOR is nested more than {Deepest} deep, or has more than {MostItems} items");
        while (reader.PeekState() == CborReaderState.Tag)
            if (reader.ReadTag() is var _ && ++items > MostItems)
                throw new MalformedException("CBOR has too many tags");
        switch (reader.PeekState())
        {
            case CborReaderState.StartMap: return ReadMap(reader, depth, ref items);
            case CborReaderState.StartArray: return ReadList(reader, depth, ref items);
            case CborReaderState.TextString or CborReaderState.StartIndefiniteLengthTextString: return reader.ReadTextString();
            case CborReaderState.ByteString or CborReaderState.StartIndefiniteLengthByteString: return reader.ReadByteString();
            case CborReaderState.UnsignedInteger or CborReaderState.NegativeInteger: return reader.ReadInt64();
            case CborReaderState.Boolean: return reader.ReadBoolean();
            default: reader.SkipValue(); return null;
        }
    }

    // Not larger from the start than what comes: a length may be a lie.
    private static Dictionary<string, object?> ReadMap(CborReader reader, int depth, ref int items)
    {
        var map = new Dictionary<string, object?>(StringComparer.Ordinal);
        reader.ReadStartMap();
        while (reader.PeekState() != CborReaderState.EndMap)
        {
            var key = ReadOne(reader, depth + 1, ref items) switch
            {
                string text => text,
                long number => number.ToString(CultureInfo.InvariantCulture),
                _ => throw new MalformedException("a key of a CBOR map is no text"),
            };
            if (!map.TryAdd(key, ReadOne(reader, depth + 1, ref items)))
                throw new MalformedException("a key of a CBOR map comes twice");
        }
        reader.ReadEndMap();
        return map;
    }

    private static List<object?> ReadList(CborReader reader, int depth, ref int items)
    {
        var list = new List<object?>();
        reader.ReadStartArray();
        while (reader.PeekState() != CborReaderState.EndArray)
            list.Add(ReadOne(reader, depth + 1, ref items));
        reader.ReadEndArray();
        return list;
    }
}
