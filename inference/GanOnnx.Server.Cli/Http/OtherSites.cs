using GanOnnx.AspNetCore.Requests;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace GanOnnx.Server.Http;

/// <summary>
/// Refuses what pages of other sites ask of this server, which browsers say (https://www.w3.org/TR/fetch-metadata): that they can't read
/// the answer doesn't keep them from having images made.
/// </summary>
internal sealed class OtherSites(RequestDelegate next, IReadOnlyList<string> allowed)
{
    public Task Invoke(HttpContext context)
    {
        var isOpen = context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null;
        return isOpen || context.Request.Headers["Sec-Fetch-Site"] != "cross-site" || allowed.Contains($"{context.Request.Headers.Origin}")
            ? next(context)
            : new Problem(StatusCodes.Status403Forbidden, "Pages of other sites may not call this server. Its owner can allow one with --cors.")
                .ExecuteAsync(context);
    }
}
