using GanOnnx.AspNetCore.Models;
using Microsoft.AspNetCore.Http;

namespace GanOnnx.AspNetCore.Requests;

/// <summary>Turns what goes wrong in an endpoint into its answer.</summary>
internal sealed class ProblemFilter : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        try
        {
            return await next(context).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            return Results.Empty; // nobody is there to read it
        }
        catch (IOException) when (http.RequestAborted.IsCancellationRequested)
        {
            return Results.Empty;
        }
        catch (OperationCanceledException) when (http.Features.Get<Deadline>() is { IsOver: true } deadline)
        {
            return new Problem(StatusCodes.Status504GatewayTimeout, Errors.TooLate(deadline.Length), "timeout");
        }
        catch (Exception e) when (Problem.Of(e, http.Features.Get<LoadedModel>()) is { } problem)
        {
            if (!http.Response.HasStarted)
                return problem;
            http.Abort();
            return Results.Empty;
        }
    }
}
