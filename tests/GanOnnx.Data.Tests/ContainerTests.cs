using System.IO.Compression;
using System.Text;
using GanOnnx.Data;
using Parquet;
using Parquet.Schema;

namespace GanOnnx.Data.Tests;

/// <summary>Data sets in other files than folders, zips and IDX. The fixtures are made by other programs: Fixtures/Data/make.py.</summary>
public sealed class ContainerTests
{
    [TestCase("pictures.tar.xz")]
    [TestCase("pictures.tar.bz2")]
    [TestCase("streams.tar.xz")]
    public void Tar_archives_of_other_packings_are_read(string name)
    {
        using var source = ImageSources.Open(DataFolder.Fixture(name));

        Assert.That(source.Name, Is.EqualTo(name.Split('.')[0]));
        Assert.That(DataSummary.Of(source, 8).Classes(), Is.EqualTo("cats 1, dogs 2"));
        Assert.That(source.Read(2, 8, 3)[..3], Is.EqualTo(new byte[] { 0, 0, 255 }));
    }

    [TestCase("train", "0 1, 1 1, 2 1")]
    [TestCase("test", "0 0, 1 1")]
    public void Arrays_of_numpy_are_read(string split, string classes)
    {
        using var source = ImageSources.Open(DataFolder.Fixture("grey.npz"), new DataOptions(split));

        Assert.That(DataSummary.Of(source, 8).Classes(), Is.EqualTo(classes));
        Assert.That(source.Channels, Is.EqualTo(1));
        var last = source.Read(source.Count - 1, 8, 1);
        // 4 rows and 5 columns are centred: two rows and one column stay black before them.
        Assert.That(last[2 * 8 + 1], Is.EqualTo(split == "train" ? 3 : 1));
        Assert.That(last[2 * 8 + 5], Is.EqualTo(split == "train" ? 200 : 1), "the first row's end");
        Assert.That(last[8], Is.Zero);
    }

    [Test]
    public void Splits_of_numpy_ask_which_one_is_meant() =>
        Assert.That(DataFolder.Refusal(DataFolder.Fixture("grey.npz")), Does.Contain("x_t").Or.Contain("train (3 images), test (1 images)"));

    [Test]
    public void Color_arrays_without_names_are_read()
    {
        using var source = ImageSources.Open(DataFolder.Fixture("color.npz"));

        Assert.That((source.Count, source.Channels, source.LabelOf(1)), Is.EqualTo((2, 3, 1)));
        Assert.That(source.Read(1, 4, 3)[..3], Is.EqualTo(new byte[] { 40, 50, 60 }));
        Assert.That(source.Read(1, 8, 3)[^3..], Is.EqualTo(new byte[] { 40, 50, 60 }), "resized, not centred");
    }

