using System.Security.Claims;
using System.Text.Encodings.Web;
using GanOnnx.AspNetCore.Requests;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace GanOnnx.Server.Keys;

/// <summary><c>Authorization: Bearer KEY</c> (RFC 6750), as clients of OpenAI send it.</summary>
internal sealed class KeyAuthentication(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder,
    ApiKeys keys) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string Name = "Key";

    private const string Bearer = "Bearer ";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
            return Task.FromResult(AuthenticateResult.NoResult());
        if (keys.NameOf(header[Bearer.Length..].Trim()) is not { } name)
            return Task.FromResult(AuthenticateResult.Fail("The key is unknown."));
        var identity = new ClaimsIdentity([new(ClaimTypes.Name, name)], Name);
        return Task.FromResult(AuthenticateResult.Success(new(new(identity), Name)));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer";
        return new Problem(StatusCodes.Status401Unauthorized, Request.Headers.Authorization.Count == 0
            ? "A key is missing. Send it as: Authorization: Bearer KEY"
            : "The key is unknown. Check it, and send it as: Authorization: Bearer KEY").ExecuteAsync(Context);
    }
}
