using System.Diagnostics;

namespace GanOnnx.EndToEnd.Tests;

/// <summary>Bad input gets one clear sentence and exit code 2, and harms nothing.</summary>
public sealed class BadInputTests
{
    private TemporaryFolder _folder = null!;

    [OneTimeSetUp]
    public void MakeBadThings()
    {
        _folder = new TemporaryFolder();
        Gan.Succeed("train", "--data", "synthetic:digits", "--out", _folder["run"], "--kimg", "1", "--width", "2", "--batch", "100");
        Gan.Succeed("export", _folder["run"], "--out", _folder["good.onnx"]);
        File.WriteAllBytes(_folder["empty.onnx"], []);
        File.WriteAllBytes(_folder["cut.onnx"], File.ReadAllBytes(_folder["good.onnx"])[..^500]);
        File.WriteAllText(_folder["text.onnx"], "This is no model.");
        File.WriteAllText(_folder["a-file"], "");
        Directory.CreateDirectory(_folder["no-model"]);
        Directory.CreateDirectory(_folder["no-pictures"]);
        Directory.CreateDirectory(_folder["longer"]);
        File.WriteAllText(_folder["longer/frame-0004.png"], "");
        Directory.CreateDirectory(_folder["own"]);
        File.WriteAllText(_folder["own/seed0002.png"], "mine");
        File.WriteAllText(_folder["own/frame-0003.png"], "mine");
        Directory.CreateDirectory(_folder["huge-pictures"]);
        foreach (var name in new[] { "huge.png", "huger.png" })
            File.Copy(Path.Combine(Repository.Root, "tests/GanOnnx.Imaging.Tests/Fixtures/huge.png"), _folder["huge-pictures/" + name]);
        foreach (var name in new[] { "a", "b" })
        {
            Directory.CreateDirectory(_folder[$"colors/{name}"]);
            File.Copy(Path.Combine(Repository.Root, "tests/GanOnnx.Imaging.Tests/Fixtures/quarters.png"), _folder[$"colors/{name}/0.png"]);
        }
        Gan.Succeed("generate", _folder["good.onnx"], "--count", "2", "--out", _folder["unlabelled"]);
        Directory.CreateDirectory(_folder["half-written"]);
        File.WriteAllBytes(_folder["half-written/checkpoint.safetensors"],
            File.ReadAllBytes(_folder["run/checkpoint.safetensors"])[..5000]);
        File.WriteAllBytes(_folder["train-images-idx3-ubyte"], [0, 0, 8, 3, 0, 0, 0, 9, 0, 0, 0, 28, 0, 0, 0, 28, 1, 2, 3]);
        File.WriteAllText(_folder["bad.json"], "{ \"sise\": 32 }");
    }

    [OneTimeTearDown]
    public void Clean() => _folder.Dispose();

