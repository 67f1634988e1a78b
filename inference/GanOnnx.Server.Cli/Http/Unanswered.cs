using GanOnnx.AspNetCore.Requests;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace GanOnnx.Server.Http;

/// <summary>Problem documents for what no endpoint answers.</summary>
internal static class Unanswered
{
    public static Task Tell(StatusCodeContext context)
    {
        var status = context.HttpContext.Response.StatusCode;
        return new Problem(status, status switch
        {
            StatusCodes.Status404NotFound => "There is nothing at this address. The page is at /, the API is described at /docs.",
            StatusCodes.Status405MethodNotAllowed => $"This address takes {context.HttpContext.Response.Headers.Allow}, and no other method.",
            StatusCodes.Status415UnsupportedMediaType => "The body's type isn't one that this address takes.",
            StatusCodes.Status400BadRequest => "The request can't be understood, or asks for another host than this one.",
            _ => $"The request was answered with status {status}.",
        }).ExecuteAsync(context.HttpContext);
    }

    /// <summary>A fault of ours: the log has it.</summary>
    public static Task Fail(HttpContext context) =>
        (context.Features.Get<IExceptionHandlerFeature>()?.Error is { } e && Problem.Of(e) is { } problem ? problem
            : new Problem(StatusCodes.Status500InternalServerError, "Something went wrong here; the log says what.")).ExecuteAsync(context);
}
