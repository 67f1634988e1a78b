using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GanOnnx.Shared;
using Microsoft.Win32.SafeHandles;
using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Training.Checkpoints;

/// <summary>
/// Named tensors and text in one file, in the safetensors format, which Python reads too: the header's length (8 bytes),
/// the header (JSON: each tensor's type, shape and place), the tensors. Among the text are SHA-256 sums: <c>sha256:NAME</c> of
/// each tensor's bytes, and <c>sha256</c> of the header, taken with zeros in its own place.
/// </summary>
/// <remarks>The format: https://github.com/huggingface/safetensors, "Format".</remarks>
internal sealed class SafetensorsFile : IDisposable
{
    private const string MetadataKey = "__metadata__", HeaderSum = "sha256", TensorSum = "sha256:";
    private const int LengthBytes = 8, Alignment = 8;
    private const long LargestHeader = 100_000_000;

    private static readonly string _noSum = new('0', 2 * SHA256.HashSizeInBytes);

    private static readonly (ScalarType Type, string Name, int Bytes)[] _types =
    [
        (ScalarType.Float32, "F32", 4), (ScalarType.Int64, "I64", 8), (ScalarType.Byte, "U8", 1), (ScalarType.Float16, "F16", 2),
        (ScalarType.Float64, "F64", 8), (ScalarType.BFloat16, "BF16", 2), (ScalarType.Int32, "I32", 4), (ScalarType.Int16, "I16", 2),
        (ScalarType.Int8, "I8", 1), (ScalarType.Bool, "BOOL", 1),
    ];

    private readonly string _path;
    private readonly SafeFileHandle _file;
    private readonly IReadOnlyDictionary<string, Entry> _entries;
    private readonly long _data;

    private SafetensorsFile(string path, SafeFileHandle file, JsonObject header, long data)
    {
        (_path, _file, _data) = (path, file, data);
        Metadata = header[MetadataKey]?.AsObject().ToDictionary(e => e.Key, e => Of(e.Value).GetValue<string>()) ?? [];
        _entries = header.Where(e => e.Key != MetadataKey).ToDictionary(e => e.Key, e => Entry.Read(Of(e.Value)));
    }

    /// <summary>The file's text values.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The tensors' names.</summary>
    public IEnumerable<string> Names => _entries.Keys;

    /// <summary>Whether the file has sums, of its header and of every tensor. Those that are there are looked at in any case.</summary>
    public bool HasSums => Metadata.ContainsKey(HeaderSum) && Names.All(name => Metadata.ContainsKey(TensorSum + name));

    /// <summary>Writes the file; it appears whole or not at all.</summary>
    public static void Write(string path, IEnumerable<KeyValuePair<string, Tensor>> tensors,
        IEnumerable<KeyValuePair<string, string>> metadata, bool makeFolder = true)
    {
        KeyValuePair<string, Tensor>[] entries = [.. tensors];
        var text = new JsonObject(metadata.Select(e => KeyValuePair.Create(e.Key, (JsonNode?)JsonValue.Create(e.Value))))
        {
            [HeaderSum] = _noSum,
        };
        var header = new JsonObject { [MetadataKey] = text };
        long offset = 0;
        foreach (var (name, tensor) in entries)
        {
            var end = offset + tensor.numel() * tensor.ElementSize;
            header[name] = Entry.Write(Array.Find(_types, t => t.Type == tensor.dtype).Name, tensor.shape, offset, end);
            text[TensorSum + name] = _noSum;
            offset = end;
        }

        AtomicFile.Write(path, file =>
        {
            // The sums, known once the tensors are written, are as long as what holds their place.
            WriteHeader(file, header);
            foreach (var (name, tensor) in entries)
            {
                using var scope = NewDisposeScope();
                var bytes = tensor.detach().cpu().contiguous().bytes;
                file.Write(bytes);
                text[TensorSum + name] = Sum(bytes);
            }
            text[HeaderSum] = Sum(Padded(header));
            file.Position = 0;
            WriteHeader(file, header);
        }, durable: true, makeFolder);
    }

    private static void WriteHeader(Stream file, JsonObject header)
    {
        var json = Padded(header);
        Span<byte> length = stackalloc byte[LengthBytes];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        file.Write(length);
        file.Write(json);
    }