    // {0} is the test's folder.
    [TestCase("generate {0}/missing.onnx --out {0}/x.png", "There is no model '{0}/missing.onnx'")]
    [TestCase("generate fashion-dcgun --out {0}/x.png", "There is no model 'fashion-dcgun'")]
    [TestCase("generate {0}/empty.onnx --out {0}/x.png", "empty")]
    [TestCase("generate {0}/cut.onnx --out {0}/x.png", "cut.onnx")]
    [TestCase("generate {0}/text.onnx --out {0}/x.png", "ONNX")]
    [TestCase("generate {0}/no-model --out {0}/x.png", "model.onnx")]
    [TestCase("generate {0}/good.onnx --out {0}/x.png --label shoe", "label")]
    [TestCase("generate {0}/good.onnx --out {0}/x.png --count 0", "--count 0 makes no image")]
    [TestCase("generate {0}/good.onnx --out {0}/x.png --count many", "many")]
    [TestCase("generate {0}/good.onnx --out {0}/x.png --seeds 5-2", "'5-2' in --seeds 5-2 is no seed")]
    [TestCase("generate {0}/good.onnx --out {0}/x.png --seeds 1 --count 2", "leave out --count")]
    [TestCase("generate {0}/good.onnx --out {0}/x.png --device quantum", "quantum")]
    [TestCase("generate {0}/good.onnx --seeds 1,1,2 --out {0}/twice", "--seeds has seed 1 twice, and a folder takes one image of each seed.")]
    [TestCase("generate {0}/good.onnx --out {0}/x.tiff", "'{0}/x.tiff' is neither a .png, .jpg or .webp file nor a folder's name; sounds are written to .wav files, clips to .gif or .mp4.")]
    [TestCase("generate {0}/good.onnx --out {0}/a-file/x.png", "'{0}/a-file/x.png' can't be written")]
    [TestCase("generate {0}/good.onnx --out {0}/a-file/folder", "can't be written")]
    [TestCase("generate {0}/good.onnx --seeds 0-3 --out {0}/own",
        "'{0}/own/seed0002.png' is there and doesn't say that gan made it, so it isn't replaced.")]
    [TestCase("interpolate {0}/good.onnx --seeds 1,2 --frames 5 --out {0}/own",
        "'{0}/own/frame-0003.png' is there and doesn't say that gan made it, so it isn't replaced.")]
    [TestCase("generate {0}/good.onnx", "--out")]
    [TestCase("interpolate {0}/missing.onnx --seeds 1,2 --out {0}/x.gif", "There is no model '{0}/missing.onnx'")]
    [TestCase("interpolate {0}/good.onnx --out {0}/x.gif", "--seeds")]
    [TestCase("interpolate {0}/good.onnx --seeds 1 --out {0}/x.gif", "--seeds names one seed; a walk needs two or more")]
    [TestCase("interpolate {0}/good.onnx --seeds 1,x --out {0}/x.gif", "'x' in --seeds 1,x is no seed")]
    [TestCase("interpolate {0}/good.onnx --seeds 1-3 --frames 2 --out {0}/x.gif",
        "--frames 2 is too few to pass 3 seeds; ask for 3 or more.")]
    [TestCase("interpolate {0}/good.onnx --seeds 1,2 --out {0}/x.png", "'{0}/x.png' is neither a .gif or .mp4 file nor a folder's name.")]
    [TestCase("interpolate {0}/good.onnx --seeds 1,2 --out {0}/x.gif --fps 60",
        "--fps 60 is not possible; an animation has 0.1 to 50 frames per second.")]
    [TestCase("interpolate {0}/good.onnx --seeds 1,2 --out {0}/frames --fps 10", "--fps is for a .gif or .mp4 file")]
    [TestCase("interpolate {0}/good.onnx --seeds 1,2 --out {0}/x.gif --label shoe", "label")]
    [TestCase("interpolate {0}/good.onnx --seeds 1,2 --out {0}/x.gif --truncation 0.7", "takes no truncation")]
    [TestCase("interpolate {0}/good.onnx --seeds 1,2 --out {0}/a-file/x.gif", "'{0}/a-file/x.gif' can't be written")]
    [TestCase("interpolate {0}/good.onnx --seeds 1,2 --out {0}/longer --frames 4",
        "'{0}/longer/frame-0004.png' is of a longer walk than 4 frames")]
    [TestCase("inspect {0}/text.onnx", "ONNX")]
    [TestCase("bench {0}/text.onnx", "ONNX")]
    [TestCase("bench {0}/good.onnx --batches 1,none",
        "'none' in --batches 1,none is no batch size; write numbers from 1 to 4096 like 1,16,64.")]
    [TestCase("bench {0}/good.onnx --batches 0", "'0' in --batches 0 is no batch size")]
    [TestCase("bench {0}/good.onnx --seconds 0", "--seconds 0 is out of range; 0.01 to 3600 is expected.")]
    [TestCase("train --data {0}/nowhere --out {0}/r", "'{0}/nowhere' is neither a file nor a folder")]
    [TestCase("train --data {0}/no-pictures --out {0}/r", "'{0}/no-pictures' has no PNG, JPEG, WebP, GIF or BMP pictures, WAV recordings, IDX, NumPy "
        + "or Parquet files. It is empty.")]
    [TestCase("train --data {0}/huge-pictures --out {0}/r --batch 2", "50000 × 50000 pixels")]
    [TestCase("train --data {0}/train-images-idx3-ubyte --out {0}/r", "announces 9 images")]
    [TestCase("train --data synthetic:digits --out {0}/half-written --resume", "is no whole checkpoint")]
    [TestCase("train --data synthetic:digits --out {0}/no-model --resume", "There is no checkpoint")]
    [TestCase("train --data synthetic:digits --out {0}/run", "already holds a run")]
    [TestCase("train --data synthetic:digits --out {0}/a-file/r", "can't be made")]
    [TestCase("train --data synthetic:digits --out {0}/r --config nothing", "There is no preset 'nothing'")]
    [TestCase("train --data synthetic:digits --out {0}/r --config {0}/bad.json", "sise")]
    [TestCase("export {0}/no-model --out {0}/x.onnx", "There is no checkpoint")]
    [TestCase("export {0}/half-written --out {0}/x.onnx", "is no whole checkpoint")]
    [TestCase("export {0}/run --out {0}/a-file/x.onnx", "can't be written")]
    [TestCase("evaluate {0}/missing.onnx --data synthetic:digits", "There is no model '{0}/missing.onnx'")]
    [TestCase("evaluate {0}/good.onnx", "Say with --data what the real images are; only a training run knows its own.")]
    [TestCase("evaluate {0}/colors --data synthetic:digits --at best", "'{0}/colors' is no training run, and only a run has states to choose from; "
        + "leave --at best out.")]
    [TestCase("evaluate {0}/good.onnx --data {0}/no-pictures", "'{0}/no-pictures' has no PNG, JPEG, WebP, GIF or BMP pictures, WAV recordings, IDX, "
        + "NumPy or Parquet files. It is empty.")]
    [TestCase("evaluate {0}/good.onnx --data {0}/colors", "'{0}/good.onnx' and '{0}/colors' don't fit each other: the model makes grey "
        + "images, and the real ones have colors; the model makes images of 32 × 32 pixels, and the largest real one has 16 × 16. --anyway "
        + "goes on all the same.")]
    [TestCase("evaluate {0}/good.onnx --data {0}/colors --anyway", "'{0}/colors' has 2 images that can be decoded; 10 are needed at least.")]
    [TestCase("export {0}/run --out {0}/x.pt", "'{0}/x.pt' is no name for an ONNX file; use .onnx, as {0}/x.onnx.")]
    [TestCase("generate {0}/run --out {0}/x.png", "Export it first: gan export {0}/run --out run.onnx")]
    [TestCase("evaluate {0}/good.onnx --data synthetic:digits --count 5", "5 images are too few: 10 are needed at least")]
    [TestCase("evaluate {0}/good.onnx --data synthetic:digits --classifier {0}/text.onnx", "'{0}/text.onnx' is not an ONNX model.")]
    [TestCase("evaluate {0}/good.onnx --data synthetic:digits --classifier {0}/good.onnx", "'{0}/good.onnx' takes z float32")]
    [TestCase("evaluate {0}/good.onnx --data synthetic:digits --features {0}/no-model", "no-model")]
    [TestCase("evaluate {0}/good.onnx --data synthetic:digits --metrics fd,fid", "There is no metric 'fid'; there are: fd, kid, prdc, ")]
    [TestCase("evaluate {0}/good.onnx --data synthetic:digits --report {0}/x.pdf", "is no name for a page; use .html")]
    [TestCase("evaluate {0}/good.onnx --data synthetic:digits --sweep 1,x", "1,x are no numbers")]
    [TestCase("evaluate {0}/colors --data synthetic:digits --truncation 0.5", "only a model's can be truncated")]
    [TestCase("classifier --data {0}/unlabelled --out {0}/c.onnx", "'{0}/unlabelled' has no labels")]
    [TestCase("classifier --data synthetic:digits --out {0}/c.pt", "'{0}/c.pt' is no name for an ONNX file")]
    [TestCase("classifier --data synthetic:digits --size 4 --out {0}/c.onnx", "for images of 8 to 512 pixels, not 4")]
    [TestCase("train --data synthetic:digits --config pix2pix --dry-run", "needs a second image for each image, but 'synthetic:digits' has single "
        + "images. Give other data. The option is --target.")]
    [TestCase("train --data synthetic:digits --task cyclegan --dry-run", "needs a second set of images, but 'synthetic:digits' has single "
        + "images. Give other data. The option is --target.")]
    [TestCase("train --data {0}/unlabelled --target {0}/no-pictures --task cyclegan --dry-run", "'{0}/no-pictures'")]
    [TestCase("train --data synthetic:digits --task paint --dry-run", "there is no task 'paint'; there are: generate, pix2pix, cyclegan")]
    [TestCase("export {0}/run --direction AtoB --out {0}/x.onnx", "is a run of generate, which has one direction alone; "
        + "leave the direction out.")]
    [TestCase("train --data synthetic:digits --out {0}/r --metrics fid", "there is no metric 'fid'")]
    public void Bad_input_gets_a_sentence_and_exit_code_2(string command, string sentence)
    {
        var before = Files();
        var result = Gan.Run([.. command.Split(' ').Select(word => word.Replace("{0}", _folder.Path, StringComparison.Ordinal))]);

        Assert.That(result.ExitCode, Is.EqualTo(2), result.Error);
        Assert.That(result.Error, Does.Contain(sentence.Replace("{0}", _folder.Path, StringComparison.Ordinal)));
        Assert.That(result.Error, Does.Not.Contain("   at "), "no stack trace");
        Assert.That(result.Output, Is.Empty);
        Assert.That(Files(), Is.EqualTo(before), "nothing is half written");
    }

