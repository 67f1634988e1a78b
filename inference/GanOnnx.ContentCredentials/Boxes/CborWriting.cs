using System.Formats.Cbor;
using System.Text;

namespace GanOnnx.ContentCredentials.Boxes;

/// <summary>Writes plain values as CBOR in its deterministic form (RFC 8949, section 4.2.1), as claims have to be.</summary>
internal static class CborWriting
{
    /// <summary>A map. Its values are text, bytes, whole numbers, maps and lists of such.</summary>
    public static byte[] Write(Dictionary<string, object> map)
    {
        var writer = new CborWriter(CborConformanceMode.Lax, initialCapacity: 1024);
        Write(writer, map);
        return writer.Encode();
    }

    private static int ByteCount(KeyValuePair<string, object> entry) => Encoding.UTF8.GetByteCount(entry.Key);

    private static void Write(CborWriter writer, object value)
    {
        switch (value)
        {
            case string text: writer.WriteTextString(text); break;
            case byte[] bytes: writer.WriteByteString(bytes); break;
            case long number: writer.WriteInt64(number); break;
            case Dictionary<string, object> map:
                writer.WriteStartMap(map.Count);
                // Shorter keys first, as their encoding begins with the length. The writer would copy and sort what it has written.
                var entries = map.ToArray();
                Array.Sort(entries, (a, b) => ByteCount(a) - ByteCount(b) is not 0 and var longer ? longer
                    : string.CompareOrdinal(a.Key, b.Key));
                foreach (var (key, item) in entries)
                {
                    writer.WriteTextString(key);
                    Write(writer, item);
                }
                writer.WriteEndMap();
                break;
            case object[] list:
                writer.WriteStartArray(list.Length);
                foreach (var item in list)
                    Write(writer, item);
                writer.WriteEndArray();
                break;
            default: throw new ArgumentException($"There is no CBOR for {value.GetType()}.", nameof(value));
        }
    }
}
