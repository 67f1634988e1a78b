using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace GanOnnx.AspNetCore.Requests;

/// <summary>Reads bodies up to a limit, all of one before anything is done for it: who sends slowly holds no place.</summary>
internal static class Body
{
    private const int MostFormValues = 64, MostNameBytes = 256, MostValueBytes = 64 << 10;

    /// <summary>The bytes.</summary>
    /// <exception cref="RequestException">There are too many.</exception>
    public static async Task<byte[]> Read(HttpContext context, long most)
    {
        Limit(context, most);
        var body = new MemoryStream();
        var buffer = new byte[16 << 10];
        int read;
        while ((read = await context.Request.Body.ReadAsync(buffer, context.RequestAborted).ConfigureAwait(false)) > 0)
        {
            if (body.Length + read > most)
                throw Errors.TooLarge(most);
            body.Write(buffer, 0, read);
        }
        return body.ToArray();
    }

    /// <summary>A JSON document.</summary>
    /// <exception cref="RequestException">It is of another type, too large, or malformed.</exception>
    public static async Task<JsonDocument> ReadJson(HttpContext context, long most)
    {
        if (!context.Request.HasJsonContentType())
            throw Errors.WrongContentType(context.Request.ContentType, "application/json");
        var bytes = await Read(context, most).ConfigureAwait(false);
        try
        {
            return JsonDocument.Parse(bytes);
        }
        catch (JsonException e)
        {
            throw Errors.Malformed($"it goes wrong in line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}.");
        }
    }

    /// <summary>A form with files, in memory.</summary>
    /// <exception cref="RequestException">It is of another type, too large, or malformed.</exception>
    public static async Task<IFormCollection> ReadForm(HttpContext context, long most)
    {
        if (!context.Request.HasFormContentType)
            throw Errors.WrongContentType(context.Request.ContentType, "multipart/form-data");
        Limit(context, most);
        try
        {
            return await context.Request.ReadFormAsync(new FormOptions
            {
                MultipartBodyLengthLimit = most,
                BufferBodyLengthLimit = most,
                MemoryBufferThreshold = (int)most,
                ValueCountLimit = MostFormValues,
                KeyLengthLimit = MostNameBytes,
                ValueLengthLimit = MostValueBytes,
            }, context.RequestAborted).ConfigureAwait(false);
        }
        catch (InvalidDataException e)
        {
            throw Errors.MalformedForm(e.Message);
        }
        catch (IOException e) when (e is not BadHttpRequestException && !context.RequestAborted.IsCancellationRequested)
        {
            throw Errors.MalformedForm(e.Message);
        }
    }

    // The server itself refuses what is larger, and reads no more of it.
    private static void Limit(HttpContext context, long most)
    {
        if (context.Request.ContentLength > most)
            throw Errors.TooLarge(most);
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = most;
    }
}
