using System.Security.Cryptography;
using GanOnnx.ContentCredentials.Checking;

namespace GanOnnx.ContentCredentials.Signing;

/// <summary>What is said of a picture that another one was made of, <c>c2pa.ingredient.v3</c> (C2PA specification 2.2, section
/// 18.15).</summary>
internal static class IngredientAssertion
{
    public const string Sha256Prefix = "urn:sha256:";

    public static Dictionary<string, object> Of(Ingredient input)
    {
        var assertion = new Dictionary<string, object>
        {
            ["relationship"] = "inputTo",
            ["instanceID"] = Sha256Prefix + input.Sha256,
        };
        if (input.MediaType is { } type)
            assertion["dc:format"] = type;
        if (input.Credentials is not { } credentials)
            return assertion;
        assertion["activeManifest"] = Reference(credentials.ActiveUri, credentials.Active.Content);
        assertion["claimSignature"] = Reference(credentials.SignatureUri, credentials.Signature!.Content);
        assertion["validationResults"] = new Dictionary<string, object>
        {
            ["activeManifest"] = new Dictionary<string, object>
            {
                ["success"] = credentials.Successes.Select(Status).ToArray(),
                ["informational"] = Array.Empty<object>(),
                // Nobody has checked who that is.
                ["failure"] = new[] { Status(new("signingCredential.untrusted", credentials.SignatureUri)) },
            },
        };
        return assertion;
    }

    private static object Status(CheckedPart part) => new Dictionary<string, object> { ["code"] = part.Code, ["url"] = part.Uri };

    private static Dictionary<string, object> Reference(string uri, ReadOnlyMemory<byte> content) => new()
    {
        ["url"] = uri,
        ["alg"] = "sha256",
        ["hash"] = SHA256.HashData(content.Span),
    };
}