    [TestCase("synthetic:digits --loss wasserstein --reg weight-clipping,r1",
        "weight-clipping and r1 work against each other, so choose one")]
    [TestCase("synthetic:digits --size 48", "dcgan makes images of 32, 64, 128 or 256 pixels, not 48")]
    [TestCase("synthetic:digits --reg path-length", "path-length needs intermediate latents, which stylegan2 has and dcgan hasn't")]
    [TestCase("synthetic:digits --loss wasserstein", "the loss wasserstein has no end unless the discriminator's slope is bounded")]
    [TestCase("synthetic:digits --loss hinge --label-smoothing 0.1", "the loss hinge has no probabilities to smooth")]
    [TestCase("synthetic:digits --arch biggan", "there is no architecture 'biggan'; there are: mlp,")]
    [TestCase("synthetic:digits --loss mse", "there is no loss 'mse'; there are: non-saturating,")]
    [TestCase("synthetic:digits --reg r3", "r3")]
    [TestCase("synthetic:digits --augment rotate", "rotate")]
    [TestCase("synthetic:digits --schedule never", "there is no schedule 'never'; there are: constant, linear, constant-linear, cosine")]
    [TestCase("synthetic:digits --arch stylegan2 --condition concat", "stylegan2 takes labels by none or mapping, not 'concat'")]
    [TestCase("synthetic:digits --lr many", "Cannot parse argument 'many' for option '--lr' as a number.")]
    [TestCase("synthetic:digits --condition concat --class-names a,b",
        "'synthetic:digits' has 10 classes (0, 1, 2, 3, 4, 5, 6, 7, 8, 9), but 2 names are given")]
    [TestCase("{0}/unlabelled --batch 2 --condition concat", "'{0}/unlabelled' has no labels, but the condition concat needs them")]
    [TestCase("{0}/unlabelled --batch 3", "'{0}/unlabelled' has 2 images, fewer than a batch of 3")]
    [TestCase("{0}/unlabelled --batch 2 --split test", "'{0}/unlabelled' isn't divided into splits, so there is no 'test'. Ask for none. "
        + "The option is --split.")]
    [TestCase("{0}/unlabelled --batch 2 --fit squeeze", "there is no fit 'squeeze'; there are: crop, pad, stretch")]
    [TestCase("{0}/nowhere", "'{0}/nowhere' is neither a file nor a folder")]
    public void Training_that_cannot_be_is_refused_before_data_is_decoded_or_a_folder_made(string data, string sentence)
    {
        var result = Gan.Run(["train", "--out", _folder["refused"], "--data",
            .. data.Replace("{0}", _folder.Path, StringComparison.Ordinal).Split(' ')]);

        Assert.That(result.ExitCode, Is.EqualTo(2), result.Error);
        Assert.That(result.Error, Does.Contain(sentence.Replace("{0}", _folder.Path, StringComparison.Ordinal)));
        Assert.That(result.Error.TrimEnd().Split('\n'), Has.Length.EqualTo(1), "one sentence");
        Assert.That(Directory.Exists(_folder["refused"]), Is.False);
    }

