using System.Text.Json.Nodes;

namespace GanOnnx.EndToEnd.Tests;

public sealed class InfoTests
{
    [Test]
    public void Json_tells_versions_engines_and_the_machine()
    {
        var info = JsonNode.Parse(Gan.Succeed("info", "--json").Output)!;

        Assert.That((string)info["version"]!, Is.EqualTo(typeof(Inference.ImageGenerator).Assembly.GetName().Version!.ToString(3)));
        Assert.That((string)info["dotnet"]!, Is.EqualTo(Environment.Version.ToString()));
        Assert.That((int)info["cores"]!, Is.EqualTo(Environment.ProcessorCount));
        Assert.That((long)info["memory"]!, Is.GreaterThan(100_000_000));
        Assert.That((string)info["processor"]!, Is.Not.Empty);
        var engines = info["engines"]!.AsArray().ToDictionary(engine => (string)engine!["name"]!, engine => engine!);
        Assert.That((string)engines["ONNX Runtime"]["version"]!, Is.EqualTo(Versions.Of("Microsoft.ML.OnnxRuntime")));
        Assert.That(engines["ONNX Runtime"]["devices"]!.AsArray().Select(device => (string)device!),
            Has.Member("cpu").And.SubsetOf(new[] { "cpu", "cuda" }));
        Assert.That((string)engines["ML.NET"]["version"]!, Is.EqualTo(Versions.Of("Microsoft.ML")));
        Assert.That((string)engines["TorchSharp"]["version"]!, Is.EqualTo(Versions.Of("TorchSharp")),
            "the training program is built beside it");
    }

    [Test]
    public void The_processors_features_are_those_that_the_system_knows()
    {
        if (!OperatingSystem.IsLinux()
            || System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture != System.Runtime.InteropServices.Architecture.X64)
            Assert.Ignore("Compared with /proc/cpuinfo of x64.");
        var known = File.ReadLines("/proc/cpuinfo").First(line => line.StartsWith("flags", StringComparison.Ordinal)).Split(' ');
        var info = JsonNode.Parse(Gan.Succeed("info", "--json").Output)!;

        Assert.That(info["features"]!.AsArray().Select(feature => (string)feature!), Is.EqualTo(new[]
        {
            ("avx2", "avx2"), ("avx-vnni", "avx_vnni"), ("avx512", "avx512f"), ("avx512-vnni", "avx512_vnni"),
                ("avx512-bf16", "avx512_bf16"),
        }.Where(feature => known.Contains(feature.Item2)).Select(feature => feature.Item1)));
    }

    [Test]
    public void Text_has_a_line_for_each()
    {
        var lines = Gan.Succeed("info").Output.TrimEnd().Split('\n');
        Assert.That(lines.Select(line => line[..13].TrimEnd()),
            Is.EqualTo(["GanOnnx", ".NET", "ONNX Runtime", "ML.NET", "TorchSharp", "processor", "memory"]));
    }
}
