using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Nodes;
using GanOnnx.Shared;
using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Training.Checkpoints;

/// <summary>
/// Named tensors and text in one file, in the safetensors format, which Python reads too: the header's length (8 bytes),
/// the header (JSON: each tensor's type, shape and place), the tensors.
/// </summary>
/// <remarks>The format: https://github.com/huggingface/safetensors, "Format".</remarks>
internal sealed class SafetensorsFile
{
    private const string MetadataKey = "__metadata__";
    private const int LengthBytes = 8, Alignment = 8;
    private const long LargestHeader = 100_000_000;

    private static readonly (ScalarType Type, string Name)[] _types =
        [(ScalarType.Float32, "F32"), (ScalarType.Int64, "I64"), (ScalarType.Byte, "U8"), (ScalarType.Float16, "F16"),
            (ScalarType.Float64, "F64")];

    private readonly string _path;
    private readonly JsonObject _header;
    private readonly long _data;

    private SafetensorsFile(string path, JsonObject header, long data) => (_path, _header, _data) = (path, header, data);

    /// <summary>The file's text values.</summary>
    public IReadOnlyDictionary<string, string> Metadata =>
        _header[MetadataKey]?.AsObject().ToDictionary(e => e.Key, e => e.Value!.GetValue<string>()) ?? [];

    /// <summary>The tensors' names.</summary>
    public IEnumerable<string> Names => _header.Select(e => e.Key).Where(k => k != MetadataKey);

    /// <summary>Writes the file; it appears whole or not at all.</summary>
    public static void Write(string path, IEnumerable<KeyValuePair<string, Tensor>> tensors, IEnumerable<KeyValuePair<string,
        string>> metadata)
    {
        KeyValuePair<string, Tensor>[] entries = [.. tensors];
        var header = new JsonObject
        {
            [MetadataKey] = new JsonObject(metadata.Select(e => KeyValuePair.Create(e.Key, (JsonNode?)JsonValue.Create(e.Value)))),
        };
        long offset = 0;
        foreach (var (name, tensor) in entries)
        {
            var end = offset + tensor.numel() * tensor.ElementSize;
            header[name] = new JsonObject
            {
                ["dtype"] = Array.Find(_types, t => t.Type == tensor.dtype).Name,
                ["shape"] = new JsonArray([.. tensor.shape.Select(s => (JsonNode?)JsonValue.Create(s))]),
                ["data_offsets"] = new JsonArray(offset, end),
            };
            offset = end;
        }

        AtomicFile.Write(path, file =>
        {
            WriteHeader(file, JsonSerializer.SerializeToUtf8Bytes(header));
            foreach (var (_, tensor) in entries)
            {
                using var scope = NewDisposeScope();
                file.Write(tensor.detach().cpu().contiguous().bytes);
            }
        }, durable: true);
    }

    private static void WriteHeader(Stream file, byte[] json)
    {
        var padded = (json.Length + Alignment - 1) / Alignment * Alignment;
        Span<byte> length = stackalloc byte[LengthBytes];
        BinaryPrimitives.WriteInt64LittleEndian(length, padded);
        file.Write(length);
        file.Write(json);
        for (var i = json.Length; i < padded; i++)
            file.WriteByte((byte)' ');
    }

    /// <summary>Reads the header and checks that the file holds what it announces.</summary>
    /// <exception cref="TrainingException">The file is no such file or is cut short.</exception>
    public static SafetensorsFile Open(string path)
    {
        using var file = File.OpenRead(path);
        try
        {
            Span<byte> length = stackalloc byte[LengthBytes];
            file.ReadExactly(length);
            var headerLength = BinaryPrimitives.ReadInt64LittleEndian(length);
            if (headerLength <= 0 || headerLength > Math.Min(LargestHeader, file.Length - LengthBytes))
                throw new InvalidDataException("the header's length is wrong");
            var bytes = new byte[headerLength];
            file.ReadExactly(bytes);
            var header = JsonNode.Parse(bytes)!.AsObject();
            var result = new SafetensorsFile(path, header, LengthBytes + headerLength);
            var end = result.Names.Select(name => result.Place(name).End).DefaultIfEmpty().Max();
            return result._data + end == file.Length
                ? result
                : throw new InvalidDataException($"it announces {result._data + end} bytes and has {file.Length}");
        }
        catch (Exception e) when (e is EndOfStreamException or InvalidDataException or JsonException or InvalidOperationException or NullReferenceException or FormatException)
        {
            throw new TrainingException($"'{path}' is no whole checkpoint ({e.Message}). It was cut short or isn't a checkpoint; take "
                + "another, or train again without --resume.", e);
        }
    }

    /// <summary>Copies a tensor's values into one of the same type and shape.</summary>
    /// <exception cref="TrainingException">There is no such tensor, or it has another type or shape.</exception>
    public void CopyTo(string name, Tensor destination)
    {
        if (_header[name] is not JsonObject entry)
            throw new TrainingException($"'{_path}' has no tensor '{name}': it is a checkpoint of other networks.");
        var shape = entry["shape"]!.AsArray().Select(s => s!.GetValue<long>());
        if (!shape.SequenceEqual(destination.shape)
            || entry["dtype"]!.GetValue<string>() != Array.Find(_types, t => t.Type == destination.dtype).Name)
            throw new TrainingException($"'{_path}' has '{name}' as {entry["dtype"]} [{string.Join(", ", shape)}], not "
                + $"{destination.dtype} [{string.Join(", ", destination.shape)}]: it is a checkpoint of other networks.");

        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var source = empty(destination.shape, destination.dtype);
        using var file = File.OpenRead(_path);
        file.Position = _data + Place(name).Start;
        file.ReadExactly(source.bytes);
        destination.copy_(source);
    }

    private (long Start, long End) Place(string name)
    {
        var offsets = _header[name]!["data_offsets"]!.AsArray();
        return (offsets[0]!.GetValue<long>(), offsets[1]!.GetValue<long>());
    }
}
