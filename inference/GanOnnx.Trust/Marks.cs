using System.Reflection;
using GanOnnx.ContentCredentials;
using GanOnnx.Imaging;

namespace GanOnnx.Trust;

/// <summary>What a file says of its origin: in XMP, which anyone can write, and in Content Credentials, which are signed.</summary>
internal static class Marks
{
    private static readonly PropertyInfo[] _properties = typeof(Provenance).GetProperties();

    /// <summary>A file's Content Credentials; null where there are none, or the format has none.</summary>
    /// <param name="path">The file.</param>
    /// <param name="ownCertificate">The one of this user; null where there is none.</param>
    /// <exception cref="ImageException">The file can't be read.</exception>
    public static FoundCredentials? ReadCredentials(string path, ReadOnlyMemory<byte>? ownCertificate)
    {
        try
        {
            using var stream = File.OpenRead(path);
            return ContentCredential.Read(stream) is not { } report ? null : new(report.Holds, report.Signer,
                report.Certificate is { } certificate && ownCertificate is { } own && certificate.Span.SequenceEqual(own.Span),
                ClaimOf.Read(report), report.Inputs, report.Problems);
        }
        catch (CredentialException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ImageException($"'{path}' can't be read: {e.Message}", e);
        }
    }

    /// <summary>What is to be believed, as far as anything is: what was signed, else the XMP; null for neither.</summary>
    public static Provenance? Claimed(Provenance? xmp, FoundCredentials? credentials) =>
        credentials is { Holds: true, Says: { } signed } ? signed : xmp ?? credentials?.Says;

    /// <summary>What the two say differently.</summary>
    public static IEnumerable<string> Contradictions(Provenance? xmp, FoundCredentials? credentials) =>
        xmp is null || credentials?.Says is not { } says ? []
            : _properties.Where(property => property.CanWrite && !Equals(Text(property.GetValue(xmp)), Text(property.GetValue(says))))
                .Select(property => $"{property.Name}: XMP says {Shown(property.GetValue(xmp))}, the credentials "
                    + Shown(property.GetValue(says)));

    /// <summary>Both as reasons of a verdict: <c>XMP: GanOnnx 0.2.0, model 'm', seed 0, image 3, label 7, unsigned: anyone can write
    /// that.</c></summary>
    public static IEnumerable<string> Told(Provenance? xmp, FoundCredentials? credentials)
    {
        if (xmp is not null)
            yield return Told(xmp);
        if (credentials is not null)
            yield return !credentials.Holds ? $"signature: {string.Join(' ', credentials.Problems.Select(problem => problem.Message))}"
                : $"signature: it is as it was signed by {(credentials.IsOwn ? "this computer's own key"
                    : $"'{credentials.Signer}', a name that nobody has checked")}.";
    }

    /// <summary>XMP as a reason of a verdict.</summary>
    public static string Told(Provenance xmp) => $"XMP: {xmp.CreatorTool ?? "unknown tool"}"
        + Said("model", xmp.Model is { } model ? $"'{model}'" : null) + Said("seed", xmp.Seeds) + Said("image", xmp.Indices)
        + Said("label", xmp.Label) + Said("prompt", xmp.Prompt is { } prompt ? $"'{prompt}'" : null) + ", unsigned: anyone can write that.";

    private static string Said(string what, string? value) => value is null ? "" : $", {what} {value}";

    // What XML can't hold was written into it as spaces.
    private static string? Text(object? value) => (value as string)?.Trim();

    private static string Shown(object? value) => value is string text ? $"'{text}'" : "nothing";
}
