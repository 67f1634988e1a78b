using System.Diagnostics;

namespace GanOnnx.AspNetCore.Tests;

/// <summary><c>gan serve</c> as a process.</summary>
public sealed class ServeVerbTests
{
    [Test]
    public async Task It_says_where_it_listens_and_a_signal_ends_it_as_a_service_ends()
    {
        using var server = OurPrograms.StartServer("fashion-dcgan", "--alias", "dall-e-2=fashion-dcgan", "--port", "0");
        var log = server.StandardError.ReadToEndAsync();
        var line = (await server.StandardOutput.ReadLineAsync())!;
        Assert.That(line, Does.Match(@"^http://127\.0\.0\.1:\d+/  Ctrl-C ends it\.$"));
        using var client = new HttpClient { BaseAddress = new(line.Split(' ')[0]) };
        Assert.That(await client.GetStringAsync("healthz/ready"), Is.EqualTo("ready"));
        Assert.That(await client.Generate(new { model = "dall-e-2" }).Images(), Has.Length.EqualTo(1));

        if (OperatingSystem.IsWindows())
        {
            server.Kill();
            return;
        }
        using (var kill = Process.Start("sh", ["-c", $"kill -TERM {server.Id}"]))
            await kill.WaitForExitAsync();
        Assert.That(server.WaitForExit(TimeSpan.FromSeconds(60)));
        Assert.That(server.ExitCode, Is.Zero);
        var lines = (await log).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(lines[^1], Is.EqualTo("gan: closing; what runs is finished first."));
        // Where nobody looks on, the log is for programs.
        var request = lines.Where(text => text.StartsWith('{')).Select(text => JsonNode.Parse(text)!["State"]!)
            .Single(state => (string?)state["Route"] == "/v1/images/generations");
        Assert.That(((int)request["Status"]!, (string)request["Model"]!), Is.EqualTo((200, "fashion-dcgan")));
    }

    [TestCase("--host 0.0.0.0 lets others in, and there is no key. Give --api-key or --api-keys; or, where anybody may use these models, --no-auth.",
        "fashion-dcgan", "--host", "0.0.0.0")]
    [TestCase("--no-auth says that no key is needed, and there are keys. Leave out one of them.",
        "fashion-dcgan", "--no-auth", "--api-key", "0123456789abcdef")]
    [TestCase("A key of 3 characters can be guessed; give one of 16 or more, as of: openssl rand -hex 24", "fashion-dcgan", "--api-key", "abc")]
    [TestCase("There is no file of keys 'nowhere'.", "fashion-dcgan", "--api-keys", "nowhere")]
    [TestCase("--host nowhere is no address of this machine; write one as 127.0.0.1, or 0.0.0.0 for all of them.", "fashion-dcgan", "--host", "nowhere")]
    [TestCase("--port 65536 is out of range; 0 to 65535 is expected.", "fashion-dcgan", "--port", "65536")]
    [TestCase("There is no file 'nowhere.pfx'.", "fashion-dcgan", "--cert", "nowhere.pfx")]
    [TestCase("'x' is another name for 'fashion-cgan', and there is no such model. There is fashion-dcgan.", "fashion-dcgan", "--alias", "x=fashion-cgan",
        "--port", "0")]
    [TestCase("--alias x names no model; write it as gpt-image-1=fashion-cgan.", "fashion-dcgan", "--alias", "x")]
    [TestCase("--proxy proxy is no address; write one as 10.0.0.2.", "fashion-dcgan", "--proxy", "proxy")]
    [TestCase("--cors example.org is no site; write one as https://example.org.", "fashion-dcgan", "--cors", "example.org")]
    [TestCase("Two models would be called 'fashion-dcgan'. Give one of them another name.", "fashion-dcgan", "fashion-dcgan", "--port", "0")]
    [TestCase("MaxImages is 0; 1 to 1024 is expected.", "fashion-dcgan", "--max-images", "0", "--port", "0")]
    [TestCase("There is no model 'fashion-dgcan': no such file, no folder, and no name under ", "fashion-dgcan")]
    public void What_is_wrong_ends_it_with_a_sentence(string sentence, params string[] arguments)
    {
        var (code, _, error) = OurPrograms.Serve(arguments);
        Assert.That(code, Is.EqualTo(2));
        Assert.That(error, Does.Contain($"gan: {sentence}").And.Not.Contain("   at "));
    }

    [Test]
    public void A_broken_model_ends_it_before_it_listens()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["broken.onnx"], "nonsense");
        var (code, output, error) = OurPrograms.Serve(folder["broken.onnx"], "--port", "0");
        Assert.That((code, output, error), Is.EqualTo((2, "",
            $"gan: '{folder["broken.onnx"]}' is not an ONNX model. Give a file that was exported to ONNX.\n")));
    }

    [Test]
    public async Task A_port_in_use_is_told()
    {
        await using var other = await TestServer.Start("fashion-dcgan");
        var (code, _, error) = OurPrograms.Serve("fashion-dcgan", "--port", $"{other.Address.Port}");
        Assert.That(code, Is.EqualTo(2));
        Assert.That(error, Does.Contain("address already in use").And.Not.Contain("   at "));
    }

    [Test]
    public async Task The_same_seed_is_the_same_file_from_the_api_the_command_line_and_the_library()
    {
        using var folder = new TemporaryFolder();
        Assert.That(OurPrograms.Generate("generate", "fashion-stylegan2", "--seeds", "41,42", "--truncation", "0.7", "--style-mix", "9:3",
            "--unsigned", "--out", folder["cli"],
            "--device", "cpu").ExitCode, Is.Zero);
        var fromCommandLine = File.ReadAllBytes(Directory.GetFiles(folder["cli"]).Order().Last());

        await using var server = await TestServer.Start("fashion-stylegan2");
        var fromOpenAI = await server.Client.Generate(new { seed = 42, truncation = 0.7, style_mix = "9:3" }).Images();
        var byAddress = await server.Client.GetByteArrayAsync("api/images/fashion-stylegan2?seed=42&truncation=0.7&style_mix=9:3");

        using var generator = ImageGenerator.Load(TestServer.Shipped("fashion-stylegan2"));
        var sample = new Sample(42, StyleMix: new(9, 3), Truncation: 0.7f);
        using var image = generator.Generate(1, sample).ToImage(0);
        var fromLibrary = ImageFile.Encode(image, ".png", new() { Provenance = Provenance.Of(generator.Model, sample) });

        Assert.That(fromCommandLine, Is.EqualTo(fromLibrary));
        Assert.That(fromOpenAI[0], Is.EqualTo(fromLibrary));
        Assert.That(byAddress, Is.EqualTo(fromLibrary));
    }
}
