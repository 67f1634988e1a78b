using GanOnnx.AspNetCore;
using GanOnnx.AspNetCore.Requests;
using Microsoft.AspNetCore.Http;

namespace GanOnnx.Server.Http;

/// <summary>Problem documents for what no endpoint answers.</summary>
internal static class Unanswered
{
    public static Task Tell(HttpContext context)
    {
        var status = context.Response.StatusCode;
        return new Problem(status, status switch
        {
            StatusCodes.Status404NotFound => "There is nothing at this address. The page is at /, the API is described at /docs.",
            StatusCodes.Status405MethodNotAllowed => $"This address takes {context.Response.Headers.Allow}, and no other method.",
            StatusCodes.Status415UnsupportedMediaType => "The body's type isn't one that this address takes.",
            StatusCodes.Status400BadRequest => "The request can't be understood, or asks for another host than this one.",
            _ => $"The request was answered with status {status}.",
        }).ExecuteAsync(context);
    }

    /// <summary>Answers what was thrown.</summary>
    /// <returns>Whether it is a fault of ours, for the log.</returns>
    public static async Task<bool> Fail(HttpContext context, Exception e)
    {
        var problem = Problem.Of(e);
        await (problem ?? new(StatusCodes.Status500InternalServerError, Errors.Failed())).ExecuteAsync(context).ConfigureAwait(false);
        return problem is null;
    }
}
