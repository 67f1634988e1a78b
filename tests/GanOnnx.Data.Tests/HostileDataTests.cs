using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;

namespace GanOnnx.Data.Tests;

/// <summary>Files that were made to do harm.</summary>
[NonParallelizable]
public sealed class HostileDataTests
{
    // More than is unpacked of any file without a look at how much it grows.
    private const int Unpacked = 300 << 20;
    private const long MostMemory = 200 << 20;

    private static readonly TestCaseData[] _bombs =
    [
        new("bomb.zip", (string path) =>
        {
            using var zip = ZipFile.Open(path, ZipArchiveMode.Create);
            using var entry = zip.CreateEntry("a.png", CompressionLevel.Fastest).Open();
            WriteZeros(entry, DataFolder.Picture);
        }),
        new("bomb.tar.gz", (string path) =>
        {
            using var gzip = new GZipStream(File.Create(path), CompressionLevel.Fastest);
            using var tar = new TarWriter(gzip);
            // Not even a picture: a tar has to be unpacked to see what comes behind it.
            using var zeros = new MemoryStream(new byte[Unpacked]);
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "notes.txt") { DataStream = zeros });
        }),
        new("train-images-idx3-ubyte.gz", (string path) =>
        {
            using var gzip = new GZipStream(File.Create(path), CompressionLevel.Fastest);
            WriteZeros(gzip, [0, 0, 8, 3]);
        }),
        new("bomb.npz", (string path) =>
        {
            using var zip = ZipFile.Open(path, ZipArchiveMode.Create);
            using var entry = zip.CreateEntry("x.npy", CompressionLevel.Fastest).Open();
            WriteZeros(entry, []);
        }),
        new("zeros.tar.bz2", (string path) => File.Copy(DataFolder.Fixture("zeros.tar.bz2"), path)),
        new("zeros.tar.xz", (string path) => File.Copy(DataFolder.Fixture("zeros.tar.xz"), path)),
    ];

    [TestCaseSource(nameof(_bombs))]
    public void What_grows_a_hundredfold_is_refused_in_bounded_memory(string name, Action<string> make)
    {
        using var folder = new TemporaryFolder();
        make(folder[name]);
        using var process = Process.GetCurrentProcess();
        GC.Collect();
        process.Refresh();
        var before = process.WorkingSet64;

        var refusal = DataFolder.Refusal(folder[name]);

        process.Refresh();
        Assert.That(refusal, Is.EqualTo($"'{folder[name]}' grows to more than 100 times its {new FileInfo(folder[name]).Length:#,0} bytes "
            + "when it is unpacked, so it isn't read. It may be made to do harm; if you trust it, unpack it yourself and give the folder."));
        Assert.That(process.WorkingSet64 - before, Is.LessThan(MostMemory));
    }

    [Test]
    public void What_is_no_data_is_not_unpacked()
    {
        using var folder = new TemporaryFolder();
        using (var zip = ZipFile.Open(folder["big.zip"], ZipArchiveMode.Create))
        {
            using (var entry = zip.CreateEntry("notes.txt", CompressionLevel.Fastest).Open())
                WriteZeros(entry, []);
            using (var entry = zip.CreateEntry("a.png").Open())
                entry.Write(DataFolder.Picture);
        }

        Assert.That(DataFolder.Survey(folder["big.zip"]).Images, Is.EqualTo(1));
    }

    [Test]
    public void Nothing_of_what_was_unpacked_has_a_name_on_disk()
    {
        using var folder = new TemporaryFolder();
        folder.Add("d/a.png");
        DataFolder.Pack(folder["d"], folder["d.zip"]);
        string[] There() => [.. Directory.GetFileSystemEntries(Path.GetTempPath(), "ganonnx-*").Where(f => !f.Contains("ganonnx-test-"))];
        var before = There();

        using var source = ImageSources.Open(folder["d.zip"]);

        Assert.That(There(), Is.SubsetOf(before));
        Assert.That(source.Read(0, 8, 3), Has.Length.EqualTo(8 * 8 * 3));
    }

    [Test]
    public void Links_and_pipes_in_an_archive_are_left_out()
    {
        using var folder = new TemporaryFolder();
        using (var tar = new TarWriter(File.Create(folder["d.tar"])))
        {
            using var picture = new MemoryStream(DataFolder.Picture);
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "a.png") { DataStream = picture });
            tar.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, "b.png") { LinkName = "/etc/passwd" });
            tar.WriteEntry(new PaxTarEntry(TarEntryType.HardLink, "c.png") { LinkName = "a.png" });
            tar.WriteEntry(new PaxTarEntry(TarEntryType.Fifo, "d.png"));
        }

        var data = DataFolder.Survey(folder["d.tar"]);

        Assert.That(data.Images, Is.EqualTo(1));
        Assert.That(data.LeftOut(), Is.EqualTo("2 link: b.png, …; 1 no regular file: d.png"));
    }

    [Test]
    public void A_name_with_control_characters_leaves_a_sentence_one_line()
    {
        using var folder = new TemporaryFolder();
        using (var tar = new TarWriter(File.Create(folder["d.tar"])))
        {
            using var text = new MemoryStream("no picture"u8.ToArray());
            tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, "notes\n\u001a.txt") { DataStream = text });
        }

        Assert.That(DataFolder.Refusal(folder["d.tar"]), Does.EndWith("It has: 1 no picture: notes\\u000a\\u001a.txt."));
    }

    [Test]
    public void An_entry_of_a_name_that_was_there_replaces_it()
    {
        using var folder = new TemporaryFolder();
        var zip = DataFolder.Zip(folder["d.zip"], ("a.png", "no picture"u8.ToArray()), ("./a.png", DataFolder.Picture));

        var data = DataFolder.Survey(zip);

        Assert.That(data.Images, Is.EqualTo(1));
        Assert.That(data.LeftOut(), Is.EqualTo("1 replaced by a later one of the same name: a.png"));
    }

    [TestCase("rows of nothing", new byte[] { 0, 0, 8, 3, 255, 255, 255, 255, 0, 0, 0, 0, 0, 0, 0, 28 })]
    [TestCase("a product that overflows to what is there", new byte[] { 0, 0, 8, 3, 0, 0, 0, 4, 128, 0, 0, 0, 128, 0, 0, 0 })]
    public void Sizes_of_idx_that_cannot_be_are_refused(string _, byte[] header)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["x-images-idx3-ubyte"], header);

        Assert.That(DataFolder.Refusal(folder["x-images-idx3-ubyte"]), Does.StartWith($"'{folder["x-images-idx3-ubyte"]}' announces "));
    }

    [TestCase("a struct in a struct and so on", 3_000_000, "its headers are deeper than a table's can be")]
    [TestCase("structs that never end", 10, "its headers end too early")]
    public void Headers_of_parquet_that_would_not_end_are_refused(string _, int depth, string reason)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["t.parquet"],
            [.. "PAR1"u8, 0xFC, .. Enumerable.Repeat((byte)0x1C, depth), .. BitConverter.GetBytes(depth + 1), .. "PAR1"u8]);

        var refusal = Task.Run(() => DataFolder.Refusal(folder["t.parquet"]));

        Assert.That(refusal.Wait(TimeSpan.FromSeconds(20)), Is.True);
        Assert.That(refusal.Result, Is.EqualTo($"'{folder["t.parquet"]}' can't be read: {reason}"));
    }

    private static void WriteZeros(Stream stream, byte[] head)
    {
        stream.Write(head);
        var zeros = new byte[1 << 20];
        for (var i = 0; i < Unpacked / zeros.Length; i++)
            stream.Write(zeros);
    }
}
