using System.CommandLine;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using GanOnnx.AspNetCore;
using GanOnnx.CommandLine;
using GanOnnx.Inference;
using GanOnnx.Server.Keys;
using Microsoft.Extensions.Options;
using Microsoft.ML.OnnxRuntime;

namespace GanOnnx.Server;

/// <summary><c>gan serve</c>: a page to look at and an API to call.</summary>
internal static class ServeCommand
{
    private const int DefaultPort = 8080;
    private const string KeyVariable = "GANONNX_API_KEY", PasswordVariable = "GANONNX_CERT_PASSWORD";

    private static readonly GanOnnxOptions _defaults = new();

    private static readonly Argument<string[]> _models = new("MODEL")
    {
        Description = "One or several: .onnx files, folders with model.onnx, or names under models/.",
        Arity = ArgumentArity.ZeroOrMore,
        CompletionSources = { _ => ModelPath.Names },
    };
    private static readonly Option<string> _folder = new("--models")
    {
        HelpName = "FOLDER",
        Description = "Serves what is in a folder, .onnx files and folders with model.onnx, and follows it: what is replaced there is loaded, "
            + "tried and exchanged while requests go on.",
    };
    private static readonly Option<string[]> _alias = new("--alias")
    {
        HelpName = "NAME=MODEL",
        Description = "Another name for a model, as gpt-image-1=fashion-cgan for clients that know no other. May be given several times.",
    };

    private static readonly Option<int?> _port = new("--port") { Description = $"The default is {DefaultPort}; 0 takes a free one." };
    private static readonly Option<int?> _grpcPort = new("--grpc-port") { Description = "A port for the Open Inference Protocol over gRPC. The default is none." };
    private static readonly Option<string> _host = new("--host")
    {
        HelpName = "ADDRESS",
        Description = "The address to listen at: 0.0.0.0 for all of this machine's. The default is 127.0.0.1, which only this machine reaches.",
    };
    private static readonly Option<string> _cert = new("--cert")
    {
        HelpName = "FILE",
        Description = $"A certificate for HTTPS: .pfx (its password in {PasswordVariable}), or .pem with --cert-key.",
    };
    private static readonly Option<string> _certKey = new("--cert-key") { HelpName = "FILE", Description = "The private key of a .pem certificate." };
    private static readonly Option<string[]> _proxy = new("--proxy")
    {
        HelpName = "ADDRESS",
        Description = "A proxy whose X-Forwarded headers are believed. May be given several times.",
    };
    private static readonly Option<string[]> _cors = new("--cors")
    {
        HelpName = "ORIGIN",
        Description = "A site whose pages may call it, as https://example.org. May be given several times.",
    };

    private static readonly Option<string[]> _apiKey = new("--api-key")
    {
        HelpName = "KEY",
        Description = $"A key that callers must send, at least {ApiKeys.ShortestKey} characters. Other users of this machine see it here; {KeyVariable} hides it.",
    };
    private static readonly Option<string> _apiKeys = new("--api-keys")
    {
        HelpName = "FILE",
        Description = "A file of hashed keys: in each line the SHA-256 of one, as sha256sum prints it, and a name for the log.",
    };
    private static readonly Option<bool> _noAuth = new("--no-auth") { Description = "Anybody who reaches --host may call it, without a key." };
    private static readonly Option<int?> _rate = new("--rate")
    {
        Description = "Requests a minute of one key, or of one address where there is none. The default is no limit.",
    };
    private static readonly Option<int?> _queue = new("--queue")
    {
        Description = $"Images that may wait for each model; a request beyond is told to come again. The default is {_defaults.Generator.QueueLimit}.",
    };
    private static readonly Option<int?> _maxImages = new("--max-images") { Description = $"Images of one request. The default is {_defaults.MaxImages}." };
    private static readonly Option<long?> _maxBody = new("--max-body") { Description = $"Bytes of a request. The default is {_defaults.MaxBodySize}." };
    private static readonly Option<long?> _maxPixels = new("--max-pixels")
    {
        Description = $"Pixels of a picture that comes in or goes out. The default is {_defaults.MaxPixels}.",
    };
    private static readonly Option<double?> _timeout = new("--timeout")
    {
        Description = $"Seconds that a request may take. The default is {_defaults.Timeout.TotalSeconds}.",
    };
    private static readonly Option<string> _jobs = new("--jobs")
    {
        HelpName = "FOLDER",
        Description = "Allows jobs, POST /v1/jobs: large sets that are made in the background and kept in this folder. The default is none.",
    };
    private static readonly Option<int?> _batch = new("--batch") { Description = "Images per run of a model. The default suits the device." };
    private static readonly Option<Device> _device = DeviceOption.Create();

