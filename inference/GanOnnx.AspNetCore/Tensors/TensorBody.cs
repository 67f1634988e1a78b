using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using GanOnnx.AspNetCore.Requests;
using Microsoft.AspNetCore.Http;

namespace GanOnnx.AspNetCore.Tensors;

/// <summary>
/// Requests and answers of the Open Inference Protocol over HTTP: JSON, and behind it the bytes of tensors that are sent so (the extension
/// <c>binary_tensor_data</c>).
/// </summary>
internal sealed class TensorBody
{
    private const string LengthHeader = "Inference-Header-Content-Length";
    private const int MostAxes = 8;

    private readonly Dictionary<string, bool> _binary = new(StringComparer.Ordinal);
    private bool _allBinary;

    public string? Id { get; private set; }

    public List<Tensor> Inputs { get; } = [];

    /// <summary>Which outputs are asked for; empty for all.</summary>
    public IReadOnlyCollection<string> Outputs => _binary.Keys;

    /// <summary>How long it may take; null where the request doesn't say.</summary>
    public TimeSpan? Timeout { get; private set; }

    public static async Task<TensorBody> Read(HttpContext context, long most)
    {
        var body = await Body.Read(context, most).ConfigureAwait(false);
        var length = body.Length;
        if (context.Request.Headers.TryGetValue(LengthHeader, out var header)
            && (!int.TryParse(header, NumberStyles.None, CultureInfo.InvariantCulture, out length) || length > body.Length))
            throw Errors.Wrong(LengthHeader, $"'{Errors.Shown(header.ToString())}'", $"a number of bytes up to the body's {body.Length}");
        try
        {
            using var json = JsonDocument.Parse(body.AsMemory(0, length));
            var request = new TensorBody();
            request.Read(json.RootElement, body.AsMemory(length));
            return request;
        }
        catch (JsonException e)
        {
            throw Errors.Malformed($"it goes wrong in line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}.");
        }
        catch (InvalidOperationException)
        {
            throw Errors.Malformed("a value is of another type than the protocol has it.");
        }
    }

    /// <summary>The answer with a tensor.</summary>
    public IResult Answer(string model, Tensor made)
    {
        var isBinary = _binary.GetValueOrDefault(made.Name, _allBinary);
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            writer.WriteString("model_name", model);
            writer.WriteString("model_version", "1");
            if (Id is not null)
                writer.WriteString("id", Id);
            writer.WriteStartArray("outputs");
            writer.WriteStartObject();
            writer.WriteString("name", made.Name);
            writer.WriteString("datatype", made.Datatype);
            writer.WriteStartArray("shape");
            foreach (var axis in made.Shape)
                writer.WriteNumberValue(axis);
            writer.WriteEndArray();
            if (isBinary)
            {
                writer.WriteStartObject("parameters");
                writer.WriteNumber("binary_data_size", made.Bytes.Length);
                writer.WriteEndObject();
            }
            else
                WriteData(writer, made);
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        // Without its type, null would be no bytes.
        return new Written(json.ToArray(), isBinary ? made.Bytes : (ReadOnlyMemory<byte>?)null);
    }

