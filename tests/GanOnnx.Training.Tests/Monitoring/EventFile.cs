using System.Buffers.Binary;
using System.Text;

namespace GanOnnx.Training.Tests.Monitoring;

/// <summary>Reads TFRecord frames and protobuf messages from their specifications, with no code of the writer's.</summary>
internal static class EventFile
{
    /// <summary>An event file's events. Fails on a length or checksum that is wrong, or on a cut record.</summary>
    public static List<WireMessage> Read(string path)
    {
        ReadOnlySpan<byte> rest = File.ReadAllBytes(path);
        List<WireMessage> events = [];
        while (!rest.IsEmpty)
        {
            var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(rest);
            Assert.That(BinaryPrimitives.ReadUInt32LittleEndian(rest[8..]), Is.EqualTo(MaskedCrc(rest[..8])), "the length's checksum");
            var record = rest.Slice(12, length);
            Assert.That(BinaryPrimitives.ReadUInt32LittleEndian(rest[(12 + length)..]), Is.EqualTo(MaskedCrc(record)),
                "the record's checksum");
            events.Add(WireMessage.Parse(record));
            rest = rest[(16 + length)..];
        }
        return events;
    }

    public static uint MaskedCrc(ReadOnlySpan<byte> bytes)
    {
        var crc = Crc(bytes);
        return unchecked(((crc >> 15) | (crc << 17)) + 0xa282ead8u);
    }

    /// <summary>CRC-32C bit by bit: the reflected polynomial of RFC 3720.</summary>
    public static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = 0xffffffffu;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82f63b78u : crc >> 1;
        }
        return ~crc;
    }
}

/// <summary>A protobuf message's fields by number, as they lie on the wire.</summary>
internal sealed class WireMessage
{
    private readonly Dictionary<int, List<byte[]>> _fields = [];

    public static WireMessage Parse(ReadOnlySpan<byte> bytes)
    {
        WireMessage message = new();
        while (!bytes.IsEmpty)
        {
            var tag = (int)Varint(ref bytes);
            var length = (tag & 7) switch
            {
                0 => 0,
                1 => 8,
                2 => (int)Varint(ref bytes),
                5 => 4,
                var type => throw new FormatException($"wire type {type}")
            };
            var value = (tag & 7) == 0 ? BitConverter.GetBytes(Varint(ref bytes)) : bytes[..length].ToArray();
            bytes = bytes[length..];
            if (!message._fields.TryGetValue(tag >> 3, out var values))
                message._fields[tag >> 3] = values = [];
            values.Add(value);
        }
        return message;
    }

    public bool Has(int field) => _fields.ContainsKey(field);

    public byte[] Bytes(int field) => _fields[field].Single();

    public string Text(int field) => Encoding.UTF8.GetString(Bytes(field));

    /// <summary>A whole number; 0 where it is left out, as protobuf 3 leaves out zeros.</summary>
    public long Whole(int field) => Has(field) ? BinaryPrimitives.ReadInt64LittleEndian(Bytes(field)) : 0;

    public float Single(int field) => Has(field) ? BinaryPrimitives.ReadSingleLittleEndian(Bytes(field)) : 0;

    public double Double(int field) => Has(field) ? BinaryPrimitives.ReadDoubleLittleEndian(Bytes(field)) : 0;

    public double[] Doubles(int field) => [.. Bytes(field).Chunk(8).Select(chunk => BinaryPrimitives.ReadDoubleLittleEndian(chunk))];

    public WireMessage Message(int field) => Parse(Bytes(field));

    public IEnumerable<WireMessage> Messages(int field) => Has(field) ? _fields[field].Select(bytes => Parse(bytes)) : [];

    private static ulong Varint(ref ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = bytes[0];
            bytes = bytes[1..];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
                return value;
        }
    }
}
