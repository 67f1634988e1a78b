using System.Buffers.Binary;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace GanOnnx.AspNetCore.Tests;

/// <summary>gRPC in its own bytes: fields by the numbers that the Open Inference Protocol's specification gives them.</summary>
public sealed class GrpcTests
{
    private const float Tolerance = 1e-5f;

    private TestServer _server = null!;
    private HttpClient _client = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        var port = FreePort();
        _server = await TestServer.Start(options => options.Models.Add(new(TestServer.Shipped("fashion-cgan"))),
            options => options with { GrpcPort = port });
        _client = new()
        {
            BaseAddress = new($"http://127.0.0.1:{port}"),
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Test]
    public async Task The_server_is_live_and_ready()
    {
        Assert.That(Convert.ToHexString(await Call("ServerLive", [])), Is.EqualTo("0801"));
        Assert.That(Convert.ToHexString(await Call("ServerReady", [])), Is.EqualTo("0801"));
        Assert.That(Convert.ToHexString(await Call("ModelReady", Text(1, "fashion-cgan"))), Is.EqualTo("0801"));
        Assert.That(await Call("ServerMetadata", []), Is.SupersetOf(Text(1, "ganonnx")));
    }

    [Test]
    public async Task A_models_tensors_are_told()
    {
        // −1 is ten bytes, 100 one.
        byte[] open = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01];
        byte[] z = [.. Text(1, "z"), .. Text(2, "FP32"), .. Bytes(3, [.. open, 100])], label = [.. Text(1, "label"), .. Text(2, "INT64"), .. Bytes(3, open)];
        byte[] image = [.. Text(1, "image"), .. Text(2, "FP32"), .. Bytes(3, [.. open, 1, 32, 32])];
        Assert.That(await Call("ModelMetadata", Text(1, "fashion-cgan")), Is.EqualTo((byte[])
            [.. Text(1, "fashion-cgan"), .. Text(2, "1"), .. Text(3, "onnx_onnxv1"), .. Bytes(4, z), .. Bytes(4, label), .. Bytes(5, image)]));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task The_librarys_latents_make_the_librarys_images(bool isRaw)
    {
        using var generator = ImageGenerator.Load(TestServer.Shipped("fashion-cgan"));
        var latents = new float[2 * 100];
        new LatentSampler(100).Fill(7, 0, latents.AsSpan(0, 100));
        new LatentSampler(100).Fill(7, 1, latents.AsSpan(100));
        byte[] values = MemoryMarshal.AsBytes<float>(latents).ToArray();
        byte[] labels = MemoryMarshal.AsBytes<long>(new long[] { 3, 4 }).ToArray();
        byte[] z = [.. Text(1, "z"), .. Text(2, "FP32"), .. Bytes(3, [2, 100]), .. isRaw ? [] : Bytes(5, Bytes(6, values))];
        byte[] label = [.. Text(1, "label"), .. Text(2, "INT64"), .. Bytes(3, [2]), .. isRaw ? [] : Bytes(5, Bytes(3, [3, 4]))];
        var answer = await Call("ModelInfer", [.. Text(1, "fashion-cgan"), .. Text(3, "id-7"), .. Bytes(5, z), .. Bytes(5, label),
            .. Bytes(6, Text(1, "image")), .. isRaw ? [.. Bytes(7, values), .. Bytes(7, labels)] : Array.Empty<byte>()]);

        // The shape [2, 1, 32, 32]; the values are last, in the output's contents or behind it.
        byte[] begin = [.. Text(1, "fashion-cgan"), .. Text(2, "1"), .. Text(3, "id-7")];
        Assert.That(answer[..begin.Length], Is.EqualTo(begin));
        Assert.That(Contains(answer, [.. Text(1, "image"), .. Text(2, "FP32"), .. Bytes(3, [2, 1, 32, 32])]));
        Assert.That(MemoryMarshal.Cast<byte, float>(answer.AsSpan(answer.Length - 4 * 2048)).ToArray(),
            Is.EqualTo(generator.FromLatents(latents, (int[])[3, 4]).Values.ToArray()).Within(Tolerance));
    }

    [TestCase("ModelReady", "nothing", "5", "There is no model 'nothing'. There is fashion-cgan.")]
    [TestCase("ModelInfer", "../x", "5", "There is no model '../x'. There is fashion-cgan.")]
    [TestCase("ModelInfer", "fashion-cgan", "3", "The input z of 'fashion-cgan' is missing. It takes z float32 [N, 100], label int64 [N].")]
    public async Task What_is_wrong_is_told(string method, string model, string status, string sentence)
    {
        using var response = await Send(method, Text(1, model));
        Assert.That((Status(response, "grpc-status"), Uri.UnescapeDataString(Status(response, "grpc-message")!)), Is.EqualTo((status, sentence)));
        Assert.That(_server.Logged, Has.None.StartsWith("Error"));
    }

    [Test]
    public async Task A_message_that_is_none_is_told_to_its_sender_and_not_to_the_log()
    {
        using var response = await Send("ModelInfer", [0xFF, 0xFF, 0xFF]);
        Assert.That(Status(response, "grpc-status"), Is.EqualTo("2"));
        Assert.That(Uri.UnescapeDataString(Status(response, "grpc-message")!), Does.Contain("While parsing a protocol message"));
        Assert.That(_server.Logged, Has.None.Contains("Exception"));
    }

    private async Task<byte[]> Call(string method, byte[] message)
    {
        using var response = await Send(method, message);
        Assert.That(Status(response, "grpc-status"), Is.EqualTo("0"), Status(response, "grpc-message"));
        var body = await response.Content.ReadAsByteArrayAsync();
        Assert.That(BinaryPrimitives.ReadInt32BigEndian(body.AsSpan(1)), Is.EqualTo(body.Length - 5));
        return body[5..];
    }

    // A byte that says it isn't compressed, its length, the message.
    private async Task<HttpResponseMessage> Send(string method, byte[] message)
    {
        var length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, message.Length);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/inference.GRPCInferenceService/{method}")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent([0, .. length, .. message]),
            Headers = { TE = { new TransferCodingWithQualityHeaderValue("trailers") } },
        };
        request.Content.Headers.ContentType = new("application/grpc");
        var response = await _client.SendAsync(request);
        await response.Content.LoadIntoBufferAsync();
        return response;
    }

    private static string? Status(HttpResponseMessage response, string name) =>
        response.TrailingHeaders.TryGetValues(name, out var trailing) ? trailing.Single()
            : response.Headers.TryGetValues(name, out var values) ? values.Single() : null;

    private static byte[] Text(int field, string text) => Bytes(field, Encoding.UTF8.GetBytes(text));

    // Wire type 2: the field's number, the length, the bytes.
    private static byte[] Bytes(int field, byte[] value)
    {
        var head = new List<byte> { (byte)(field << 3 | 2) };
        var length = value.Length;
        for (; length >= 0x80; length >>= 7)
            head.Add((byte)(length | 0x80));
        return [.. head, (byte)length, .. value];
    }

    private static bool Contains(byte[] bytes, byte[] part) => bytes.AsSpan().IndexOf(part) >= 0;

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
