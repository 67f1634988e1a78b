using System.Diagnostics;
using GanOnnx.AspNetCore.Models;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace GanOnnx.Server.Http;

/// <summary>
/// Around every request: a problem document where nothing answers it or something of ours fails, and a line in the log, with no address's
/// values, no bodies, no keys; of a key its name.
/// </summary>
internal sealed partial class Outermost(RequestDelegate next, ILogger<Outermost> logger)
{
    public async Task Invoke(HttpContext context)
    {
        var start = Stopwatch.GetTimestamp();
        var response = context.Response;
        response.Headers.XContentTypeOptions = "nosniff";
        try
        {
            await next(context).ConfigureAwait(false);
            if (response is { StatusCode: >= 400, HasStarted: false, ContentLength: null, ContentType: null })
                await Unanswered.Tell(context).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to read it.
        }
        catch (Exception e) when (!response.HasStarted)
        {
            response.Clear();
            if (await Unanswered.Fail(context, e).ConfigureAwait(false))
                LogFault(logger, e);
        }
        finally
        {
            Log(context, Stopwatch.GetElapsedTime(start));
        }
    }

    private void Log(HttpContext context, TimeSpan time)
    {
        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
        // What asks whether it is alive asks all the time.
        if (route == "/metrics" || route?.StartsWith("/healthz", StringComparison.Ordinal) == true)
            return;
        var status = context.RequestAborted.IsCancellationRequested ? StatusCodes.Status499ClientClosedRequest
            : context.Response.StatusCode;
        LogRequest(logger, Method(context.Request.Method), route ?? "-", status, time.TotalMilliseconds,
            context.Features.Get<LoadedModel>()?.Name ?? "-", context.User.Identity?.Name ?? "-");
    }

    // A stranger chooses the word.
    private static string Method(string method) => HttpMethods.GetCanonicalizedValue(method) is { Length: <= 7 } known ? known : "-";

    [LoggerMessage(LogLevel.Information, "{Method} {Route} {Status} in {Milliseconds:0.0} ms, model {Model}, key {Key}")]
    private static partial void LogRequest(ILogger logger, string method, string route, int status, double milliseconds, string model,
        string key);

    /// <summary>A fault of ours.</summary>
    [LoggerMessage(LogLevel.Error, "A request failed.")]
    internal static partial void LogFault(ILogger logger, Exception e);
}
