using System.CommandLine;
using GanOnnx.CommandLine;
using GanOnnx.ContentCredentials;
using GanOnnx.Inference;
using GanOnnx.Trust;
using GanOnnx.Video;

namespace GanOnnx.Cli;

/// <summary>Who signs what a call makes: this user, somebody with a key, or nobody.</summary>
internal static class Signing
{
    private const string Folder = "ganonnx", Name = "signing";

    private static readonly Option<bool> _unsigned =
        new("--unsigned") { Description = "Don't sign the mark (Content Credentials, C2PA)." };

    private static readonly Option<string> _key = new("--sign-key")
    {
        HelpName = "FILE",
        Description = "Sign with this private key (PEM, unencrypted), not with the one of this computer.",
    };

    private static readonly Option<string> _certificate = new("--sign-cert")
    {
        HelpName = "FILE",
        Description = "The certificate of --sign-key (PEM), and behind it those of the authorities between.",
    };

    private static readonly Option<string> _stored = new("--sign-store")
    {
        HelpName = "THUMBPRINT",
        Description = "Sign with this certificate of the system's certificate store (My, of this user or machine).",
    };

    public static IReadOnlyList<Option> Options { get; } = [_unsigned, _key, _certificate, _stored];

    /// <summary>The folder with the key and certificates of this user.</summary>
    public static string UsersFolder => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify), Folder, Name);

    /// <summary>Checks that what is to be signed can be.</summary>
    /// <exception cref="UsageException">The file is an MP4, and somebody is to sign it.</exception>
    public static void CheckFile(ParseResult parsed, string output)
    {
        if (VideoFile.IsMp4(output) && Options.FirstOrDefault(option => option != _unsigned
            && parsed.GetResult(option) is { Implicit: false }) is { } asked)
            throw new UsageException($"{asked.Name} is for .gif files; .mp4 files aren't signed.");
    }

    /// <summary>What writes the files of a call, with a watermark where one is asked for.</summary>
    /// <param name="parsed">What was typed.</param>
    /// <param name="model">What makes them.</param>
    /// <param name="isUnmarked">Whether they are to say nothing of their origin; then there is nothing to sign.</param>
    /// <exception cref="UsageException">The options contradict each other, or a key can't be used.</exception>
    public static PictureWriter Open(ParseResult parsed, ModelDescription model, bool isUnmarked)
    {
        var (key, certificate, isUnsigned) = (parsed.GetValue(_key), parsed.GetValue(_certificate), parsed.GetValue(_unsigned));
        var stored = parsed.GetValue(_stored);
        if ((key ?? certificate ?? stored) is not null && (isUnsigned || isUnmarked))
            throw new UsageException($"{(stored is null ? "--sign-key and --sign-cert" : _stored.Name)} can't be chosen with {(isUnsigned ? "--unsigned" : "--no-provenance")}: "
                + "nothing is signed. Leave out the one or the other.");
        if ((key ?? certificate) is not null && stored is not null)
            throw new UsageException($"{_stored.Name} names a certificate and its key already. Leave out --sign-key and --sign-cert, or it.");
        if (key is null != certificate is null)
            throw new UsageException("--sign-key and --sign-cert belong together: the private key, and the certificate of it.");
        return new(isUnsigned || isUnmarked ? null : Identity(key, certificate, stored), model.Metadata?.License,
            ModelWatermark.Of(parsed, model));
    }

    /// <summary>The certificate (DER) of this user; null where there is none yet.</summary>
    public static ReadOnlyMemory<byte>? UsersCertificate()
    {
        try
        {
            if (!Directory.Exists(UsersFolder))
                return null;
            using var identity = SigningIdentity.OfUser(UsersFolder, out _);
            return identity.Certificate;
        }
        catch (Exception e) when (e is CredentialException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static SigningIdentity Identity(string? key, string? certificate, string? stored)
    {
        try
        {
            return stored is { Length: > 0 } ? SigningIdentity.OfStore(stored)
                : key is null ? OfUser() : SigningIdentity.Load(key, certificate!);
        }
        catch (CredentialException e)
        {
            throw new UsageException(e.Message);
        }
    }

    private static SigningIdentity OfUser()
    {
        try
        {
            var identity = SigningIdentity.OfUser(UsersFolder, out var isNew);
            if (isNew)
                Console.Error.WriteLine($"gan: what is generated is signed from now on with a key of this computer, which was made in "
                    + $"'{PlainText.Of(UsersFolder)}'; --unsigned leaves it out.");
            return identity;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // As in a container without a home.
            Console.Error.WriteLine($"gan: no key for signing can be kept ({PlainText.Of(e.Message)}), so this is signed with "
                + "one of this call; --unsigned leaves it out.");
            return SigningIdentity.Temporary();
        }
    }
}
