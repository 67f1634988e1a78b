using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json.Nodes;
using GanOnnx.Data;

namespace GanOnnx.EndToEnd.Tests;

/// <summary><c>gan generate --format</c>: large sets, made by several processes, and <c>gan verify</c> of them.</summary>
public sealed class SetTests
{
    private static readonly string[] _formats = ["folder", "zip", "tar", "parquet"];

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new();

    [TearDown]
    public void Clean() => _folder.Dispose();

    private string[] Call(string format, params string[] more) =>
        ["generate", "fashion-cgan", "--count", "50", "--images-per-file", "15", "--format", format, "--out", _folder["set"], "--unsigned", .. more];

    private GanResult Verify() => Gan.Run("verify", _folder["set"], "--sample", "20");

    [Test]
    public void Shares_of_processes_are_the_set([ValueSource(nameof(_formats))] string format)
    {
        Gan.Succeed(Call(format, "--shard", "1/2"));
        var half = Verify();
        Gan.Succeed(Call(format, "--shard", "0/2"));
        var whole = Verify();

        Assert.That((half.ExitCode, half.Output), Is.EqualTo((1, half.Output)));
        Assert.That(half.Output, Does.Contain("DOESN'T HOLD: 2 of 4 files, 20 of 50 images").And.Contain("images 0-14 are in no file")
            .And.Contain("images 30-44 are in no file"));
        Assert.That(whole.Output, Is.EqualTo($"{_folder["set"]}: holds: 4 of 4 files, 50 of 50 images of 'fashion-cgan', seed 0; 20 made again and equal.\n"));
    }

    [Test]
    public void However_many_processes_make_it_its_files_are_equal([ValueSource(nameof(_formats))] string format)
    {
        Gan.Succeed(Call(format));
        Directory.Move(_folder["set"], _folder["alone"]);
        for (var i = 0; i < 2; i++)
            Gan.Succeed(Call(format, "--shard", $"{i}/2"));

        Assert.That(Hashes("set"), Has.Count.EqualTo(4).And.EqualTo(Hashes("alone")));
    }

    [Test]
    public void What_is_whole_is_kept_what_is_missing_is_made_and_nothing_is_replaced([ValueSource(nameof(_formats))] string format)
    {
        Gan.Succeed(Call(format));
        var before = Hashes("set");
        var ending = format == "folder" ? "" : $".{format}";
        Remove(_folder[$"set/00001{ending}"]);
        Break(format == "folder" ? _folder["set/00002/seed0000-000031.png"] : _folder[$"set/00002{ending}"]);

        var broken = Verify();
        var refused = Gan.Run(Call(format));
        Remove(_folder[$"set/00002{ending}"]);
        var again = Gan.Succeed(Call(format, "--shard", "0/1"));

        Assert.That(broken.ExitCode, Is.EqualTo(1));
        Assert.That(broken.Output, Does.Contain($"  00001{ending} is missing (images 15-29).\n").And.Contain($"  00002{ending} isn't what its manifest says"));
        Assert.That((refused.ExitCode, refused.Error), Is.EqualTo((2, $"gan: '{_folder[$"set/00002{ending}"]}' is there and isn't what its manifest says, so it "
            + "isn't replaced. Remove it, and it is made again.\n")));
        Assert.That(again.Output, Does.Contain("2 files made, 2 files were there"));
        Assert.That(Hashes("set"), Is.EqualTo(before));
        Assert.That(Verify().ExitCode, Is.Zero);
    }

    // Signed, a file is another each time that it is made, and manifests have no order in time.
    [Test]
    public void A_file_that_other_processes_made_again_is_whole()
    {
        string[] call = [.. Call("zip").Except(["--unsigned"])];
        Gan.Succeed(call);
        File.Delete(_folder["set/00001.zip"]);
        Gan.Succeed([.. call, "--shard", "1/2"]);

        Assert.That(Verify().Output, Does.Contain(": holds: 4 of 4 files"));
        Assert.That(Gan.Succeed(call).Output, Does.Contain("0 files made, 4 files were there"));
    }

