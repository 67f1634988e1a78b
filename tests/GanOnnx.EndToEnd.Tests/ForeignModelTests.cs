using System.Text.Json.Nodes;
using GanOnnx.Cli;
using GanOnnx.Imaging;
using GanOnnx.Inference;
using GanOnnx.Tests.Shared.Models;
using SixLabors.ImageSharp;
using static GanOnnx.Onnx.TensorProto.Types;

namespace GanOnnx.EndToEnd.Tests;

/// <summary>Models of other programs, from the command line: what it can say of them, what it asks for, and what it shows of any.</summary>
public sealed class ForeignModelTests
{
    private ModelFolder _folder = null!;

    [OneTimeSetUp]
    public void Make() => _folder = new ModelFolder();

    [OneTimeTearDown]
    public void Clean() => _folder.Dispose();

    private static IEnumerable<TestCaseData> Forms()
    {
        yield return Case("0 to 1", ForeignModels.Generator(0), "doesn't say which values of out float32 [N, 3, 16, 16] are black and white. "
            + "Give them with --range: -1 to 1, 0 to 1 or 0 to 255.", "--range", "0,1");
        yield return Case("flat", ForeignModels.Generator(flat: true),
            "has flat images, out float32 [N, 768]. Give the shape of one with --shape, as 3 × 64 × 64.", "--shape", "3,16,16");
        yield return Case("flat, channels last, blue first, -3 to 5", ForeignModels.Generator(-3, 5, last: true, bgr: true, flat: true),
            "Give the shape of one with --shape", "--shape", "3x16x16", "--layout", "nhwc", "--bgr", "--range", "-3,5");

        static TestCaseData Case(string name, ModelBuilder model, string asked, params string[] options) =>
            new TestCaseData(model, asked, options).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Forms))]
    public void What_a_file_does_not_say_is_asked_for_by_the_option_and_can_be_said(object model, string asked, string[] options)
    {
        var path = _folder.Save((ModelBuilder)model, "foreign.onnx");
        var ours = _folder.Save(TestModels.Generator(), "ours.onnx");
        var (picture, expected) = (Path.Combine(_folder.Path, "p.png"), Path.Combine(_folder.Path, "e.png"));

        var refused = Gan.Run("generate", path, "--count", "4", "--device", "cpu", "--out", picture);
        Assert.That(refused.ExitCode, Is.EqualTo(2));
        Assert.That(refused.Error, Does.Contain(asked).And.Not.Contain("Pixels").And.Not.Contain("the option"));
        var inspected = Gan.Succeed("inspect", path);
        Assert.That(inspected.Output, Does.Contain("missing          ").And.Contain(asked).And.Contain("input            z float32 [N, 24]"));

        Gan.Succeed(["generate", path, "--count", "4", "--device", "cpu", "--out", picture, .. options]);
        Gan.Succeed("generate", ours, "--count", "4", "--device", "cpu", "--out", expected);
        Assert.That(ImageReader.Read(picture, 130, 3), Is.EqualTo(ImageReader.Read(expected, 130, 3)).Within(1));
        Assert.That(Gan.Succeed(["inspect", path, .. options]).Output,
            Does.Contain("understood as    noise to images of 3 × 16 × 16").And.Not.Contain("missing"));
        Gan.Succeed(["interpolate", path, "--seeds", "1,2", "--frames", "3", "--device", "cpu", "--out",
            Path.Combine(_folder.Path, "w.gif"), .. options]);
    }

    [Test]
    public void Bench_takes_the_same_options_and_any_inputs()
    {
        var styled = _folder.Save(TestModels.Styled("cat", "dog"), "styled.onnx");
        var unit = _folder.Save(ForeignModels.Generator(0), "unit.onnx");

        foreach (var arguments in (string[][])[[styled], [unit, "--range", "0,1"]])
        {
            var json = JsonNode.Parse(Gan.Succeed(
                ["bench", .. arguments, "--batches", "2", "--seconds", "0.05", "--device", "cpu", "--json"]).Output)!;
            var batched = json["batches"]![0]!["ways"]!.AsArray().Single(w => (string)w!["way"]! == "GanOnnx.ML, ApplyOnnxModelBatched")!;
            Assert.That(batched["missing"], Is.Null);
            Assert.That((double)batched["imagesPerSecond"]!, Is.Positive);
        }
    }

    [Test]
    public void Evaluate_takes_the_same_options_and_asks_for_them()
    {
        var unit = _folder.Save(ForeignModels.Generator(0), "unit.onnx");
        var data = Directory.CreateDirectory(Path.Combine(_folder.Path, "pictures")).FullName;
        foreach (var name in (string[])["cats", "dogs"])
            File.Copy(Path.Combine(Repository.Root, "tests/GanOnnx.Imaging.Tests/Fixtures/quarters.png"),
                Path.Combine(Directory.CreateDirectory(Path.Combine(data, name)).FullName, "a.png"), overwrite: true);

        var asked = Gan.Run("evaluate", unit, "--data", data);
        var said = Gan.Run("evaluate", unit, "--data", data, "--range", "0,1");

        Assert.That(asked.ExitCode, Is.EqualTo(2));
        Assert.That(asked.Error, Does.Contain("Give them with --range").And.Not.Contain("Pixels").And.Not.Contain("the option"));
        Assert.That(said.Error, Does.Contain($"'{data}' has 2 images ").And.Not.Contain("--range"), "the model is understood");
    }

    private static IEnumerable<TestCaseData> OnnxFiles()
    {
        yield return Case("a sequence", new ModelBuilder().Input("z", DataType.Float, "N", 144).Node("Tanh", ["z"], "t")
            .Integers("shape", -1, 24, 6).Node("Reshape", ["t", "shape"], "steps").Output("steps", DataType.Float, "N", 24, 6),
            "output           steps float32 [N, 24, 6]", "which may be a sequence. If it is an image, give its shape with --shape");
        yield return Case("a danger", HostileModels.ZeroStride(),
            "output           image float32 [N, 3, 16, 16]", "the strides [0, 2]; each is 1 or more.");
        yield return Case("an operator of nobody", Swirl(), "input            z float32 [N, 24]", "uses the operator Swirl");
        yield return Case("a score", new ModelBuilder().Metadata(new() { Task = ModelTask.Score })
            .Input("image", DataType.Float, "N", 3, 4, 4).Integers("flat", -1, 48).Node("Reshape", ["image", "flat"], "row")
            .Integers("axis", 1).Node("ReduceSum", ["row", "axis"], "score", ModelBuilder.Int("keepdims", 0)).Output("score", DataType.Float, "N"),
            "output           score float32 [N]", "understood as    a model to score images");
        yield return Case("a translator of unknown range", ForeignModels.Darker(null, "N", 3, "H", "W"),
            "input            image float32 [N, 3, H, W]", "Give them with --range");

        static TestCaseData Case(string name, ModelBuilder model, params string[] told) =>
            new TestCaseData(model, told).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(OnnxFiles))]
    public void Inspect_of_anything_that_is_an_onnx_file_tells_what_there_is(object model, string[] told)
    {
        var result = Gan.Succeed("inspect", _folder.Save((ModelBuilder)model, "any.onnx"));
        Assert.That(told, Has.All.Matches<string>(line => result.Output.Contains(line, StringComparison.Ordinal)), result.Output);
    }

    [Test]
    public void Inspect_isolated_tells_the_same()
    {
        var path = _folder.Save(TestModels.Generator(TestModels.Metadata), "good.onnx");
        Assert.That(Gan.Succeed("inspect", path, "--isolated").Output, Is.EqualTo(Gan.Succeed("inspect", path).Output));
        File.WriteAllText(Path.Combine(_folder.Path, "text.onnx"), "no model");
        var refused = Gan.Run("inspect", Path.Combine(_folder.Path, "text.onnx"), "--isolated");
        Assert.That((refused.ExitCode, refused.Error), Is.EqualTo((2,
            $"gan: '{Path.Combine(_folder.Path, "text.onnx")}' is not an ONNX model. Give a file that was exported to ONNX.\n")));
    }

    // As the system does with a process that takes too much memory; a fault of the engine's ends it by another signal.
    [Test]
    public void Inspect_isolated_survives_the_end_of_the_process_that_reads_the_model()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Ignore("Processes are looked up in /proc.");
        var path = _folder.Save(HostileModels.Endless(isTold: false, runsToLoad: true), "crash.onnx");
        using var process = Gan.Start("inspect", path, "--isolated");
        int? child = null;
        Assert.That(() => child = ChildOf(process.Id), Is.Not.Null.After(60_000, 100));
        using (var kill = System.Diagnostics.Process.Start("sh", ["-c", $"kill -KILL {child}"]))
            kill.WaitForExit();

        Assert.That(process.StandardError.ReadToEnd(), Is.EqualTo($"gan: '{path}' ended the process that read it (signal 9). Don't use it.\n"));
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.EqualTo(2));
    }

    // The process may end between two lines of what watches it.
    [Test]
    public void Memory_of_a_process_that_has_ended_is_none()
    {
        using var ended = System.Diagnostics.Process.Start("sh", ["-c", "exit 0"]);
        ended.WaitForExit();
        Assert.That(Isolation.Memory(ended), Is.Zero);
    }

    private static int? ChildOf(int process) => Directory.GetDirectories($"/proc/{process}/task")
        .SelectMany(thread => File.ReadAllText($"{thread}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Select(id => (int?)int.Parse(id, null)).FirstOrDefault();

    [Test]
    public void Interrupting_a_run_that_never_ends_ends_it()
    {
        var path = _folder.Save(HostileModels.Endless(isTold: false), "endless.onnx");
        using var process = Gan.Start("generate", path, "--count", "1", "--device", "cpu", "--out", Path.Combine(_folder.Path, "never.png"));
        // Whatever it is doing by then, it is never done.
        Thread.Sleep(5000);
        Assert.That(process.HasExited, Is.False);
        using (var kill = System.Diagnostics.Process.Start("sh", ["-c", $"kill -INT {process.Id}"]))
            kill.WaitForExit();
        Assert.That(process.WaitForExit(TimeSpan.FromSeconds(30)), Is.True);
        Assert.That(process.ExitCode, Is.EqualTo(130));
    }

    private static ModelBuilder Swirl()
    {
        var builder = TestModels.Generator(TestModels.Metadata);
        builder.Model.Graph.Node[^1].OpType = "Swirl";
        return builder;
    }
}