    [TestCase("")]
    [TestCase(" ")]
    public void A_run_without_a_folders_name_is_refused(string name)
    {
        var result = Gan.Run("train", "--data", "synthetic:digits", "--out", name);
        Assert.That((result.ExitCode, result.Error), Is.EqualTo((2, "gan: --out is empty; give a folder's name.\n")));
    }

    [Test]
    public void A_preset_goes_before_a_file_of_its_name()
    {
        // The repository's own script is called gan, as a preset is.
        var here = Directory.GetCurrentDirectory();
        Directory.SetCurrentDirectory(Repository.Root);
        try
        {
            var result = Gan.Run("train", "--out", _folder["refused"], "--data", _folder["unlabelled"], "--config", "gan");
            Assert.That(result.Error, Does.Contain("fewer than a batch of 64"));
        }
        finally
        {
            Directory.SetCurrentDirectory(here);
        }
    }

    [Test]
    public void A_full_disk_leaves_no_partial_file()
    {
        using var disk = TinyDisk();
        // Pictures with so much in them that no PNG of them fits.
        var result = Gan.Run("generate", Path.Combine(Repository.Root, "models/fashion-dcgan"), "--out",
            Path.Combine(disk.Path, "grid.png"), "--count", "256");

        Assert.That(result.ExitCode, Is.EqualTo(2), result.Error);
        Assert.That(result.Error, Does.Contain("No space left"));
        Assert.That(Directory.GetFiles(disk.Path), Is.Empty);
    }