    [Test]
    public void Overlaps_strangers_and_other_images_are_found_and_named()
    {
        Gan.Succeed(Call("zip"));
        var manifest = _folder["set/manifest.jsonl"];
        var lines = File.ReadAllLines(manifest);
        File.Copy(_folder["set/00000.zip"], _folder["set/00007.zip"]);
        Assert.That(Verify().Output, Does.Contain("  00007.zip is there and no manifest names it."));
        File.Delete(_folder["set/00007.zip"]);

        // Somebody put a picture of his own in, and the manifest in order.
        using (var zip = ZipFile.Open(_folder["set/00000.zip"], ZipArchiveMode.Update))
        {
            zip.GetEntry("seed0000-000003.png")!.Delete();
            zip.CreateEntryFromFile(Path.Combine(Repository.Root, "models/fashion-cgan/preview.png"), "seed0000-000003.png");
        }
        var bytes = File.ReadAllBytes(_folder["set/00000.zip"]);
        var entry = JsonNode.Parse(lines[1])!;
        (entry["bytes"], entry["sha256"]) = (bytes.Length, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)));
        lines[1] = entry.ToJsonString();
        File.WriteAllLines(manifest, lines);
        Assert.That(Gan.Run("verify", _folder["set"], "--sample", "50").Output, Does.Contain("  seed0000-000003.png of 00000.zip: "));
        Assert.That(Gan.Run("verify", _folder["set"], "--sample", "0").ExitCode, Is.Zero, "hashes alone");

        File.WriteAllLines(manifest, lines.Select((line, i) => i == 2 ? line.Replace("\"first\":15", "\"first\":10") : line));
        Assert.That(Verify().Output, Does.Contain("00001.zip has images 10-24, of which 5 are in a file before it: they overlap.")
            .And.Contain("images 25-29 are in no file"));
    }

    [Test]
    public void A_killed_process_leaves_nothing_half_and_the_next_goes_on([ValueSource(nameof(_formats))] string format)
    {
        string[] call = ["generate", "fashion-dcgan", "--count", "20000", "--images-per-file", "300", "--format", format, "--out", _folder["set"], "--unsigned"];
        using (var process = Gan.Start(call))
        {
            SpinWait.SpinUntil(() => Directory.Exists(_folder["set"])
                && Directory.EnumerateFileSystemEntries(_folder["set"], "0*").Skip(1).Any(), TimeSpan.FromSeconds(60));
            process.Kill();
            process.WaitForExit();
        }
        // An empty file of the last 0.3 s may be a living writer's, and is left to the next but one.
        Thread.Sleep(500);
        File.AppendAllText(_folder["set/manifest.jsonl"], "{\"file\":\"000");
        string[] smaller = [.. call, "--shard", "0/30"];

        var whole = Directory.EnumerateFileSystemEntries(_folder["set"], "0*").Count();
        var again = Gan.Succeed(smaller);

        Assert.That(whole, Is.GreaterThan(1));
        Assert.That(again.Output, Does.Contain(" made").And.Contain("were there").Or.Contain("was there"));
        Assert.That(Directory.EnumerateFileSystemEntries(_folder["set"], ".ganonnx-*"), Is.Empty, "the next one cleans up");
        Assert.That(Gan.Run("verify", _folder["set"]).Output, Does.Not.Contain("isn't what").And.Not.Contain("no manifest names"));
    }

    [Test]
    public void Others_read_it()
    {
        foreach (var format in _formats)
        {
            Gan.Succeed([.. Call(format), "--encoding", "jpg", "--label", "Bag,Coat"]);
            Directory.Move(_folder["set"], _folder[format]);
        }

        using (var folder = ImageSources.Open(_folder["folder/00003"]))
            Assert.That((folder.Count, folder.Classes.Count), Is.EqualTo((5, 2)));
        using (var zip = ImageSources.Open(_folder["zip/00003.zip"]))
            Assert.That((zip.Count, zip.Classes), Is.EqualTo((5, (string[])["Bag", "Coat"])));
        using (var parquet = ImageSources.Open(_folder["parquet"]))
            Assert.That((parquet.Count, parquet.Classes.Count), Is.EqualTo((50, 10)));
        using var tar = new TarReader(File.OpenRead(_folder["tar/00000.tar"]));
        var names = Enumerable.Range(0, 6).Select(_ => tar.GetNextEntry()!.Name).ToArray();
        Assert.That(names, Is.EqualTo((string[])[.. from image in new[] { "seed0000-000000", "seed0000-000001" }
                                                   from ending in new[] { ".jpg", ".cls", ".json" }
                                                   select image + ending]));
    }

    [TestCase("'nonsense' is no share", "--shard", "nonsense")]
    [TestCase("'4/4' is no share", "--shard", "4/4")]
    [TestCase("Nothing says which process this is", "--shard", "auto")]
    [TestCase("--columns can't be chosen with --format", "--columns", "3")]
    [TestCase("--seeds can't be chosen with --format", "--seeds", "0-3")]
    public void A_wrong_call_gets_a_sentence_and_no_file(string sentence, params string[] options)
    {
        var result = Gan.Run(Call("tar", options));

        Assert.That((result.ExitCode, result.Output), Is.EqualTo((2, "")));
        Assert.That(result.Error, Does.StartWith("gan: ").And.Contain(sentence));
        Assert.That(_folder["set"], Does.Not.Exist);
    }

    [TestCase("0", "15", "0 images")]
    [TestCase("50", "0", "0 images per file")]
    [TestCase("9000000000000", "15", "9000000000000 images")]
    [TestCase("900000000", "15", "60000000 files")]
    public void There_is_no_set_of_such_a_size(string count, string perFile, string fault)
    {
        var result = Gan.Run("generate", "fashion-dcgan", "--count", count, "--images-per-file", perFile, "--format", "tar", "--out", _folder["set"]);

        Assert.That((result.ExitCode, result.Error), Is.EqualTo((2, $"gan: There can't be a set with {fault}: 1 to 1,000,000,000,000 images, 1 to 1,000,000 in a "
            + "file and at most 1,000,000 files are possible.\n")));
        Assert.That(_folder["set"], Does.Not.Exist);
    }

    [TestCase("OMPI_COMM_WORLD_RANK=1 OMPI_COMM_WORLD_SIZE=4", "auto", "1/4")]
    [TestCase("SLURM_ARRAY_TASK_ID=6 SLURM_ARRAY_TASK_COUNT=4 SLURM_ARRAY_TASK_MIN=4", "auto", "2/4")]
    [TestCase("JOB_COMPLETION_INDEX=3", "auto/4", "3/4")]
    public void Engines_say_which_process_it_is(string variables, string shard, string expected)
    {
        using var process = Gan.Start(start =>
        {
            foreach (var variable in variables.Split(' '))
                start.Environment[variable.Split('=')[0]] = variable.Split('=')[1];
        }, Call("tar", "--shard", shard, "--json"));
        var result = JsonNode.Parse(process.StandardOutput.ReadToEnd())!;
        process.WaitForExit();

        Assert.That((string)result["shard"]!, Is.EqualTo(expected));
    }

    [Test]
    public void Files_of_others_and_other_sets_stay_as_they_are()
    {
        Directory.CreateDirectory(_folder["set"]);
        File.WriteAllText(_folder["set/00001.tar"], "mine");
        var result = Gan.Run(Call("tar"));
        Assert.That((result.ExitCode, File.ReadAllText(_folder["set/00001.tar"])), Is.EqualTo((2, "mine")));
        Assert.That(result.Error, Does.Contain("00001.tar' is there and no manifest names it, so it isn't replaced."));
        Assert.That(Directory.EnumerateFiles(_folder["set"]), Has.Exactly(1).Items);

        File.Delete(_folder["set/00001.tar"]);
        Gan.Succeed(Call("tar"));
        var other = Gan.Run(Call("tar", "--seed", "9"));
        Assert.That((other.ExitCode, other.Error), Is.EqualTo((2, other.Error)));
        Assert.That(other.Error, Does.Contain("has another set: seed 9 for 0."));
        Assert.That(Verify().ExitCode, Is.Zero);
    }

    [TestCase("{\"manifest\":7,\"tool\":\"x\",\"shard\":\"0/1\",\"set\":null}\n")]
    [TestCase("{\"manifest\":1,\"tool\":\"x\",\"shard\":\"0/1\",\"set\":{\"model\":\"m\",\"modelSha256\":\"0\",\"seed\":0,\"count\":-5,\"imagesPerFile\":1,\"format\":\"tar\",\"encoding\":\"png\"}}\n")]
    [TestCase("{\"manifest\":1,\"tool\":\"x\",\"shard\":\"0/1\",\"set\":{\"model\":\"m\",\"modelSha256\":\"0\",\"seed\":0,\"count\":5,\"imagesPerFile\":5,\"format\":\"tar\",\"encoding\":\"png\"}}\n{\"file\":null}\n")]
    public void A_strangers_manifest_gets_a_sentence(string text)
    {
        Directory.CreateDirectory(_folder["set"]);
        File.WriteAllText(_folder["set/manifest.jsonl"], text);

        var result = Verify();

        Assert.That((result.ExitCode, result.Output), Is.EqualTo((2, "")));
        Assert.That(result.Error, Does.StartWith("gan: ").And.Contain("manifest").And.Not.Contain("failed"));
    }

    [TestCase("")]
    [TestCase("{\"audio_filepath\": \"a.wav\"}\n")]
    public void Manifests_of_other_programs_are_none_and_stay(string text)
    {
        Directory.CreateDirectory(_folder["set"]);
        File.WriteAllText(_folder["set/manifest.jsonl"], text);
        Assert.That(Verify().Error, Does.StartWith("gan: There is no picture in "));

        var made = Gan.Run(Call("tar"));
        Assert.That((made.ExitCode, File.ReadAllText(_folder["set/manifest.jsonl"]) == text), Is.EqualTo(text.Length == 0 ? (0, false) : (2, true)));
    }

    [Test]
    public void A_strangers_manifest_reads_no_file_elsewhere()
    {
        Directory.CreateDirectory(_folder["set"]);
        File.WriteAllText(_folder["secret"], "x");
        File.WriteAllText(_folder["set/manifest.jsonl"], "{\"manifest\":1,\"tool\":\"x\",\"shard\":\"0/1\",\"set\":{\"model\":\"m\",\"modelSha256\":\"0\",\"seed\":0,"
            + "\"count\":5,\"imagesPerFile\":5,\"format\":\"tar\",\"encoding\":\"png\"}}\n{\"file\":\"../secret\",\"first\":0,\"count\":5,\"bytes\":1,\"sha256\":\"0\"}\n");

        Assert.That(Verify().Output, Does.Contain("  '../secret' is no name of a file of a set.\n  images 0-4 are in no file.\n"));
    }

    private Dictionary<string, string> Hashes(string set) => Directory.GetFiles(_folder[set], "manifest*").SelectMany(File.ReadLines)
        .Select(line => JsonNode.Parse(line)!).Where(line => line["file"] is not null)
        .GroupBy(line => (string)line["file"]!).ToDictionary(line => line.Key, line => (string)line.Last()["sha256"]!);

    private static void Remove(string path)
    {
        if (Directory.Exists(path))
            Directory.Delete(path, recursive: true);
        else
            File.Delete(path);
    }

    private static void Break(string path)
    {
        using var file = new FileStream(path, FileMode.Open);
        file.Position = file.Length / 2;
        var value = file.ReadByte();
        file.Position--;
        file.WriteByte((byte)(value ^ 1));
    }
}