    public static Verb Create() => new("serve", "a page to look at and an API to call", Run,
        "fashion-cgan",
        "fashion-cgan fashion-stylegan2 --port 9000",
        "fashion-cgan --alias gpt-image-1=fashion-cgan",
        "--models models/",
        "fashion-cgan --host 0.0.0.0 --api-keys keys.txt --cert server.pfx")
    {
        _models,
        { "Which models", _folder, _alias },
        { "Where", _port, _grpcPort, _host, _cert, _certKey, _proxy, _cors },
        { "Who may", _apiKey, _apiKeys, _noAuth, _rate },
        { "How much", _queue, _maxImages, _maxBody, _maxPixels, _timeout, _jobs },
        { "How", _device, _batch },
        { FormatOptions.Heading, FormatOptions.All },
    };

    private static int Run(ParseResult parsed, CancellationToken stop) => Serve(Read(parsed), stop).GetAwaiter().GetResult();

    private static async Task<int> Serve(ServerOptions options, CancellationToken stop)
    {
        // ONNX Runtime prints to standard error what it also throws.
        OrtEnv.Instance().EnvLogLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL;
        await using var server = await Start(options, stop).ConfigureAwait(false);
        await Console.Out.WriteLineAsync($"{server.Address}  Ctrl-C ends it.").ConfigureAwait(false);
        if (options.Keys.IsEmpty && !IPAddress.IsLoopback(options.Host))
            await Console.Error.WriteLineAsync($"gan: WARNING: anybody who reaches {options.Host} may use these models: there is no key.")
                .ConfigureAwait(false);
        await Task.Delay(Timeout.Infinite, stop).ContinueWith(_ => { }, TaskScheduler.Default).ConfigureAwait(false);
        await Console.Error.WriteLineAsync("gan: closing; what runs is finished first.").ConfigureAwait(false);
        await server.Stop().ConfigureAwait(false);
        return ExitCode.Done;
    }

    private static async Task<Server> Start(ServerOptions options, CancellationToken stop)
    {
        try
        {
            return await Server.Start(options, stop).ConfigureAwait(false);
        }
        catch (OptionsValidationException e)
        {
            throw new UsageException(e.Failures.First());
        }
    }

    private static ServerOptions Read(ParseResult parsed)
    {
        var host = Host(parsed.GetValue(_host) ?? "127.0.0.1");
        var keys = Keys(parsed);
        if (keys.IsEmpty && !IPAddress.IsLoopback(host) && !parsed.GetValue(_noAuth))
            throw new UsageException($"--host {host} lets others in, and there is no key. Give --api-key or --api-keys; or, where anybody "
                + "may use these models, --no-auth.");
        if (!keys.IsEmpty && parsed.GetValue(_noAuth))
            throw new UsageException("--no-auth says that no key is needed, and there are keys. Leave out one of them.");
        return new()
        {
            Models = Models(parsed),
            Host = host,
            Port = InRange("--port", parsed.GetValue(_port) ?? DefaultPort, 0, 65535),
            GrpcPort = parsed.GetValue(_grpcPort) is { } grpc ? InRange("--grpc-port", grpc, 1, 65535) : null,
            Certificate = Certificate(parsed.GetValue(_cert), parsed.GetValue(_certKey)),
            Keys = keys,
            RequestsPerMinute = parsed.GetValue(_rate) is { } rate ? InRange("--rate", rate, 1, 1_000_000) : null,
            Proxies = [.. (parsed.GetValue(_proxy) ?? []).Select(proxy => IPAddress.TryParse(proxy, out var address) ? address
                : throw new UsageException($"--proxy {proxy} is no address; write one as 10.0.0.2."))],
            Origins = [.. (parsed.GetValue(_cors) ?? []).Select(Origin)],
            JobsFolder = Jobs(parsed.GetValue(_jobs)),
            LogsJson = Console.IsErrorRedirected,
            MaxBodySize = parsed.GetValue(_maxBody) ?? _defaults.MaxBodySize,
        };
    }

