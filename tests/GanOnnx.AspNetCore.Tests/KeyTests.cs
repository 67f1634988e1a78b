using System.Net.Http.Headers;
using System.Security.Cryptography;
using GanOnnx.CommandLine;
using GanOnnx.Server.Keys;

namespace GanOnnx.AspNetCore.Tests;

/// <summary>Who may ask, how often, and over what.</summary>
public sealed class KeyTests
{
    private const string Key = "correct-horse-battery-staple";

    [Test]
    public async Task With_keys_only_who_has_one_may_call_models()
    {
        await using var server = await Start(Key);
        Assert.That(await server.Client.GetAsync("v1/models").Problem(HttpStatusCode.Unauthorized), Does.StartWith("A key is missing."));
        await server.Client.GetAsync("api/models").Problem(HttpStatusCode.Unauthorized);
        await server.Client.Generate(new { }).Problem(HttpStatusCode.Unauthorized);

        server.Client.DefaultRequestHeaders.Authorization = new("Bearer", Key[..^1]);
        Assert.That(await server.Client.GetAsync("v1/models").Problem(HttpStatusCode.Unauthorized), Does.StartWith("The key is unknown."));

        server.Client.DefaultRequestHeaders.Authorization = new("Bearer", Key);
        Assert.That(await server.Client.Generate(new { }).Images(), Has.Length.EqualTo(1));
        Assert.That(server.Logged, Has.None.Contains(Key).And.Some.Contains("key key1"), "the log has its name");
    }

    [TestCase("")]
    [TestCase("healthz/live")]
    [TestCase("healthz/ready")]
    public async Task The_page_and_health_need_none(string address)
    {
        await using var server = await Start(Key);
        using var response = await server.Client.GetAsync(address);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task A_key_over_its_rate_is_429_and_another_isnt()
    {
        await using var server = await TestServer.Start(options => options.Models.Add(new(TestServer.Shipped("fashion-dcgan"))),
            options => options with { Keys = TestServer.Keys(Key, Key + "2"), RequestsPerMinute = 20 });
        server.Client.DefaultRequestHeaders.Authorization = new("Bearer", Key);
        var answers = new List<HttpResponseMessage>();
        for (var i = 0; i < 4; i++)
            answers.Add(await server.Client.GetAsync("v1/models"));
        Assert.That(answers.Select(answer => answer.StatusCode),
            Has.Some.EqualTo(HttpStatusCode.OK).And.Some.EqualTo(HttpStatusCode.TooManyRequests));
        var refused = answers.Find(answer => answer.StatusCode == HttpStatusCode.TooManyRequests)!;
        Assert.That(refused.Headers.RetryAfter!.Delta, Is.InRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3)));
        Assert.That(await Task.FromResult(refused).Problem(HttpStatusCode.TooManyRequests), Is.EqualTo(
            "More than 20 requests a minute. Ask again later."));

        server.Client.DefaultRequestHeaders.Authorization = new("Bearer", Key + "2");
        Assert.That((await server.Client.GetAsync("v1/models")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await server.Client.GetAsync("healthz/live")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public void A_file_has_hashed_keys_as_sha256sum_prints_them()
    {
        using var folder = new TemporaryFolder();
        var hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Key))).ToLowerInvariant();
        File.WriteAllText(folder["keys.txt"], $"# who\n\n{hash}  ci\n{new string('0', 64)}  -\n");
        var keys = ApiKeys.Create([], folder["keys.txt"]);
        Assert.That((keys.NameOf(Key), keys.NameOf(Key + "x"), keys.NameOf(""), keys.NameOf(hash)), Is.EqualTo(("ci", (string?)null, (string?)null, (string?)null)));

