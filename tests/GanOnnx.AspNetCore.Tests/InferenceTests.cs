using System.Globalization;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;

namespace GanOnnx.AspNetCore.Tests;

/// <summary>The Open Inference Protocol over HTTP, as its specification has it.</summary>
public sealed class InferenceTests
{
    private const string Header = "Inference-Header-Content-Length";
    private const float Tolerance = 1e-5f;

    private readonly ModelFolder _folder = new();
    private TestServer _server = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        var upscaler = _folder.Save(ForeignModels.Upscaler("N", 3, "H", "W"), "upscaler.onnx");
        var bytes = _folder.Save(ForeignModels.Generator(lowest: 0, highest: 255, last: true, bytes: true), "bytes.onnx");
        _server = await TestServer.Start(options =>
        {
            options.Models.Add(new(TestServer.Shipped("fashion-cgan")));
            options.Models.Add(new(TestServer.Shipped("fashion-stylegan2")));
            options.Models.Add(new(upscaler));
            options.Models.Add(new(bytes));
            options.Translator = new() { Input = new() { Range = ValueRange.Unit } };
        });
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        Assert.That(_server.Logged, Has.None.Contains("Exception"));
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Test]
    public async Task The_server_and_its_models_say_what_they_are()
    {
        Assert.That(await Get("v2"), Does.Match("""^\{"name":"ganonnx","version":"\d+\.\d+\.\d+","extensions":\["binary_tensor_data"\]\}$"""));
        Assert.That(await Get("v2/health/live"), Is.EqualTo("""{"live":true}"""));
        Assert.That(await Get("v2/health/ready"), Is.EqualTo("""{"ready":true}"""));
        Assert.That(await Get("v2/models/fashion-cgan/ready"), Is.EqualTo("""{"name":"fashion-cgan","ready":true}"""));
        Assert.That(await Get("v2/models/fashion-cgan/versions/1"), Is.EqualTo(await Get("v2/models/fashion-cgan")));
        Assert.That(await Get("v2/models/fashion-cgan"), Is.EqualTo(
            """{"name":"fashion-cgan","versions":["1"],"platform":"onnx_onnxv1","inputs":[{"name":"z","datatype":"FP32","shape":[-1,100]},"""
            + """{"name":"label","datatype":"INT64","shape":[-1]}],"outputs":[{"name":"image","datatype":"FP32","shape":[-1,1,32,32]}]}"""));
        Assert.That(await Get("v2/models/bytes"), Does.Contain("""{"name":"out","datatype":"UINT8","shape":[-1,16,16,3]}"""));
    }

    [Test]
    public async Task The_librarys_latents_make_the_librarys_images()
    {
        // More than a batch, whose rows are told apart.
        const int Count = 20;
        using var generator = ImageGenerator.Load(TestServer.Shipped("fashion-cgan"));
        var latents = Latents(generator.Model, Count);
        var labels = Enumerable.Range(0, Count).Select(i => i % 10).ToArray();
        var answer = await Infer("fashion-cgan", new
        {
            id = "42",
            inputs = new object[]
            {
                new { name = "z", shape = new[] { Count, 100 }, datatype = "FP32", data = latents },
                new { name = "label", shape = new[] { Count }, datatype = "INT64", data = labels },
            },
        });
        Assert.That(((string)answer["id"]!, (string)answer["model_name"]!, (string)answer["model_version"]!), Is.EqualTo(("42", "fashion-cgan", "1")));
        var output = answer["outputs"]![0]!;
        Assert.That(output["shape"]!.AsArray().Select(axis => (int)axis!), Is.EqualTo([Count, 1, 32, 32]));
        Assert.That(output["data"]!.AsArray().Select(value => (float)value!),
            Is.EqualTo(generator.FromLatents(latents, labels).Values.ToArray()).Within(Tolerance));
    }

    [Test]
    public async Task Tensors_may_be_bytes_behind_the_json()
    {
        using var generator = ImageGenerator.Load(TestServer.Shipped("fashion-cgan"));
        var latents = Latents(generator.Model, 3);
        byte[] z = MemoryMarshal.AsBytes<float>(latents).ToArray(), label = MemoryMarshal.AsBytes<long>(new long[] { 1, 2, 3 }).ToArray();
        var json = $$$"""
            {"inputs":[{"name":"label","shape":[3],"datatype":"INT64","parameters":{"binary_data_size":{{{label.Length}}}}},
            {"name":"z","shape":[3,100],"datatype":"FP32","parameters":{"binary_data_size":{{{z.Length}}}}}],
            "outputs":[{"name":"image","parameters":{"binary_data":true}}]}
            """;
        using var response = await Send("fashion-cgan", json, [.. label, .. z]);
        var body = await response.Content.ReadAsByteArrayAsync();
        var length = int.Parse(response.Headers.GetValues(Header).Single(), CultureInfo.InvariantCulture);
        var output = JsonNode.Parse(body.AsSpan(0, length))!["outputs"]![0]!;
        Assert.That(((int)output["parameters"]!["binary_data_size"]!, response.Content.Headers.ContentType!.MediaType),
            Is.EqualTo((body.Length - length, "application/octet-stream")));
        Assert.That(MemoryMarshal.Cast<byte, float>(body.AsSpan(length)).ToArray(),
            Is.EqualTo(generator.FromLatents(latents, (int[])[1, 2, 3]).Values.ToArray()).Within(Tolerance));
    }

    [Test]
    public async Task All_outputs_may_be_asked_for_as_bytes_and_json_nested_as_the_shape_is()
    {
        var zeros = string.Join(',', Enumerable.Repeat("0", 100));
        var json = $$$"""{"parameters":{"binary_data_output":true},"inputs":[{"name":"z","shape":[1,100],"datatype":"FP32","data":[[{{{zeros}}}]]},{"name":"label","shape":[1],"datatype":"INT64","data":[4]}]}""";
        using var response = await Send("fashion-cgan", json, []);
        Assert.That(response.Headers.Contains(Header));
    }

    [Test]
    public async Task Types_and_layouts_are_the_models_own()
    {
        var answer = await Infer("bytes", new { inputs = new[] { new { name = "z", shape = new[] { 1, 24 }, datatype = "FP32", data = new float[24] } } });
        var output = answer["outputs"]![0]!;
        Assert.That((string)output["datatype"]!, Is.EqualTo("UINT8"));
        Assert.That(output["data"]!.AsArray().Select(value => (int)value!), Has.Exactly(768).InRange(0, 255));
    }

    [Test]
    public async Task Every_input_of_a_model_is_its_own()
    {
        using var generator = ImageGenerator.Load(TestServer.Shipped("fashion-stylegan2"));
        float[] latents = Latents(generator.Model, 2), styles = Latents(generator.Model, 1, seed: 8);
        object Input(string name, int[] shape, float[] data) => new { name, shape, datatype = "FP32", data };
        var size = generator.Model.LatentSize;
        var answer = await Infer("fashion-stylegan2", new
        {
            inputs = generator.Model.Inputs.Select(input => input.Name switch
            {
                "z" => Input("z", [2, size], latents),
                "truncation" => Input("truncation", [2], [0.5f, 0.5f]),
                "style_mix" => Input("style_mix", [2, size], [.. styles, .. styles]),
                "style_mix_from" => Input("style_mix_from", [2], [3, 3]),
                "truncation_cutoff" => Input("truncation_cutoff", [2], [100, 100]),
                var other => throw new InvalidOperationException(other),
            }),
        });
        var expected = generator.FromLatents(latents, new Sample(0, StyleMix: new(8, 3), Truncation: 0.5f));
        Assert.That(answer["outputs"]![0]!["data"]!.AsArray().Select(value => (float)value!), Is.EqualTo(expected.Values.ToArray()).Within(Tolerance));
    }

    [Test]
    public async Task Models_from_image_to_image_take_the_size_that_the_tensor_has()
    {
        var pixels = Enumerable.Range(0, 18).Select(i => i / 18f).ToArray();
        var answer = await Infer("upscaler", new { inputs = new[] { new { name = "photo", shape = new[] { 1, 3, 2, 3 }, datatype = "FP32", data = pixels } } });
        var output = answer["outputs"]![0]!;
        Assert.That(output["shape"]!.AsArray().Select(axis => (int)axis!), Is.EqualTo([1, 3, 4, 6]));
        Assert.That((float)output["data"]![7]!, Is.EqualTo(pixels[0]), "each pixel four times");
    }

    [TestCase("""{}""", "inputs is missing; a list of tensors is expected.")]
    [TestCase("""{"inputs":5}""", "The body is no JSON that can be read: a value is of another type than the protocol has it.")]
    [TestCase("""{"inputs":[5]}""", "The name of a tensor is missing")]
    [TestCase("""{"inputs":[]}""", "The input z of 'fashion-cgan' is missing. It takes z float32 [N, 100], label int64 [N].")]
    [TestCase("""{"inputs":[{"name":"z","shape":[1,100],"datatype":"BYTES","data":["a"]}]}""", "the datatype of z is 'BYTES'; FP32, FP16, INT64, INT32 or UINT8 is expected.")]
    [TestCase("""{"inputs":[{"name":"z","shape":[1,2],"datatype":"FP32","data":[1,2]},{"name":"label","shape":[1],"datatype":"INT64","data":[1]}]}""", "z has the shape [1, 2]; [N, 100] is expected")]
    [TestCase("""{"inputs":[{"name":"z","shape":[0,100],"datatype":"FP32","data":[]},{"name":"label","shape":[0],"datatype":"INT64","data":[]}]}""", "z has the shape [0, 100]; [N, 100] is expected")]
    [TestCase("""{"inputs":[{"name":"z","shape":[1,100],"datatype":"FP32","data":[1,2]},{"name":"label","shape":[1],"datatype":"INT64","data":[1]}]}""", "z has 8 bytes of values; its shape needs 400.")]
    [TestCase("""{"inputs":[{"name":"z","shape":[1,100],"datatype":"INT64","data":[1]},{"name":"label","shape":[1],"datatype":"INT64","data":[1]}]}""", "z is INT64; FP32 is expected.")]
    [TestCase("""{"inputs":[{"name":"z","shape":[-1,100],"datatype":"FP32","data":[1]}]}""", "the shape of z is -1; a list of whole numbers from 0 is expected.")]
    [TestCase("""{"inputs":[{"name":"z","shape":[1,100],"datatype":"FP32","data":["x"]}]}""", "the data of z is \"x\"; numbers of type FP32 is expected.")]
    [TestCase("""{"inputs":[{"name":"label","shape":[1],"datatype":"INT64","data":[1.5]}]}""", "the data of label is 1.5; numbers of type INT64 is expected.")]
    [TestCase("""{"inputs":[{"name":"z","shape":[1],"datatype":"FP32","parameters":{"binary_data_size":4}}]}""", "binary_data_size is 4; a number of bytes up to the 0 that are left behind the JSON is expected.")]
    [TestCase("""{"inputs":[{"name":"z","shape":[1],"datatype":"FP32","data":[1]},{"name":"z","shape":[1],"datatype":"FP32","data":[1]}]}""", "z is there twice. Give it once.")]
    [TestCase("""{"inputs":[{"name":"z","shape":[9223372036854775807,100],"datatype":"FP32","data":[1]},{"name":"label","shape":[1],"datatype":"INT64","data":[1]}]}""", "z has the shape [9223372036854775807, 100]")]
    [TestCase("""{"inputs":[{"name":"z","shape":[2000000,100],"datatype":"FP32","data":[1]},{"name":"label","shape":[1],"datatype":"INT64","data":[1]}]}""", "2000000 images of 32 × 32 pixels are more than the 16000000 pixels")]
    public async Task What_isnt_the_models_is_told(string json, string sentence) => Assert.That(
        await _server.Client.PostAsync("v2/models/fashion-cgan/infer", new StringContent(json)).Problem(HttpStatusCode.BadRequest),
        Does.StartWith(sentence).IgnoreCase);

    [Test]
    public async Task Labels_that_arent_there_and_outputs_that_arent_are_told()
    {
        object Request(int label, string output) => new
        {
            inputs = new object[]
            {
                new { name = "z", shape = new[] { 1, 100 }, datatype = "FP32", data = new float[100] },
                new { name = "label", shape = new[] { 1 }, datatype = "INT64", data = new[] { label } },
            },
            outputs = new[] { new { name = output } },
        };
        Assert.That(await _server.Client.PostAsJsonAsync("v2/models/fashion-cgan/infer", Request(10, "image")).Problem(HttpStatusCode.BadRequest),
            Does.StartWith("'fashion-cgan' has no class 10."));
        Assert.That(await _server.Client.PostAsJsonAsync("v2/models/fashion-cgan/infer", Request(1, "w")).Problem(HttpStatusCode.BadRequest),
            Is.EqualTo("The output 'w' of 'fashion-cgan' isn't computed here. There is image."));
        await _server.Client.GetAsync("v2/models/nothing").Problem(HttpStatusCode.NotFound);
        Assert.That(await _server.Client.GetAsync("v2/models/fashion-cgan/versions/2").Problem(HttpStatusCode.NotFound),
            Is.EqualTo("'fashion-cgan' has no version '2'. There is 1."));
    }

    private Task<string> Get(string address) => _server.Client.GetStringAsync(address);

    private async Task<JsonNode> Infer(string model, object request)
    {
        using var response = await _server.Client.PostAsJsonAsync($"v2/models/{model}/infer", request);
        var json = await response.Json();
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), json.ToString());
        Assert.That((response.Content.Headers.ContentType!.MediaType, response.Headers.Contains(Header)), Is.EqualTo(("application/json", false)),
            "no bytes were asked for");
        return json;
    }

    private async Task<HttpResponseMessage> Send(string model, string json, byte[] binary)
    {
        using var content = new ByteArrayContent([.. Encoding.UTF8.GetBytes(json), .. binary]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        content.Headers.Add(Header, $"{Encoding.UTF8.GetByteCount(json)}");
        var response = await _server.Client.PostAsync($"v2/models/{model}/infer", content);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), await response.Content.ReadAsStringAsync());
        return response;
    }

    private static float[] Latents(ModelDescription model, int count, ulong seed = 7)
    {
        var latents = new float[count * model.LatentSize];
        var sampler = new LatentSampler(model.LatentSize, model.LatentDistribution);
        for (var i = 0; i < count; i++)
            sampler.Fill(seed, (ulong)i, latents.AsSpan(i * model.LatentSize, model.LatentSize));
        return latents;
    }
}