    [Test]
    public void A_full_disk_keeps_the_export_before()
    {
        using var disk = TinyDisk();
        var path = Path.Combine(disk.Path, "model.onnx");
        const string Before = "\b\b\u0012\aGanOnnx and no more of a model of ours";
        File.WriteAllText(path, Before);
        var result = Gan.Run("export", _folder["run"], "--out", path);

        Assert.That(result.ExitCode, Is.EqualTo(2), result.Error);
        Assert.That(Directory.GetFiles(disk.Path), Is.EqualTo([path]));
        Assert.That(File.ReadAllText(path), Is.EqualTo(Before));
    }

    [Test]
    public void A_full_disk_while_training_is_said_in_a_sentence()
    {
        using var disk = TinyDisk();
        var result = Gan.Run("train", "--data", "synthetic:digits", "--out", Path.Combine(disk.Path, "run"));

        Assert.That(result.ExitCode, Is.EqualTo(2), result.Error);
        Assert.That(result.Error, Does.Contain("No space left").And.Not.Contain("   at "));
    }

    private string[] Files() =>
        [.. Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories)
            .Where(f => !f.StartsWith(_folder["r/"], StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    private static MountedDisk TinyDisk()
    {
        var disk = new MountedDisk();
        if (!disk.IsMounted)
        {
            disk.Dispose();
            Assert.Ignore("A small disk can't be mounted here: it takes root on Linux.");
        }
        return disk;
    }

    /// <summary>A disk of 16 KB.</summary>
    private sealed class MountedDisk : IDisposable
    {
        public MountedDisk() => IsMounted = OperatingSystem.IsLinux() && Shell("mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", Path);

        public string Path { get; } = Directory.CreateTempSubdirectory("ganonnx-disk-").FullName;

        public bool IsMounted { get; }

        public void Dispose()
        {
            if (IsMounted)
                Shell("umount", Path);
            Directory.Delete(Path, recursive: true);
        }

        private static bool Shell(string program, params string[] arguments)
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
    }
}
