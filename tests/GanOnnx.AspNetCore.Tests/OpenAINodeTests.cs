using System.Diagnostics;

namespace GanOnnx.AspNetCore.Tests;

/// <summary>OpenAI's own client for Node.js, from npm.</summary>
public sealed class OpenAINodeTests
{
    private const string Package = "openai@6.49.0";

    // Its answers in a line each.
    private const string Script = """
        import OpenAI, { toFile } from 'openai';
        const client = new OpenAI({ apiKey: 'none', baseURL: process.argv[2], maxRetries: 0 });
        const png = image => Buffer.from(image.b64_json, 'base64').subarray(1, 4).toString();
        const made = await client.images.generate(
          { model: 'fashion-cgan', prompt: 'Sandal', n: 2, size: 'auto', quality: 'auto', background: 'auto' });
        console.log(made.data.map(png).join(' '));
        const linked = await client.images.generate({ model: 'fashion-cgan', prompt: 'Sandal', response_format: 'url' });
        console.log((await fetch(linked.data[0].url)).headers.get('content-type'));
        const seen = [];
        for await (const event of await client.images.generate({ model: 'fashion-cgan', prompt: 'Bag', n: 2, stream: true }))
          seen.push(`${event.type} ${png(event)}`);
        console.log(seen.join(' '));
        const picture = await toFile(Buffer.from(made.data[0].b64_json, 'base64'), 'sandal.png', { type: 'image/png' });
        console.log(png((await client.images.edit({ model: 'darker', image: picture, prompt: 'any' })).data[0]));
        console.log((await client.models.list()).data.map(model => model.id).join(' '));
        await client.images.generate({ model: 'fashion-cgan', prompt: 'a cat' }).catch(error => console.log(error.status, error.message));
        """;

    [Test]
    public async Task It_gets_images_addresses_streams_edits_and_errors()
    {
        using var folder = new TemporaryFolder();
        if (await Run(folder.Path, "npm", "install", "--no-audit", "--no-fund", "--silent", Package) is not (0, _, _))
        {
            Assert.Ignore($"npm can't install {Package} here.");
            return;
        }
        await File.WriteAllTextAsync(folder["ask.mjs"], Script);
        using var models = new ModelFolder();
        var darker = models.Save(ForeignModels.Darker(new() { Task = ModelTask.Translate }, "N", 3, "H", "W"), "darker.onnx");
        await using var server = await TestServer.Start(options =>
        {
            options.Models.Add(new(TestServer.Shipped("fashion-cgan")));
            options.Models.Add(new(darker));
        });
        var (exit, output, said) = await Run(folder.Path, "node", "ask.mjs", new Uri(server.Address, "v1").ToString());
        Assert.That(exit, Is.Zero, said);
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(lines[..5], Is.EqualTo([
            "PNG PNG", "image/png", "image_generation.completed PNG image_generation.completed PNG", "PNG", "darker fashion-cgan"]));
        Assert.That(lines[5], Does.StartWith("400 400 'fashion-cgan' has no class 'a cat'. Its classes are 0 T-shirt/top"));
    }

    private static async Task<(int? ExitCode, string Output, string Error)> Run(string folder, string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments)
            {
                WorkingDirectory = folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.WaitForExitAsync();
            return (process.ExitCode, await output, await error);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return (null, "", ""); // there is no such program
        }
    }
}
