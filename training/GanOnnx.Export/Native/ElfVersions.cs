using System.Buffers.Binary;
using System.Text;

namespace GanOnnx.Export.Native;

/// <summary>The versions of other libraries' symbols that a shared library of 64-bit Linux needs.</summary>
/// <remarks>The format: System V ABI, chapters 4 and 5; Linux Standard Base, "Symbol Versioning".</remarks>
internal static class ElfVersions
{
    private const int HeaderLength = 64, ProgramHeaderLength = 56, DynamicLength = 16, NeedLength = 16, AuxiliaryLength = 16;
    private const int LoadSegment = 1, DynamicSegment = 2;
    private const long StringTable = 5, VersionNeed = 0x6ffffffe, VersionNeedCount = 0x6fffffff;
    private const ushort WeakFlag = 2;

    /// <summary>Marks a needed version as weak: the loader takes a library that lacks it.</summary>
    /// <param name="file">The library; it is changed.</param>
    /// <param name="version">The version's name.</param>
    /// <returns>False, and nothing is changed, where the file isn't such a library or doesn't need that version.</returns>
    public static bool MakeOptional(Span<byte> file, string version)
    {
        try
        {
            if (Flags(file, version) is not { } flags)
                return false;
            BinaryPrimitives.WriteUInt16LittleEndian(file[flags..],
                (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(file[flags..]) | WeakFlag));
            return true;
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or OverflowException or IndexOutOfRangeException)
        {
            return false; // a damaged file: an address in it leads outside
        }
    }

    // Where the flags of the needed version lie in the file.
    private static int? Flags(ReadOnlySpan<byte> file, string version)
    {
        if (file.Length < HeaderLength || !file.StartsWith<byte>([0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1]))
            return null;
        var dynamic = Segment(file, DynamicSegment);
        if (dynamic is not { } table || Dynamic(file, table, VersionNeed) is not { } needs
            || Dynamic(file, table, StringTable) is not { } strings)
            return null;
        var (need, names) = (Offset(file, needs), Offset(file, strings));
        for (var count = Dynamic(file, table, VersionNeedCount) ?? 0; count > 0; count--)
        {
            var entry = file.Slice(need, NeedLength);
            var auxiliary = need + BinaryPrimitives.ReadInt32LittleEndian(entry[8..]);
            for (var left = BinaryPrimitives.ReadUInt16LittleEndian(entry[2..]); left > 0; left--)
            {
                var needed = file.Slice(auxiliary, AuxiliaryLength);
                if (Text(file[checked(names + BinaryPrimitives.ReadInt32LittleEndian(needed[8..]))..]) == version)
                    return auxiliary + 4;
                auxiliary = checked(auxiliary + BinaryPrimitives.ReadInt32LittleEndian(needed[12..]));
            }
            need = checked(need + BinaryPrimitives.ReadInt32LittleEndian(entry[12..]));
        }
        return null;
    }

    private static (int Offset, int Length)? Segment(ReadOnlySpan<byte> file, int type)
    {
        foreach (var header in Headers(file))
            if (BinaryPrimitives.ReadInt32LittleEndian(file[header..]) == type)
                return (Word(file, header + 8), Word(file, header + 32));
        return null;
    }

    private static long? Dynamic(ReadOnlySpan<byte> file, (int Offset, int Length) table, long tag)
    {
        for (var at = table.Offset; at + DynamicLength <= table.Offset + table.Length; at += DynamicLength)
            if (BinaryPrimitives.ReadInt64LittleEndian(file[at..]) == tag)
                return BinaryPrimitives.ReadInt64LittleEndian(file[(at + 8)..]);
        return null;
    }

    // Tables are told by their address in memory; a segment that is loaded says where in the file that is.
    private static int Offset(ReadOnlySpan<byte> file, long address)
    {
        foreach (var header in Headers(file))
        {
            if (BinaryPrimitives.ReadInt32LittleEndian(file[header..]) != LoadSegment)
                continue;
            var start = BinaryPrimitives.ReadInt64LittleEndian(file[(header + 16)..]);
            if (address >= start && address < start + Word(file, header + 32))
                return checked(Word(file, header + 8) + (int)(address - start));
        }
        throw new ArgumentOutOfRangeException(nameof(address));
    }

    private static IEnumerable<int> Headers(ReadOnlySpan<byte> file)
    {
        var (first, count) = (Word(file, 32), BinaryPrimitives.ReadUInt16LittleEndian(file[56..]));
        return Enumerable.Range(0, count).Select(i => checked(first + i * ProgramHeaderLength));
    }

    private static int Word(ReadOnlySpan<byte> file, int offset) => checked((int)BinaryPrimitives.ReadInt64LittleEndian(file[offset..]));

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.ASCII.GetString(bytes[..bytes.IndexOf((byte)0)]);
}
