using System.Buffers.Binary;
using System.Text;

namespace GanOnnx.ContentCredentials.Boxes;

/// <summary>Writes boxes of JUMBF (ISO 19566-5).</summary>
internal static class JumbfWriter
{
    private const byte RequestableWithLabel = 3;

    /// <summary>A superbox. What its hash is of begins at <see cref="JumbfBox.HeaderLength"/>.</summary>
    public static byte[] Superbox(Guid kind, string label, params ReadOnlySpan<byte[]> children)
    {
        byte[] description = [.. kind.ToByteArray(bigEndian: true), RequestableWithLabel, .. Encoding.UTF8.GetBytes(label), 0];
        var content = new List<byte[]> { Box(JumbfBox.DescriptionType, description) };
        content.AddRange(children);
        return Box(JumbfBox.SuperboxType, [.. content]);
    }

    /// <summary>A superbox with a CBOR box in it.</summary>
    public static byte[] Cbor(Guid kind, string label, byte[] cbor) => Superbox(kind, label, Box(Kinds.CborType, cbor));

    /// <summary>A box of any type.</summary>
    public static byte[] Box(string type, params ReadOnlySpan<byte[]> parts)
    {
        var length = JumbfBox.HeaderLength;
        foreach (var part in parts)
            length += part.Length;
        var box = new byte[length];
        BinaryPrimitives.WriteInt32BigEndian(box, length);
        Encoding.Latin1.GetBytes(type, box.AsSpan(4));
        var at = JumbfBox.HeaderLength;
        foreach (var part in parts)
        {
            part.CopyTo(box, at);
            at += part.Length;
        }
        return box;
    }
}