        File.WriteAllText(folder["keys.txt"], $"{hash}  ci\n{Key}\n");
        Assert.That(() => ApiKeys.Create([], folder["keys.txt"]), Throws.InstanceOf<UsageException>().With.Message.StartsWith("Line 2 of '"));
        File.WriteAllText(folder["keys.txt"], "# none\n");
        Assert.That(() => ApiKeys.Create([], folder["keys.txt"]), Throws.InstanceOf<UsageException>().With.Message.EndsWith("has none."));
        Assert.That(() => ApiKeys.Create(["short"], null), Throws.InstanceOf<UsageException>().With.Message.StartsWith("A key of 5 characters"));
    }

    [Test]
    public async Task Other_sites_may_call_it_only_where_they_are_named()
    {
        await using var closed = await TestServer.Start("fashion-dcgan");
        Assert.That((await Preflight(closed)).Headers.Contains("Access-Control-Allow-Origin"), Is.False);

        await using var open = await TestServer.Start(options => options.Models.Add(new(TestServer.Shipped("fashion-dcgan"))),
            options => options with { Origins = ["https://example.org"] });
        Assert.That((await Preflight(open)).Headers.GetValues("Access-Control-Allow-Origin"), Is.EqualTo(["https://example.org"]));
        Assert.That((await Preflight(open, "https://other.example")).Headers.Contains("Access-Control-Allow-Origin"), Is.False);
    }

    [TestCase("cross-site", null, HttpStatusCode.Forbidden)]
    [TestCase("cross-site", "https://example.org", HttpStatusCode.OK)]
    [TestCase("cross-site", "https://other.example", HttpStatusCode.Forbidden)]
    [TestCase("same-origin", null, HttpStatusCode.OK)]
    [TestCase("none", null, HttpStatusCode.OK)]
    public async Task A_page_of_another_site_has_no_images_made(string site, string? origin, HttpStatusCode status)
    {
        await using var server = await TestServer.Start(options => options.Models.Add(new(TestServer.Shipped("fashion-dcgan"))),
            options => options with { Origins = ["https://example.org"] });
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/images/fashion-dcgan");
        request.Headers.Add("Sec-Fetch-Site", site);
        if (origin is not null)
            request.Headers.Add("Origin", origin);
        Assert.That((await server.Client.SendAsync(request)).StatusCode, Is.EqualTo(status));
    }

    [TestCase(true, "https")]
    [TestCase(false, "http")]
    public async Task Forwarded_headers_are_believed_of_named_proxies_only(bool isNamed, string scheme)
    {
        await using var server = await TestServer.Start(options => options.Models.Add(new(TestServer.Shipped("fashion-dcgan"))),
            options => options with { Keys = TestServer.Keys(Key), Proxies = [isNamed ? IPAddress.Loopback : IPAddress.Parse("10.1.2.3")] });
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/images/generations")
        {
            Content = JsonContent.Create(new { response_format = "url" }),
            Headers = { Authorization = new("Bearer", Key) },
        };
        request.Headers.Add("X-Forwarded-Proto", "https");
        using var response = await server.Client.SendAsync(request);
        Assert.That((string)(await response.Json())["data"]![0]!["url"]!, Does.StartWith($"{scheme}://"));
    }

    [Test]
    public async Task A_certificate_makes_it_https()
    {
        using var key = ECDsa.Create();
        var request = new System.Security.Cryptography.X509Certificates.CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        await using var server = await TestServer.Start(options => options.Models.Add(new(TestServer.Shipped("fashion-dcgan"))),
            options => options with { Certificate = certificate });
        using var handler = new HttpClientHandler();
        handler.ServerCertificateCustomValidationCallback = (_, sent, _, _) => sent!.Thumbprint == certificate.Thumbprint;
        using var client = new HttpClient(handler) { BaseAddress = server.Address };
        Assert.That(await client.GetStringAsync("healthz/live"), Is.EqualTo("live"));
    }

    private static async Task<HttpResponseMessage> Preflight(TestServer server, string origin = "https://example.org")
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, "v1/images/generations");
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "POST");
        return await server.Client.SendAsync(request);
    }

    private static Task<TestServer> Start(params string[] keys) => TestServer.Start(
        options => options.Models.Add(new(TestServer.Shipped("fashion-dcgan"))), options => options with { Keys = TestServer.Keys(keys) });
}