    private static byte[] Padded(JsonObject header)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(header);
        var padded = new byte[(json.Length + Alignment - 1) / Alignment * Alignment];
        json.CopyTo(padded, 0);
        padded.AsSpan(json.Length).Fill((byte)' ');
        return padded;
    }

    private static string Sum(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>Reads the header and checks that the file holds what it announces.</summary>
    /// <exception cref="TrainingException">The file can't be read, is no such file, is cut short, or is damaged in its header.</exception>
    public static SafetensorsFile Open(string path)
    {
        SafeFileHandle? file = null;
        try
        {
            // Kept open: a run that goes on meanwhile puts another file in its place.
            file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            var fileLength = RandomAccess.GetLength(file);
            var word = new byte[LengthBytes];
            ReadExactly(file, word, 0);
            var length = BinaryPrimitives.ReadInt64LittleEndian(word);
            if (length <= 0 || length > Math.Min(LargestHeader, fileLength - LengthBytes))
                throw new InvalidDataException("the header's length is wrong");
            var header = new byte[length];
            ReadExactly(file, header, LengthBytes);
            var result = new SafetensorsFile(path, file, Of(JsonNode.Parse(header)).AsObject(), LengthBytes + length);
            result.CheckPlaces(fileLength);
            result.CheckHeader(header);
            file = null;
            return result;
        }
        // What reading JSON that isn't as expected can raise, a key that is there twice among it.
        catch (Exception e) when (e is EndOfStreamException or InvalidDataException or JsonException or InvalidOperationException
            or FormatException or ArgumentException or OverflowException)
        {
            throw new TrainingException($"'{path}' is no whole checkpoint ({e.Message}). It was cut short, is damaged, or isn't a "
                + "checkpoint. Take a copy of it, or start a new run.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrainingException($"'{path}' can't be read: {e.Message}", e);
        }
        finally
        {
            file?.Dispose();
        }
    }

    // Never by a NullReferenceException: once oneDNN has used AMX in a process, .NET 10 dies of the signal that one is made of.
    private static JsonNode Of(JsonNode? value) => value ?? throw new InvalidDataException("a value is missing");

    private static void ReadExactly(SafeFileHandle file, Span<byte> bytes, long position)
    {
        while (!bytes.IsEmpty)
        {
            var read = RandomAccess.Read(file, bytes, position);
            if (read == 0)
                throw new EndOfStreamException("it is cut short");
            bytes = bytes[read..];
            position += read;
        }
    }

    // One tensor after the other, without a gap, to the file's end: none over another, none outside, no byte that isn't summed.
    private void CheckPlaces(long fileLength)
    {
        long end = 0;
        foreach (var (name, entry) in _entries.OrderBy(e => e.Value.Start).ThenBy(e => e.Value.End))
        {
            if (entry.Start != end || entry.End < end)
                throw new InvalidDataException($"the tensor '{name}' is said to be at bytes {entry.Start} to {entry.End}, but the one "
                    + $"before ends at {end}");
            end = entry.End;
        }
        if (end != fileLength - _data)
            throw new InvalidDataException($"it announces {(decimal)_data + end} bytes and has {fileLength}");
    }

    private void CheckHeader(byte[] header)
    {
        if (!Metadata.TryGetValue(HeaderSum, out var sum))
            return;
        var place = header.AsSpan().IndexOf(Encoding.UTF8.GetBytes(sum));
        if (sum.Length != _noSum.Length || place < 0)
            throw new InvalidDataException("the header's checksum is none");
        Encoding.ASCII.GetBytes(_noSum, header.AsSpan(place));
        if (Sum(header) != sum)
            throw new InvalidDataException("the header isn't what its checksum says");
    }

    /// <summary>A tensor's shape, or null where there is no tensor of that name.</summary>
    public IReadOnlyList<long>? ShapeOf(string name) => _entries.GetValueOrDefault(name)?.Shape;

    /// <summary>Copies a tensor's values into one of the same shape and type.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <param name="destination">Gets the values.</param>
    /// <param name="convert">Whether another type will do.</param>
    /// <exception cref="TrainingException">There is no such tensor, it has another type or shape, or it is damaged.</exception>
    public void CopyTo(string name, Tensor destination, bool convert = false)
    {
        if (!_entries.TryGetValue(name, out var entry))
            throw new TrainingException($"'{_path}' has no tensor '{name}': it is a checkpoint of other networks.");
        if (!entry.Shape.SequenceEqual(destination.shape)
            || (!convert && entry.Type != Array.Find(_types, t => t.Type == destination.dtype).Name))
            throw new TrainingException($"'{_path}' has '{name}' as {entry.Type} [{string.Join(", ", entry.Shape)}], not "
                + $"{destination.dtype} [{string.Join(", ", destination.shape)}]: it is a checkpoint of other networks.");

        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        destination.copy_(Read(name));
    }

    /// <summary>Reads a tensor as it is.</summary>
    /// <exception cref="TrainingException">There is no such tensor, it has a type that isn't read, or it is damaged.</exception>
    public Tensor Read(string name)
    {
        if (!_entries.TryGetValue(name, out var entry))
            throw new TrainingException($"'{_path}' has no tensor '{name}'.");
        if (Array.FindIndex(_types, t => t.Name == entry.Type) is var type && type < 0)
            throw new TrainingException($"'{_path}' has '{name}' as {entry.Type}, a type that isn't read. Save it as F32.");
        // The shape is made into memory only where the file has as much.
        var wanted = entry.Shape.Aggregate((Int128)_types[type].Bytes, (bytes, length) =>
            length < 0 || bytes < 0 || bytes > long.MaxValue ? -1 : bytes * length);
        if (wanted != entry.End - entry.Start)
            throw Damaged($"'{name}' has {entry.End - entry.Start} bytes, and its shape needs {wanted}");
        var source = empty(entry.Shape, _types[type].Type);
        try
        {
            ReadExactly(_file, source.bytes, _data + entry.Start);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrainingException($"'{_path}' can't be read: {e.Message}", e);
        }
        if (Metadata.TryGetValue(TensorSum + name, out var sum) && Sum(source.bytes) != sum)
            throw Damaged($"'{name}' isn't what its checksum says");
        return source;
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    private TrainingException Damaged(string how) => new($"'{_path}' is damaged: {how}. Take a copy of it, or start a new run.");

    /// <summary>A tensor's type, shape, and place behind the header.</summary>
    private sealed record Entry(string Type, long[] Shape, long Start, long End)
    {
        public static Entry Read(JsonNode node)
        {
            var places = Of(node["data_offsets"]).AsArray();
            return new(Of(node["dtype"]).GetValue<string>(), [.. Of(node["shape"]).AsArray().Select(s => Of(s).GetValue<long>())],
                Of(places[0]).GetValue<long>(), Of(places[1]).GetValue<long>());
        }

        public static JsonObject Write(string type, IEnumerable<long> shape, long start, long end) => new()
        {
            ["dtype"] = type,
            ["shape"] = new JsonArray([.. shape.Select(s => (JsonNode?)JsonValue.Create(s))]),
            ["data_offsets"] = new JsonArray(start, end),
        };
    }
}