    private void Read(JsonElement root, ReadOnlyMemory<byte> binary)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("inputs", out var inputs))
            throw Errors.Missing("inputs", "a list of tensors");
        Id = root.TryGetProperty("id", out var id) ? id.GetString() : null;
        if (root.TryGetProperty("parameters", out var parameters))
        {
            _allBinary = Flag(parameters, "binary_data_output") ?? false;
            // In microseconds, as Triton has it.
            if (parameters.TryGetProperty("timeout", out var timeout))
                Timeout = timeout.TryGetInt64(out var microseconds) && microseconds is >= 10_000 and <= 86_400_000_000
                    ? TimeSpan.FromMicroseconds(microseconds) : throw Errors.Wrong("timeout", timeout.GetRawText(), "microseconds from 10000 to 86400000000");
        }
        foreach (var input in inputs.EnumerateArray())
            Inputs.Add(ReadTensor(input, ref binary));
        if (binary.Length > 0)
            throw Errors.LeftOver(binary.Length);
        if (!root.TryGetProperty("outputs", out var outputs))
            return;
        foreach (var output in outputs.EnumerateArray())
            _binary[Text(output, "name")] = output.TryGetProperty("parameters", out var own) ? Flag(own, "binary_data") ?? _allBinary : _allBinary;
    }

    private static Tensor ReadTensor(JsonElement input, ref ReadOnlyMemory<byte> binary)
    {
        var (name, datatype) = (Text(input, "name"), Text(input, "datatype"));
        if (Tensor.BytesOf(datatype) is not { } size)
            throw Errors.Wrong($"the datatype of {Errors.Shown(name)}", $"'{Errors.Shown(datatype)}'", "FP32, FP16, INT64, INT32 or UINT8");
        if (!input.TryGetProperty("shape", out var axes))
            throw Errors.Missing($"the shape of {Errors.Shown(name)}", "a list of numbers");
        if (axes.GetArrayLength() > MostAxes)
            throw Errors.Wrong($"the shape of {Errors.Shown(name)}", $"of {axes.GetArrayLength()} axes", $"at most {MostAxes}");
        var shape = axes.EnumerateArray().Select(axis => axis.TryGetInt64(out var length) && length >= 0 ? length
            : throw Errors.Wrong($"the shape of {Errors.Shown(name)}", axis.GetRawText(), "a list of whole numbers from 0")).ToArray();
        if (input.TryGetProperty("parameters", out var parameters) && parameters.TryGetProperty("binary_data_size", out var length))
        {
            if (!length.TryGetInt32(out var bytes) || bytes < 0 || bytes > binary.Length)
                throw Errors.Wrong("binary_data_size", length.GetRawText(), $"a number of bytes up to the {binary.Length} that are left behind the JSON");
            var values = binary[..bytes];
            binary = binary[bytes..];
            return new(name, datatype, shape, values);
        }
        if (!input.TryGetProperty("data", out var data) || data.ValueKind != JsonValueKind.Array)
            throw Errors.Missing($"the data of {Errors.Shown(name)}", "a list of numbers, or binary_data_size,");
        var written = new MemoryStream();
        Span<byte> value = stackalloc byte[sizeof(long)];
        ReadData(data, datatype, value[..size], written, name);
        return new(name, datatype, shape, written.ToArray());
    }

    // Flat, or as deep as the shape.
    private static void ReadData(JsonElement data, string datatype, Span<byte> value, MemoryStream written, string name)
    {
        foreach (var element in data.EnumerateArray())
            if (element.ValueKind == JsonValueKind.Array)
                ReadData(element, datatype, value, written, name);
            else if (element.ValueKind == JsonValueKind.Number && TryWrite(element, datatype, value))
                written.Write(value);
            else
                throw Errors.Wrong($"the data of {Errors.Shown(name)}", Errors.Shown(element.GetRawText()), $"numbers of type {datatype}");
    }

    private static bool TryWrite(JsonElement element, string datatype, Span<byte> value)
    {
        switch (datatype)
        {
            case "FP32" when element.TryGetSingle(out var single):
                BinaryPrimitives.WriteSingleLittleEndian(value, single);
                return true;
            case "FP16" when element.TryGetSingle(out var half):
                BinaryPrimitives.WriteHalfLittleEndian(value, (Half)half);
                return true;
            case "INT64" when element.TryGetInt64(out var integer):
                BinaryPrimitives.WriteInt64LittleEndian(value, integer);
                return true;
            case "INT32" when element.TryGetInt32(out var integer):
                BinaryPrimitives.WriteInt32LittleEndian(value, integer);
                return true;
            case "UINT8" when element.TryGetByte(out var whole):
                value[0] = whole;
                return true;
            default:
                return false;
        }
    }

    private static void WriteData(Utf8JsonWriter writer, Tensor tensor)
    {
        var bytes = tensor.Bytes.Span;
        writer.WriteStartArray("data");
        switch (tensor.Datatype)
        {
            case "FP32":
                foreach (var value in MemoryMarshal.Cast<byte, float>(bytes))
                    writer.WriteNumberValue(Finite(value));
                break;
            case "FP16":
                foreach (var value in MemoryMarshal.Cast<byte, Half>(bytes))
                    writer.WriteNumberValue(Finite((float)value));
                break;
            default:
                foreach (var value in bytes)
                    writer.WriteNumberValue(value);
                break;
        }
        writer.WriteEndArray();

        static float Finite(float value) => float.IsFinite(value) ? value : throw Errors.NotFiniteMade();
    }

    private static string Text(JsonElement element, string name) => element.ValueKind == JsonValueKind.Object
        && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()! : throw Errors.Missing($"the {name} of a tensor", "text");

    private static bool? Flag(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetBoolean() : null;

    private sealed class Written(byte[] json, ReadOnlyMemory<byte>? binary) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            response.ContentType = binary is null ? "application/json" : "application/octet-stream";
            response.ContentLength = json.Length + (binary?.Length ?? 0);
            if (binary is not null)
                response.Headers[LengthHeader] = json.Length.ToString(CultureInfo.InvariantCulture);
            await response.Body.WriteAsync(json, httpContext.RequestAborted).ConfigureAwait(false);
            if (binary is { } bytes)
                await response.Body.WriteAsync(bytes, httpContext.RequestAborted).ConfigureAwait(false);
        }
    }
}
