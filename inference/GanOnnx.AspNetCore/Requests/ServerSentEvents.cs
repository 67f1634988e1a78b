using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace GanOnnx.AspNetCore.Requests;

/// <summary>An answer in parts (https://html.spec.whatwg.org/multipage/server-sent-events.html), begun with the first of them.</summary>
internal sealed class ServerSentEvents(HttpContext context)
{
    public bool HasBegun { get; private set; }

    /// <summary>Sends a part.</summary>
    public async Task Send(string name, Dictionary<string, object> data)
    {
        if (!HasBegun)
        {
            HasBegun = true;
            context.Response.ContentType = "text/event-stream";
            context.Response.Headers.CacheControl = "no-cache";
        }
        await context.Response.WriteAsync($"event: {name}\ndata: {JsonSerializer.Serialize(data, Answers.Json)}\n\n", context.RequestAborted)
            .ConfigureAwait(false);
        await context.Response.Body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
    }
}
