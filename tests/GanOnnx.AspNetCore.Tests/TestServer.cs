using System.Collections.Concurrent;
using GanOnnx.Server;
using GanOnnx.Server.Keys;
using Microsoft.Extensions.Logging;

namespace GanOnnx.AspNetCore.Tests;

/// <summary>The server of <c>gan serve</c> on a free port, and what it logs.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly Server.Server _server;
    private readonly Log _log;

    private TestServer(Server.Server server, Log log) => (_server, _log, Client) = (server, log, new() { BaseAddress = server.Address });

    public HttpClient Client { get; }

    public Uri Address => _server.Address;

    public IServiceProvider Services => _server.Services;

    /// <summary>Each line, with what was thrown.</summary>
    public IReadOnlyList<string> Logged => [.. _log.Lines];

    public static async Task<TestServer> Start(Action<GanOnnxOptions> models, Func<ServerOptions, ServerOptions>? change = null)
    {
        var log = new Log();
        var options = new ServerOptions { Models = models };
        var server = await Server.Server.Start(change?.Invoke(options) ?? options, log: logging => logging.AddProvider(log));
        return new(server, log);
    }

    /// <summary>Models that are shipped.</summary>
    public static Task<TestServer> Start(params string[] shipped) => Start(options =>
    {
        foreach (var name in shipped)
            options.Models.Add(new(Shipped(name)));
    });

    public static string Shipped(string name) => Path.Combine(Repository.Root, "models", name);

    public static ApiKeys Keys(params string[] keys) => ApiKeys.Create(keys, null);

    public Task Stop() => _server.Stop();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _server.DisposeAsync();
    }

    private sealed class Log : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        IDisposable? ILogger.BeginScope<TState>(TState state) => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) => Lines.Enqueue($"{logLevel} {formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}

/// <summary>Short ways to ask and to look at answers.</summary>
internal static class Asked
{
    public static async Task<JsonNode> Json(this HttpResponseMessage response) =>
        JsonNode.Parse(await response.Content.ReadAsStringAsync())!;

    public static Task<HttpResponseMessage> Generate(this HttpClient client, object body) =>
        client.PostAsJsonAsync("v1/images/generations", body);

    /// <summary>The images of an answer that is one.</summary>
    public static async Task<byte[][]> Images(this Task<HttpResponseMessage> asked)
    {
        using var response = await asked;
        var json = await response.Json();
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), json.ToString());
        return [.. json["data"]!.AsArray().Select(image => Convert.FromBase64String((string)image!["b64_json"]!))];
    }

    /// <summary>Asserts that an answer is a problem document, in the form that its endpoint's clients look for as well.</summary>
    public static async Task<string> Problem(this Task<HttpResponseMessage> asked, HttpStatusCode status)
    {
        using var response = await asked;
        var text = await response.Content.ReadAsStringAsync();
        Assert.That((response.StatusCode, response.Content.Headers.ContentType?.MediaType), Is.EqualTo((status, "application/problem+json")),
            text);
        var json = JsonNode.Parse(text)!;
        Assert.That((int)json["status"]!, Is.EqualTo((int)status));
        Assert.That(json["error"] is JsonObject error ? (string)error["message"]! : (string)json["error"]!,
            Is.EqualTo((string)json["detail"]!));
        return (string)json["detail"]!;
    }
}
