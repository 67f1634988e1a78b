namespace GanOnnx.AspNetCore.Tests;

/// <summary>Full queues, deadlines, clients that leave, and the end.</summary>
public sealed class QueueTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(50);

    [Test]
    public async Task A_full_queue_is_503_and_a_client_that_leaves_makes_room()
    {
        // One image may wait, and waits a minute for others to share its batch.
        await using var server = await Start(1);
        using var leave = new CancellationTokenSource();
        var (waiting, refused) = await OneWaits(server, leave.Token);
        Assert.That(refused.Headers.RetryAfter!.Delta, Is.EqualTo(TimeSpan.FromSeconds(1)));
        Assert.That(await Task.FromResult(refused).Problem(HttpStatusCode.ServiceUnavailable),
            Is.EqualTo("Too many images wait. Ask again later."));

        await leave.CancelAsync();
        Assert.That(() => waiting, Throws.InstanceOf<OperationCanceledException>());
        // Only now has another one room, whose time ends; without it the minute would have to pass.
        using var patience = new CancellationTokenSource(_patience);
        while ((await Probe(server, patience.Token)).StatusCode != HttpStatusCode.GatewayTimeout)
        {
        }
        Assert.That(server.Logged, Has.None.Contains("Exception"));
    }

    [Test]
    public async Task A_deadline_ends_the_wait_and_frees_its_place()
    {
        await using var server = await Start(1);
        for (var i = 0; i < 3; i++)
            Assert.That(await server.Client.Generate(new { timeout = 0.05 }).Problem(HttpStatusCode.GatewayTimeout),
                Is.EqualTo("It wasn't done within 0.05 s, the deadline."));
    }

    [Test]
    public async Task Images_of_requests_at_the_same_time_share_batches()
    {
        using var measured = new Measurements("fashion-dcgan");
        await using var server = await Start(256, TimeSpan.FromSeconds(0.5));
        var images = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => server.Client.GetByteArrayAsync($"api/images/fashion-dcgan?seed={i}")));
        Assert.That(images.Distinct().Count(), Is.EqualTo(16));
        Assert.That(measured.Values("ganonnx.run.duration"), Has.Length.LessThan(10), "runs, that of the start included");
    }

    [Test]
    public async Task What_runs_is_finished_when_the_server_ends()
    {
        await using var server = await Start(256, TimeSpan.FromSeconds(2));
        var waiting = server.Client.GetAsync("api/images/fashion-dcgan?seed=1");
        await Task.Delay(500);
        await server.Stop();
        using var response = await waiting;
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Slow_senders_hold_no_place()
    {
        await using var server = await TestServer.Start(options =>
        {
            options.Models.Add(new(TestServer.Shipped("fashion-dcgan")));
            options.Generator = new() { QueueLimit = 1 };
        });
        using var slow = new System.Net.Sockets.TcpClient();
        await slow.ConnectAsync(server.Address.Host, server.Address.Port);
        await slow.GetStream().WriteAsync(
            "POST /v1/images/generations HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{"u8.ToArray());
        Assert.That(await server.Client.Generate(new { seed = 1 }).Images(), Has.Length.EqualTo(1));
    }

    private static Task<TestServer> Start(int limit, TimeSpan? delay = null) => TestServer.Start(options =>
    {
        options.Models.Add(new(TestServer.Shipped("fashion-dcgan")));
        options.Generator = new() { QueueLimit = limit, MaxQueueDelay = delay ?? TimeSpan.FromMinutes(1) };
    });

    // One image waits, and one more is refused. Which of two comes first, the network decides.
    private static async Task<(Task<HttpResponseMessage> Waiting, HttpResponseMessage Refused)> OneWaits(TestServer server,
        CancellationToken leave)
    {
        using var patience = new CancellationTokenSource(_patience);
        while (true)
        {
            var waiting = server.Client.GetAsync("api/images/fashion-dcgan?seed=1", leave);
            while (!waiting.IsCompleted)
                if (await Probe(server, patience.Token) is { StatusCode: HttpStatusCode.ServiceUnavailable } refused)
                    return (waiting, refused);
        }
    }

    private static Task<HttpResponseMessage> Probe(TestServer server, CancellationToken stop) =>
        server.Client.GetAsync("api/images/fashion-dcgan?seed=2&timeout=0.05", stop);
}
