using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace GanOnnx.AspNetCore.Endpoints;

/// <summary>The page: files of this assembly, that ask nothing of any other place.</summary>
internal static class PageEndpoints
{
    private const string Folder = "page/", Page = "index.html";

    // Only what comes from here: no script or style in the page itself, nothing of other sites, in nobody's frame. Pictures and sounds
    // may be made by the page.
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        foreach (var (name, content) in Files())
            endpoints.MapGet(name == Page ? "/" : $"/page/{name}", (HttpContext context) => Answer(context, name, content))
                .AllowAnonymous().ExcludeFromDescription();
    }

    private static IResult Answer(HttpContext context, string name, byte[] content)
    {
        // Its files are beside it: below /gan, the page is /gan/.
        if (name == Page && context.Request.Path.Value is not [.., '/'])
            return Results.Redirect($"{context.Request.PathBase}{context.Request.Path}/{context.Request.QueryString}");
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-cache";
        return Results.Bytes(content, Path.GetExtension(name) switch
        {
            ".html" => "text/html; charset=utf-8",
            ".css" => "text/css; charset=utf-8",
            ".js" => "text/javascript; charset=utf-8",
            _ => "image/svg+xml",
        }, entityTag: new($"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..16]}\""));
    }

    private static IEnumerable<(string Name, byte[] Content)> Files()
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            yield return (resource[Folder.Length..], content);
        }
    }
}
