using System.Diagnostics;
using GanOnnx.AspNetCore.Models;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace GanOnnx.Server.Http;

/// <summary>A line for each request: no address's values, no bodies, no keys; of a key its name.</summary>
internal sealed partial class RequestLog(RequestDelegate next, ILogger<RequestLog> logger)
{
    public async Task Invoke(HttpContext context)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            await next(context).ConfigureAwait(false);
        }
        finally
        {
            var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
            // What asks whether it is alive asks all the time.
            var level = route?.StartsWith("/healthz", StringComparison.Ordinal) == true || route == "/metrics" ? LogLevel.Debug
                : LogLevel.Information;
            var status = context.RequestAborted.IsCancellationRequested ? StatusCodes.Status499ClientClosedRequest
                : context.Response.StatusCode;
            Log(logger, level, Method(context.Request.Method), route ?? "-", status, Stopwatch.GetElapsedTime(start).TotalMilliseconds,
                context.Features.Get<LoadedModel>()?.Name ?? "-", context.User.Identity?.Name ?? "-");
        }
    }

    // A stranger chooses the word.
    private static string Method(string method) => HttpMethods.GetCanonicalizedValue(method) is { Length: <= 7 } known ? known : "-";

    [LoggerMessage(Message = "{Method} {Route} {Status} in {Milliseconds:0.0} ms, model {Model}, key {Key}")]
    private static partial void Log(ILogger logger, LogLevel level, string method, string route, int status, double milliseconds,
        string model, string key);
}
