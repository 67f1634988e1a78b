namespace GanOnnx.EndToEnd.Tests;

/// <summary>What is wrong with a command is said as people say it, whole, and nothing is written.</summary>
public sealed class CommandLineSentenceTests
{
    [TestCase("--seed -1", "Cannot parse argument '-1' for option '--seed' as a whole number from 0. See: gan generate --help")]
    [TestCase("--count many", "Cannot parse argument 'many' for option '--count' as a whole number. See: gan generate --help")]
    [TestCase("--truncation half", "The truncation is half; -2 to 2 is expected: 0 is the average image, 1 no truncation.")]
    [TestCase("--truncation 50", "The truncation is 50; -2 to 2 is expected: 0 is the average image, 1 no truncation.")]
    [TestCase("--batch 0", "--batch is 0; at least 1 is expected.")]
    [TestCase("--batch 5000", "--batch is 5000; at most 4096 is expected.")]
    [TestCase("--truncation NaN", "The truncation is NaN; -2 to 2 is expected: 0 is the average image, 1 no truncation.")]
    [TestCase("--range 1", "--range 1 is no range; write the values of black and white, as -1,1 or 0,255. See: gan generate --help")]
    [TestCase("--range 1,0", "--range is 1 to 0; two numbers, the lower one first, are expected.")]
    [TestCase("--shape 3,16", "--shape 3,16 is no shape; write channels, height and width, as 3,64,64. See: gan generate --help")]
    [TestCase("--layout chwn", "--layout chwn is no layout; write nchw or nhwc. See: gan generate --help")]
    [TestCase("--seeds 1-99999999", "--seeds 1-99999999 names more than 1,000,000 seeds; ask for fewer at a time.")]
    [TestCase("--count 5000", "5,000 images are too many for one picture; ask for fewer, or give a folder for --out.")]
    [TestCase("--columns 0", "--columns 0 is out of range; 1 to 4096 is expected.")]
    [TestCase("--scale 65", "--scale 65 is out of range; 1 to 64 is expected.")]
    [TestCase("--scale 64", "64 images are too many for one picture; ask for fewer, or give a folder for --out.")]
    [TestCase("--columns 2 --style-mix 7:3",
        "--columns can't be chosen with --style-mix: a table has a column for each style.")]
    public void Generate(string option, string sentence)
    {
        using var folder = new TemporaryFolder();
        var result = Gan.Run(["generate", "fashion-dcgan", "--device", "cpu", "--out", folder["x.png"], .. option.Split(' ')]);
        Assert.That((result.ExitCode, result.Error.TrimEnd()), Is.EqualTo((2, $"gan: {sentence}")));
        Assert.That(Directory.GetFiles(folder.Path), Is.Empty);
    }

    [TestCase("--columns")]
    [TestCase("--scale")]
    public void Generate_LayoutOfAFolder(string option)
    {
        using var folder = new TemporaryFolder();
        var result = Gan.Run("generate", "fashion-dcgan", "--out", folder["pictures"], option, "2");
        Assert.That((result.ExitCode, result.Error.TrimEnd()), Is.EqualTo((2,
            $"gan: {option} is for a grid; leave it out, or name a .png, .jpg or .webp file with --out.")));
    }

    [Test]
    public void Generate_ModelMistyped()
    {
        var result = Gan.Run("generate", "fashion-dcgna", "--out", "x.png");
        Assert.That(result.Error, Does.Contain("Did you mean fashion-dcgan? There are the names: characters-text, characters-turning, digits-moving, digits-spoken, drawings-x2, emoji-to-outline, fashion-cgan,"));
    }

    [TestCase("generate", "fashion-dcgan", "--out", "/ganonnx-nowhere/a/b/x.png")]
    [TestCase("generate", "fashion-dcgan", "--out", "/ganonnx-nowhere/a/b")]
    [TestCase("generate", "fashion-dcgan", "--out", "/ganonnx-nowhere")]
    [TestCase("interpolate", "fashion-dcgan", "--seeds", "1,2", "--out", "/ganonnx-nowhere/x.gif")]
    [TestCase("interpolate", "fashion-dcgan", "--seeds", "1,2", "--out", "/ganonnx-nowhere/a")]
    [TestCase("augment", "fashion-cgan", "--per-class", "1", "--out", "/ganonnx-nowhere/a")]
    [TestCase("train", "--data", "synthetic:digits", "--out", "/ganonnx-nowhere/a")]
    [TestCase("export", "run", "--out", "/ganonnx-nowhere/a/x.onnx")]
    [TestCase("evaluate", "fashion-dcgan", "--data", "synthetic:digits", "--report", "/ganonnx-nowhere/a/x.html")]
    [TestCase("classifier", "--data", "synthetic:digits", "--out", "/ganonnx-nowhere/a/x.onnx")]
    public void NoFolderIsMadeAtTheTopOfTheDisk(params string[] call)
    {
        if (OperatingSystem.IsWindows())
            Assert.Ignore("The top of a disk is another there.");
        var result = Gan.Run(call);
        Assert.That((result.ExitCode, result.Error.TrimEnd()), Is.EqualTo((2,
            "gan: There is no folder '/ganonnx-nowhere', and none is made at the top of a disk. Check the path, or make that folder "
            + "first.")));
        Assert.That(Directory.Exists("/ganonnx-nowhere"), Is.False);
    }

    [Test]
    public void SeveralFoldersAtOnce_AreSaid()
    {
        using var folder = new TemporaryFolder();
        var several = Gan.Succeed("generate", "fashion-dcgan", "--count", "1", "--device", "cpu", "--out", folder["a/b/x.png"]);
        Assert.That(several.Error, Does.StartWith($"gan: '{folder["a/b"]}' isn't there yet, from 'a' on, and will be made.\n"));
        var one = Gan.Succeed("generate", "fashion-dcgan", "--count", "1", "--device", "cpu", "--out", folder["a/c/x.png"]);
        Assert.That(one.Error, Does.Not.Contain("isn't there yet"));
    }

    [Test]
    public void Generate_WithoutAGpu_SaysNothingOfIt()
    {
        if (File.Exists("/dev/nvidiactl"))
            Assert.Ignore("There is a GPU.");
        using var folder = new TemporaryFolder();
        Assert.That(Gan.Succeed("generate", "fashion-dcgan", "--count", "1", "--json", "--out", folder["x.png"]).Error, Is.Empty);
    }

    [Test]
    public void Generate_NowhereToWrite()
    {
        var result = Gan.Run("generate", "fashion-dcgan", "--device", "cpu", "--out", "");
        Assert.That((result.ExitCode, result.Error.TrimEnd()),
            Is.EqualTo((2, "gan: --out is empty; give a .png, .jpg or .webp file, or a folder's name.")));
    }

    [Test]
    public void Generate_NoModelsName()
    {
        var result = Gan.Run("generate", "", "--out", "x.png");
        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Error, Does.StartWith("gan: There is no model '': no such file, no folder, and no name under"));
    }
}
