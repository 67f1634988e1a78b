using System.Formats.Cbor;

namespace GanOnnx.ContentCredentials.Boxes;

/// <summary>Writes plain values as CBOR in its deterministic form (RFC 8949, section 4.2.1), as claims have to be.</summary>
internal static class CborWriting
{
    /// <summary>A map. Its values are text, bytes, whole numbers, maps and lists of such.</summary>
    public static byte[] Write(Dictionary<string, object> map)
    {
        var writer = new CborWriter(CborConformanceMode.Canonical);
        Write(writer, map);
        return writer.Encode();
    }

    private static void Write(CborWriter writer, object value)
    {
        switch (value)
        {
            case string text: writer.WriteTextString(text); break;
            case byte[] bytes: writer.WriteByteString(bytes); break;
            case long number: writer.WriteInt64(number); break;
            case Dictionary<string, object> map:
                writer.WriteStartMap(map.Count);
                foreach (var (key, item) in map)
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
