using System.Buffers.Binary;
using Parquet.Meta;

namespace GanOnnx.Data;

/// <summary>
/// Looks through a Parquet file's headers before the library does, which takes them at their word: one that ends too early makes it wait
/// for ever, one that is deep enough overflows the stack, and sizes that lie take all memory.
/// </summary>
/// <remarks>The format: Apache Parquet's "File format" and Thrift's "Compact protocol encoding".</remarks>
internal static class ParquetCheck
{
    private const int EndLength = 8, LongestFooter = 256 << 20, UsualPageHeader = 4096, LongestPageHeader = 1 << 20, Deepest = 32;

    // In a page's header: its sizes, and in the parts for each kind of page the number of values.
    private const int UncompressedSize = 2, CompressedSize = 3, DataPage = 5, DictionaryPage = 7, DataPage2 = 8;

    /// <summary>Checks the metadata at the end.</summary>
    /// <exception cref="InvalidDataException">It isn't whole.</exception>
    public static void Footer(DataFile file)
    {
        Span<byte> end = stackalloc byte[EndLength];
        file.Read(Math.Max(0, file.Length - EndLength), end);
        var length = BinaryPrimitives.ReadUInt32LittleEndian(end);
        if (!end[4..].SequenceEqual("PAR1"u8))
            throw new InvalidDataException("its end isn't that of a Parquet file");
        if (length > LongestFooter || length > file.Length - EndLength)
            throw new InvalidDataException("its metadata is longer than the file");
        var footer = new byte[length];
        file.Read(file.Length - EndLength - length, footer);
        new Walk(footer, (_, _, _) => { }).Struct(parent: 0, depth: 0);
    }

    /// <summary>Checks the pages of a column in a group of rows.</summary>
    /// <param name="file">The file.</param>
    /// <param name="column">The column's part.</param>
    /// <param name="rows">How many rows the group has, which is the fewest values that the column can have.</param>
    /// <param name="most">The most: as many, but for lists.</param>
    /// <param name="limit">How much it may grow to.</param>
    /// <exception cref="InvalidDataException">They are no pages, or announce more than there can be.</exception>
    public static void Pages(DataFile file, ColumnMetaData column, long rows, long most, UnpackLimit limit)
    {
        var place = column.DictionaryPageOffset is > 0 and var dictionary ? Math.Min(dictionary, column.DataPageOffset)
            : column.DataPageOffset;
        if (column.NumValues < rows || column.NumValues > most || place < 0 || column.TotalCompressedSize < 0 || column.TotalCompressedSize > file.Length - place)
            throw new InvalidDataException("a column is said to be longer than the file");
        for (var end = place + column.TotalCompressedSize; place < end;)
        {
            var (header, compressed, uncompressed) = Page(file, place, end, column.NumValues);
            if (compressed < 0 || uncompressed is < 0 or > int.MaxValue || compressed > end - place - header)
                throw new InvalidDataException("a page is said to be longer than its column");
            limit.CountBytes(uncompressed);
            place += header + compressed;
        }
    }

    private static (int Header, long Compressed, long Uncompressed) Page(DataFile file, long place, long end, long values)
    {
        var longest = (int)Math.Min(LongestPageHeader, end - place);
        // Few headers are long: those with statistics of what is long itself.
        for (var length = Math.Min(UsualPageHeader, longest); ; length = longest)
            try
            {
                var (header, compressed, uncompressed) = (new byte[length], -1L, -1L);
                file.Read(place, header);
                var walk = new Walk(header, (parent, field, value) =>
                {
                    if ((parent, field) == (0, UncompressedSize))
                        uncompressed = value;
                    else if ((parent, field) == (0, CompressedSize))
                        compressed = value;
                    else if (parent is DataPage or DictionaryPage or DataPage2 && field == 1 && (value < 0 || value > values))
                        throw new InvalidDataException("a page has more values than its column");
                });
                walk.Struct(parent: 0, depth: 0);
                return (walk.Position, compressed, uncompressed);
            }
            catch (InvalidDataException) when (length < longest)
            {
            }
    }

    /// <summary>Goes through what Thrift's compact protocol wrote.</summary>
    /// <param name="bytes">What was written.</param>
    /// <param name="found">Gets each whole number of a struct, with the field that the struct is in, 0 for the outermost.</param>
    private sealed class Walk(byte[] bytes, Action<int, int, long> found)
    {
        private enum Type { Stop, True, False, Byte, Short, Int, Long, Double, Binary, List, Set, Map, Struct, Uuid }

        public int Position { get; private set; }

        public void Struct(int parent, int depth)
        {
            for (var field = 0; ;)
            {
                var head = Next();
                if (head == 0)
                    return;
                field = head >> 4 == 0 ? (int)Number() : field + (head >> 4);
                var type = (Type)(head & 0x0F);
                if (type is Type.Short or Type.Int or Type.Long)
                    found(parent, field, Number());
                else if (type is not (Type.True or Type.False))
                    Value(type, depth == 0 ? field : -1, depth);
            }
        }

        private void Value(Type type, int field, int depth)
        {
            if (depth > Deepest)
                throw new InvalidDataException("its headers are deeper than a table's can be");
            switch (type)
            {
                case Type.True or Type.False or Type.Byte: Skip(1); break;
                case Type.Short or Type.Int or Type.Long: Number(); break;
                case Type.Double: Skip(8); break;
                case Type.Uuid: Skip(16); break;
                case Type.Binary: Skip(Length()); break;
                case Type.Struct: Struct(field, depth + 1); break;
                case Type.List or Type.Set:
                    var head = Next();
                    for (var left = head >> 4 == 15 ? Length() : head >> 4; left > 0; left--)
                        Value((Type)(head & 0x0F), -1, depth + 1);
                    break;
                case Type.Map:
                    var count = Length();
                    var types = count > 0 ? Next() : 0;
                    for (; count > 0; count--)
                    {
                        Value((Type)(types >> 4), -1, depth + 1);
                        Value((Type)(types & 0x0F), -1, depth + 1);
                    }
                    break;
                default: throw new InvalidDataException("its headers have a value of an unknown type");
            }
        }

        // Whatever is counted has a byte at least.
        private long Length()
        {
            var length = Unsigned();
            return length <= (ulong)(bytes.Length - Position) ? (long)length : throw CutShort();
        }

        private long Number()
        {
            var value = Unsigned();
            return (long)(value >> 1) ^ -(long)(value & 1);
        }

        private ulong Unsigned()
        {
            var value = 0ul;
            for (var shift = 0; shift < 64; shift += 7)
            {
                var next = Next();
                value |= (ulong)(next & 0x7F) << shift;
                if (next < 0x80)
                    return value;
            }
            throw new InvalidDataException("its headers have a number that never ends");
        }

        private int Next() => Position < bytes.Length ? bytes[Position++] : throw CutShort();

        private void Skip(long count) => Position = count <= bytes.Length - Position ? Position + (int)count : throw CutShort();

        private static InvalidDataException CutShort() => new("its headers end too early");
    }
}
