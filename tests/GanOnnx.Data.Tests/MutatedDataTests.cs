using System.IO.Compression;
using GanOnnx.Data;
using GanOnnx.Imaging;

namespace GanOnnx.Data.Tests;

/// <summary>Damaged and hostile data sets: whatever is in them, they are read or refused with a sentence, soon and in bounded
/// memory.</summary>
[NonParallelizable]
public sealed class MutatedDataTests
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(10);
    private const long MostMemory = 3L << 30;

    private readonly TemporaryFolder _folder = new();

    [OneTimeTearDown]
    public void Delete() => _folder.Dispose();

    [Test]
    public void Mutated_archives_are_read_or_refused()
    {
        _folder.Add("d/cats/a.png", "d/cats/b.png", "d/dogs/c.png");
        _folder.AddText("d/labels.csv", "file,label\ncats/a.png,x\ncats/b.png,y\ndogs/c.png,x\n");
        byte[][] files =
        [
            .. new[] { ".zip", ".tar", ".tar.gz" }.Select(e => File.ReadAllBytes(DataFolder.Pack(_folder["d"], _folder["whole" + e]))),
            .. new[] { "pictures.tar.xz", "pictures.tar.bz2" }.Select(name => File.ReadAllBytes(DataFolder.Fixture(name))),
        ];
        Try("mutated.tar.gz", files, 600);
    }

    [Test]
    public void Mutated_tar_archives_are_read_or_refused_inside_their_packing()
    {
        _folder.Add("e/cats/a.png", "e/dogs/c.png");
        var tar = File.ReadAllBytes(DataFolder.Pack(_folder["e"], _folder["whole-e.tar"]));
        Mutations.Try(300, bytes => Read("inner.tar.gz", bytes), IsDocumented, random =>
        {
            using var packed = new MemoryStream();
            using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
                gzip.Write(Mutations.Mutate([tar], random));
            return packed.ToArray();
        }, _limit, MostMemory);
    }

    [Test]
    public void Mutated_idx_files_are_read_or_refused()
    {
        File.WriteAllBytes(_folder["mutated-labels-idx1-ubyte"], Images.IdxLabels(1, 2, 0));
        Try("mutated-images-idx3-ubyte", [Images.Idx(3), Images.Idx(3, 3, 2), Gzip(Images.Idx(3))], 600);
    }

    [Test]
    public void Mutated_labels_of_idx_are_read_or_refused()
    {
        File.WriteAllBytes(_folder["l-images-idx3-ubyte"], Images.Idx(40, 2, 2));
        byte[] labels = Images.IdxLabels([.. Enumerable.Range(0, 40).Select(i => (byte)(i % 10))]);
        Mutations.Try(400, bytes =>
        {
            File.WriteAllBytes(_folder["l-labels-idx1-ubyte"], bytes);
            return Read("l-images-idx3-ubyte", null);
        }, IsDocumented, random => Mutations.Mutate([labels, Gzip(labels)], random), _limit, MostMemory);
    }

    [Test]
    public void Mutated_arrays_are_read_or_refused() => Try("mutated.npz",
        [
            ContainerTests.Npy("|u1", "(2, 3, 3)", new byte[18]), ContainerTests.Npy("|u1", "(2, 3, 3, 3)", new byte[54]),
            File.ReadAllBytes(DataFolder.Fixture("grey.npz")), File.ReadAllBytes(DataFolder.Fixture("color.npz")),
        ], 600, split: "all");

    [Test]
    public async Task Mutated_tables_are_read_or_refused()
    {
        await ContainerTests.WriteParquet(_folder["own.parquet"], [0, 1, 2]);
        Try("mutated.parquet",
            [
                File.ReadAllBytes(_folder["own.parquet"]), File.ReadAllBytes(DataFolder.Fixture("train-snappy.parquet")),
                File.ReadAllBytes(DataFolder.Fixture("train-zstd.parquet")),
            ], 600);
    }

    [TestCase("dataset.json", """{"about": "…", "labels": [["a.png", 2], ["b.png", 0], ["c.png", null]]}""")]
    [TestCase("metadata.jsonl", "{\"file_name\": \"a.png\", \"label\": \"x\", \"about\": \"…\"}\n{\"file_name\": \"b.png\", \"label\": 3}\n")]
    [TestCase("labels.csv", "file,label\na.png,x\n\"b.png\",\"y\"\n")]
    public void Mutated_labels_are_read_or_refused(string name, string text)
    {
        // Most of it can change without a change of the labels.
        text = text.Replace("…", new string('.', 1000), StringComparison.Ordinal);
        _folder.Add($"{name}.d/a.png", $"{name}.d/b.png", $"{name}.d/c.png");
        Mutations.Try(400, bytes =>
        {
            File.WriteAllBytes(_folder[$"{name}.d/{name}"], bytes);
            return DataFolder.Survey(_folder[name + ".d"]) is { Classes.Count: > 0 };
        }, IsDocumented, random => Mutations.Mutate([System.Text.Encoding.UTF8.GetBytes(text)], random), _limit, MostMemory);
    }

    private void Try(string name, byte[][] files, int inCi, string? split = null) => Mutations.Try(inCi,
        bytes => Read(name, bytes, split), IsDocumented, random => Mutations.Mutate(files, random), _limit, MostMemory);

    private bool Read(string name, byte[]? bytes, string? split = null)
    {
        if (bytes is not null)
            File.WriteAllBytes(_folder[name], bytes);
        using var source = ImageSources.Open(_folder[name], new DataOptions(split));
        var whole = true;
        for (var i = 0; i < source.Count; i++)
            try
            {
                Assert.That(source.Read(i, 16, source.Channels), Has.Length.EqualTo(16 * 16 * source.Channels));
                Assert.That(source.LabelOf(i), Is.InRange(-1, source.Classes.Count - 1));
            }
            catch (ImageException)
            {
                whole = false;
            }
        return whole;
    }

    private static bool IsDocumented(Exception e) => e is DataException && !e.Message.Contains('\n');

    private static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(bytes);
        return packed.ToArray();
    }
}
