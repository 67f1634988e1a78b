using GanOnnx.Imaging;

namespace GanOnnx.EndToEnd.Tests;

/// <summary>A file that a verb is told to write is replaced only where gan made it.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ReplacedFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // {0} is the file.
    [TestCase("generate fashion-dcgan --out {0}", "mine.png")]
    [TestCase("generate fashion-dcgan --out {0}", "folder.png/mine.txt")]
    [TestCase("generate digits-moving --out {0}", "mine.gif")]
    [TestCase("generate digits-moving --out {0}", "mine.mp4")]
    [TestCase("generate digits-spoken --out {0}", "mine.wav")]
    [TestCase("interpolate fashion-dcgan --seeds 1,2 --out {0}", "mine.gif")]
    [TestCase("interpolate fashion-dcgan --seeds 1,2 --out {0}", "mine.mp4")]
    [TestCase("quantize fashion-dcgan --out {0}", "mine.onnx")]
    [TestCase("export runs/any --out {0}", "mine.onnx")]
    [TestCase("classifier --data synthetic:digits --out {0}", "mine.onnx")]
    public void What_somebody_else_made_stays(string call, string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[file])!);
        File.WriteAllText(_folder[file], "mine");
        var named = _folder[file.Split('/')[0]];

        Refused(string.Format(call, named).Split(' '), named);
        Assert.That(Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories), Is.EqualTo([_folder[file]]));
        Assert.That(File.ReadAllText(_folder[file]), Is.EqualTo("mine"));
    }

    [Test]
    public void Nor_is_a_photograph_replaced_by_what_is_made_of_another()
    {
        var photograph = File.ReadAllBytes(Path.Combine(Repository.Root, "tests/GanOnnx.Imaging.Tests/Fixtures/quarters.png"));
        foreach (var name in new[] { "one.png", "other.png" })
            File.WriteAllBytes(_folder[name], photograph);

        Refused(["upscale", "drawings-x2", "--in", _folder["one.png"], "--out", _folder["other.png"]], _folder["other.png"]);
        Assert.That(File.ReadAllBytes(_folder["other.png"]), Is.EqualTo(photograph));
    }

    [Test]
    public void Nor_is_a_pipe_waited_for_or_a_link_replaced([Values("png", "onnx")] string extension, [Values] bool isLink)
    {
        if (OperatingSystem.IsWindows())
            Assert.Ignore("Windows has no pipes among files.");
        var file = _folder["mine." + extension];
        if (isLink)
        {
            File.Copy(Path.Combine(Repository.Root, extension == "png" ? "models/fashion-dcgan/preview.png" : "models/fashion-dcgan/model.onnx"), _folder["made"]);
            File.CreateSymbolicLink(file, _folder["made"]);
        }
        else
            Tool.Run("mkfifo", file);

        Refused(extension == "png" ? ["generate", "fashion-dcgan", "--out", file] : ["quantize", "fashion-dcgan", "--out", file], file);
        Assert.That(new FileInfo(file).LinkTarget, Is.EqualTo(isLink ? _folder["made"] : null));
    }

    [Test]
    public void What_is_read_is_never_replaced()
    {
        Directory.CreateDirectory(_folder["model"]);
        File.Copy(Path.Combine(Repository.Root, "models/fashion-dcgan/model.onnx"), _folder["model/model.onnx"]);
        Gan.Succeed("generate", "lpc-characters", "--seeds", "1-2", "--unsigned", "--out", _folder["pictures"]);
        var files = Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories).ToDictionary(file => file, File.ReadAllBytes);

        foreach (var (model, named) in new[] { ("model", "model/model.onnx"), ("model/model.onnx", "model/../model/model.onnx") })
        {
            var result = Gan.Run("quantize", _folder[model], "--out", _folder[named]);
            Assert.That((result.ExitCode, result.Error), Is.EqualTo((2,
                $"gan: --out is '{_folder["model/model.onnx"]}', the model itself; it would be lost. Give another name.{Environment.NewLine}")));
        }
        var translated = Gan.Run("upscale", "drawings-x2", "--in", _folder["pictures"], "--out", _folder["pictures/"]);
        Assert.That((translated.ExitCode, translated.Error), Is.EqualTo((2,
            $"gan: --in and --out are both '{_folder["pictures"]}'; its pictures would be lost. Give another name.{Environment.NewLine}")));
        foreach (var (file, bytes) in files)
            Assert.That(File.ReadAllBytes(file), Is.EqualTo(bytes));
    }

    [Test]
    public void What_gan_made_is_replaced()
    {
        foreach (var seed in new[] { "1", "2" })
            Gan.Succeed("generate", "fashion-dcgan", "--seed", seed, "--count", "1", "--out", _folder["one.png"]);
        Assert.That(Provenance.Read(_folder["one.png"])!.Seeds, Is.EqualTo("2"));
    }

    private static void Refused(string[] arguments, string file)
    {
        var result = Gan.Run(arguments);
        Assert.That((result.ExitCode, result.Output, result.Error), Is.EqualTo((2, "", $"gan: '{file}' is there and doesn't say that gan made it, "
            + $"so it isn't replaced. Move it away, or give another name.{Environment.NewLine}")));
    }
}