    [Test]
    public void An_array_finds_its_labels_beside_it()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["images.npy"], Npy("|u1", "(2, 3, 3)", new byte[18]));
        File.WriteAllBytes(folder["labels.npy"], Npy(">i2", "(2,)", [0, 1, 0, 0]));

        foreach (var source in new[] { folder["images.npy"], folder.Path })
            Assert.That(DataFolder.Survey(source).Classes(), Is.EqualTo("0 1, 1 1"));
    }

    [TestCase("<f4", "(2, 3, 3)", 72, "is <f4 [2, 3, 3]; images are uint8 [N, H, W] or [N, H, W, C] with 1 or 3 channels. Convert it.")]
    [TestCase("|u1", "(2, 3, 3, 4)", 72, "is |u1 [2, 3, 3, 4]; images are uint8")]
    [TestCase("|u1", "(2, 3, 3)", 17, "announces |u1 [2, 3, 3], 18 bytes, but holds 17. It is damaged, cut short or empty; copy it again.")]
    [TestCase("|u1", "(4000000000, 4000000000, 4000000000)", 17, "announces |u1 [4000000000, 4000000000, 4000000000], 64000000000")]
    public void Arrays_of_another_kind_are_refused_by_what_they_are(string type, string shape, int bytes, string sentence)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["images.npy"], Npy(type, shape, new byte[bytes]));

        Assert.That(DataFolder.Refusal(folder["images.npy"]), Does.StartWith($"'{folder["images.npy"]}' {sentence}"));
    }

    [TestCase("train-snappy.parquet")]
    [TestCase("train-zstd.parquet")]
    public void Tables_of_Hugging_Face_are_read(string name)
    {
        using var source = ImageSources.Open(DataFolder.Fixture(name));
        var data = DataSummary.Of(source, 8);

        Assert.That(data.Classes(), Is.EqualTo("cat 2, dog 1, owl 2"));
        Assert.That(data.LeftOut.Single().ToString(), Is.EqualTo($"1 row without a picture's bytes: {name}#1"));
        Assert.That(data.Smallest, Is.EqualTo(new PictureSize(8, 8)));
        Assert.That(source.Read(2, 8, 3)[..3], Is.EqualTo(new byte[] { 0, 0, 255 }));
        Assert.That((source.LabelOf(4), source.Read(4, 8, 3)[0]), Is.EqualTo((0, 9)), "the one behind the missing one");
    }

    [Test]
    public async Task Parquet_files_of_splits_ask_which_one_is_meant()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["repo/data"]);
        folder.AddText("repo/README.md", "about");
        await WriteParquet(folder["repo/data/train-00000-of-00002.parquet"], [0, 1]);
        await WriteParquet(folder["repo/data/train-00001-of-00002.parquet"], [1]);
        await WriteParquet(folder["repo/data/test-00000-of-00001.parquet"], [0]);

        Assert.That(DataFolder.Refusal(folder["repo"]), Does.Contain("test (1 images), train (3 images)"));
        Assert.That(DataFolder.Survey(folder["repo"], "train").Classes(), Is.EqualTo("0 1, 1 2"));
    }

    [Test]
    public async Task A_table_without_pictures_is_refused_by_its_columns()
    {
        using var folder = new TemporaryFolder();
        await WriteParquet(folder["t.parquet"], [0, 1], withImages: false);

        Assert.That(DataFolder.Refusal(folder["t.parquet"]), Is.EqualTo(
            $"'{folder["t.parquet"]}' has no column of pictures' bytes; it has: label."));
    }

    [Test]
    public void A_text_lists_pictures()
    {
        using var folder = new TemporaryFolder();
        folder.Add("lists/cats/a.png", "lists/dogs/b.png", "lists/dogs/unlisted.png", "elsewhere/c.png");
        folder.AddText("lists/some.txt", $"cats/a.png\n\n# a remark\ndogs/b.png\n./dogs/b.png\ndogs/gone.png\n");
        folder.AddText("lists/far.txt", $"{folder["elsewhere/c.png"]}\n../elsewhere/c.png\ncats/a.png");
        folder.AddText("lists/mine.csv", "id,image,class\n1,cats/a.png,tame\n2,dogs/b.png,wild\n3,../elsewhere/c.png,wild\n");

        var data = DataFolder.Survey(folder["lists/some.txt"]);
        Assert.That(data.Classes(), Is.EqualTo("cats 1, dogs 1"));
        Assert.That(data.LeftOut(), Is.EqualTo("1 link to what is there already: dogs/b.png; 1 not there: dogs/gone.png"));
        Assert.That(DataFolder.Survey(folder["lists/far.txt"]).Images, Is.EqualTo(2));
        Assert.That(DataFolder.Survey(folder["lists/mine.csv"]).Classes(), Is.EqualTo("tame 1, wild 1"));
    }

    [Test]
    public void A_folder_with_nothing_but_one_archive_is_that_archive()
    {
        using var folder = new TemporaryFolder();
        folder.Add("d/cats/a.png", "d/dogs/b.png");
        folder.AddText("set/README.txt", "about");
        DataFolder.Pack(folder["d"], folder["set/d.zip"]);

        var data = DataFolder.Survey(folder["set"]);

        Assert.That(data.Name, Is.EqualTo("set"));
        Assert.That(data.Classes(), Is.EqualTo("cats 1, dogs 1"));
        Assert.That(data.LeftOut(), Is.EqualTo("1 no picture: README.txt"));
        DataFolder.Pack(folder["d"], folder["set/e.zip"]);
        Assert.That(DataFolder.Refusal(folder["set"]), Is.EqualTo(
            $"'{folder["set"]}' has no pictures but 2 archives: d.zip, e.zip. Give one of them."));
    }

    [Test]
    public void An_idx_file_is_known_by_its_contents_whatever_it_is_called()
    {
        using var folder = new TemporaryFolder();
        using (var gzip = new GZipStream(File.Create(folder["mine.gz"]), CompressionMode.Compress))
            gzip.Write(Images.Idx(3));
        Directory.CreateDirectory(folder["d"]);
        File.WriteAllBytes(folder["d/mine.idx"], Images.Idx(2));

        Assert.That(DataFolder.Survey(folder["mine.gz"]).Images, Is.EqualTo(3));
        Assert.That(DataFolder.Survey(folder["d"]).Images, Is.EqualTo(2));
    }

    [Test]
    public void The_test_images_of_mnist_are_a_split()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["train-images-idx3-ubyte"], Images.Idx(3));
        File.WriteAllBytes(folder["t10k-images-idx3-ubyte"], Images.Idx(2));
        File.WriteAllBytes(folder["t10k-labels-idx1-ubyte"], Images.IdxLabels(1, 0));

        Assert.That(DataFolder.Survey(folder.Path).Remark, Is.EqualTo("of train-images-idx3-ubyte alone"));
        Assert.That(DataFolder.Survey(folder.Path, "test").Classes(), Is.EqualTo("0 1, 1 1"));
        Assert.That(DataFolder.Survey(folder.Path, "all").Images, Is.EqualTo(5));
    }

    private static readonly TestCaseData[] _refused =
    [
        new("a.7z", new byte[] { 0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C, 0, 4 }, "can't be trained on: it is a 7z archive."),
        new("data_batch_1", new byte[] { 0x80, 2, (byte)'}', (byte)'q' }, "can't be trained on: it is a pickle."),
        new("a.rar", "Rar!\u001a\u0007"u8.ToArray(), "can't be trained on: it is a RAR archive."),
        new("a.h5", new byte[] { 0x89, 0x48, 0x44, 0x46, 13, 10, 26, 10 }, "can't be trained on: it is a HDF5 file."),
        new("a.bin", new byte[] { 1, 2, 3, 4 }, "can't be trained on: it is nothing that is known."),
        new("pixels.csv", Encoding.UTF8.GetBytes("label," + string.Join(',', Enumerable.Range(0, 784).Select(i => $"pixel{i}")) + "\n1,0"),
            "holds pixels as numbers in a text, which isn't read. Turn them into pictures or into a NumPy file, uint8 [N, H, W]."),
        new("people.csv", "name,age\nAda,36\n"u8.ToArray(),
            "has no column of pictures' paths: none of its columns (name, age) is called file_name, file, path or image."),
        new("one.png", DataFolder.Picture, "is one picture. Give the folder of all."),
    ];

    [TestCaseSource(nameof(_refused))]
    public void What_is_not_read_is_refused_by_its_real_reason(string name, byte[] bytes, string sentence)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder[name], bytes);

        Assert.That(DataFolder.Refusal(folder[name]), Does.StartWith($"'{folder[name]}' {sentence}"));
    }

    /// <summary>A .npy as NumPy writes it.</summary>
    internal static byte[] Npy(string type, string shape, byte[] data)
    {
        var header = $"{{'descr': '{type}', 'fortran_order': False, 'shape': {shape}, }}";
        header = header.PadRight(128 - 10 - 1) + "\n";
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, (byte)(header.Length >> 8), .. Encoding.ASCII.GetBytes(header), .. data];
    }

    /// <summary>A Parquet file of pictures with these labels.</summary>
    internal static async Task WriteParquet(string path, long[] labels, bool withImages = true)
    {
        var bytes = new DataField<byte[]>("bytes");
        var label = new DataField<long>("label");
        var schema = withImages ? new ParquetSchema(new StructField("image", bytes), label) : new ParquetSchema(label);
        await using var stream = File.Create(path);
        await using var writer = await ParquetWriter.CreateAsync(schema, stream);
        using var rows = writer.CreateRowGroup();
        if (withImages)
            await rows.WriteAsync(bytes, labels.Select(_ => DataFolder.Picture).ToArray());
        await rows.WriteAsync<long>(label, labels.AsMemory());
        rows.CompleteValidate();
    }
}