    private static string? Jobs(string? folder)
    {
        if (folder is not null)
            OutputPath.CheckFolder(folder);
        return folder;
    }

    private static Action<GanOnnxOptions> Models(ParseResult parsed)
    {
        var served = (parsed.GetValue(_models) ?? []).Select(model => new ServedModel(ModelPath.Resolve(model))).ToList();
        var folder = parsed.GetValue(_folder);
        if (served.Count == 0 && folder is null)
            throw new UsageException($"Which model? Name one, or a folder of them with --models. See: {Hint.Of("serve", "--help")}");
        var aliases = Aliases(parsed);
        var format = FormatOptions.Options(parsed);
        return options =>
        {
            foreach (var model in served)
                options.Models.Add(model);
            options.ModelsFolder = folder;
            foreach (var (alias, model) in aliases)
                options.Aliases[alias] = model;
            options.Generator = format with
            {
                Device = parsed.GetValue(_device),
                BatchSize = parsed.GetValue(_batch),
                QueueLimit = parsed.GetValue(_queue) ?? options.Generator.QueueLimit,
            };
            options.Translator = FormatOptions.TranslatorOptions(parsed) with
            {
                Device = parsed.GetValue(_device),
                BatchSize = parsed.GetValue(_batch),
            };
            options.MaxImages = parsed.GetValue(_maxImages) ?? options.MaxImages;
            options.MaxBodySize = parsed.GetValue(_maxBody) ?? options.MaxBodySize;
            options.MaxPixels = parsed.GetValue(_maxPixels) ?? options.MaxPixels;
            options.Timeout = parsed.GetValue(_timeout) is { } seconds ? Seconds(seconds) : options.Timeout;
        };
    }

    private static Dictionary<string, string> Aliases(ParseResult parsed)
    {
        var aliases = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var alias in parsed.GetValue(_alias) ?? [])
        {
            if (alias.Split('=', 2) is not [{ Length: > 0 } name, { Length: > 0 } of])
                throw new UsageException($"--alias {alias} names no model; write it as gpt-image-1=fashion-cgan.");
            aliases[name] = of;
        }
        return aliases;
    }

    private static TimeSpan Seconds(double seconds) => seconds is > 0 and < 1e6 ? TimeSpan.FromSeconds(seconds)
        : throw new UsageException($"--timeout {seconds} is no time; give seconds.");

    private static IPAddress Host(string host) => host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback
        : IPAddress.TryParse(host, out var address) ? address
        : throw new UsageException($"--host {host} is no address of this machine; write one as 127.0.0.1, or 0.0.0.0 for all of them.");

    private static ApiKeys Keys(ParseResult parsed)
    {
        var keys = parsed.GetValue(_apiKey) ?? [];
        if (Environment.GetEnvironmentVariable(KeyVariable) is { Length: > 0 } key)
            keys = [.. keys, key];
        return ApiKeys.Create(keys, parsed.GetValue(_apiKeys));
    }

    private static X509Certificate2? Certificate(string? file, string? key)
    {
        if (file is null)
            return key is null ? null : throw new UsageException("--cert-key is the key of a certificate, and --cert names none.");
        foreach (var path in (string?[])[file, key])
            if (path is not null && !File.Exists(path))
                throw new UsageException($"There is no file '{path}'.");
        try
        {
            if (Path.GetExtension(file).ToLowerInvariant() is ".pfx" or ".p12")
                return X509CertificateLoader.LoadPkcs12FromFile(file, Environment.GetEnvironmentVariable(PasswordVariable));
            using var pem = X509Certificate2.CreateFromPemFile(file, key);
            // Windows takes no key that lives in memory only.
            return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
        }
        catch (CryptographicException e)
        {
            throw new UsageException($"The certificate '{file}' can't be read: {e.Message.TrimEnd('.')}. A .pfx file has its password in "
                + $"{PasswordVariable}; a .pem file needs --cert-key, or has its key in it.");
        }
    }

    private static string Origin(string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.GetLeftPart(UriPartial.Authority) == origin
            ? origin : throw new UsageException($"--cors {origin} is no site; write one as https://example.org.");

    private static int InRange(string option, int value, int least, int most) => value >= least && value <= most ? value
        : throw new UsageException($"{option} {value} is out of range; {least} to {most} is expected.");
}
