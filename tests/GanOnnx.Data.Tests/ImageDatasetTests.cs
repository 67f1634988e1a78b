using System.Formats.Tar;
using System.IO.Compression;
using GanOnnx.Data;

namespace GanOnnx.Data.Tests;

public sealed class ImageDatasetTests
{
    [Test]
    public void A_folder_with_subfolders_has_them_as_classes()
    {
        using var folder = new TemporaryFolder();
        Images.Save(folder["pets/dogs/a.png"], 255, 0, 0);
        Images.Save(folder["pets/cats/b.jpg"], 0, 0, 255);
        Images.Save(folder["pets/cats/c.webp"], 0, 255, 0);

        using var data = Open(folder, folder["pets"]);

        Assert.That(data.Name, Is.EqualTo("pets"));
        Assert.That(data.Classes, Is.EqualTo(["cats", "dogs"]));
        Assert.That(data.Labels, Is.EqualTo([0, 0, 1]));
        Assert.That(data.Channels, Is.EqualTo(3));
    }

    [Test]
    public void Pixels_are_kept_channel_by_channel()
    {
        using var folder = new TemporaryFolder();
        Images.Save(folder["red/a.png"], 250, 20, 3, width: 70, height: 50);

        using var data = Open(folder, folder["red"]);
        var image = new byte[3 * 32 * 32];
        data.Read(0, image);

        // A flat colour stays itself under cropping and resizing.
        Assert.That(image[..1024], Is.All.EqualTo(250));
        Assert.That(image[1024..2048], Is.All.EqualTo(20));
        Assert.That(image[2048..], Is.All.EqualTo(3));
    }

    [Test]
    public void One_corrupt_image_is_skipped_and_named()
    {
        using var folder = new TemporaryFolder();
        Images.Save(folder["mixed/a.png"], 1, 2, 3);
        File.WriteAllText(folder["mixed/broken.png"], "no picture");
        Images.Save(folder["mixed/z.png"], 1, 2, 3);

        using var data = Open(folder, folder["mixed"]);

        Assert.That(data.Count, Is.EqualTo(2));
        Assert.That(data.Skipped, Has.Count.EqualTo(1));
        Assert.That(data.Skipped[0], Does.StartWith("broken.png: ").And.Contain("no picture in a known format"));
    }

    [Test]
    public void Decoded_images_are_read_again_without_the_source()
    {
        using var folder = new TemporaryFolder();
        Images.Save(folder["one/a.png"], 9, 9, 9);
        using var first = Open(folder, folder["one"]);
        Directory.Delete(folder["one"], recursive: true);

        using var second = ImageDataset.TryOpen(folder["cache"])!;

        Assert.That(second.Fingerprint, Is.EqualTo(first.Fingerprint));
        Assert.That(second.Count, Is.EqualTo(1));
    }

    [Test]
    public void Half_decoded_images_count_as_missing()
    {
        using var folder = new TemporaryFolder();
        Images.Save(folder["one/a.png"], 9, 9, 9);
        Open(folder, folder["one"]).Dispose();
        File.AppendAllText(folder["cache"], "x");

        Assert.That(ImageDataset.TryOpen(folder["cache"]), Is.Null);
    }

    [Test]
    public void Decoding_can_be_stopped()
    {
        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource();
        Assert.That(() => ImageDataset.Decode("synthetic:digits", folder["cache"], 32, null,
            (done, _) => { if (done == 10) stop.Cancel(); }, stop.Token),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(ImageDataset.TryOpen(folder["cache"]), Is.Null);
    }

    [Test]
    public void What_macOS_adds_to_archives_is_no_data()
    {
        using var folder = new TemporaryFolder();
        Images.Save(folder["pictures/a.png"], 1, 2, 3);
        Directory.CreateDirectory(folder["__MACOSX/pictures"]);
        File.WriteAllText(folder["__MACOSX/pictures/._a.png"], "companion");
        using (var zip = ZipFile.Open(folder["mac.zip"], ZipArchiveMode.Create))
            foreach (var name in new[] { "pictures/a.png", "__MACOSX/pictures/._a.png" })
                zip.CreateEntryFromFile(folder[name], name);

        using var data = Open(folder, folder["mac.zip"]);

        Assert.That(data.Count, Is.EqualTo(1));
        Assert.That(data.Skipped, Is.Empty);
        Assert.That(data.Classes, Is.Empty);
    }

    [Test]
    public void A_compressed_copy_beside_an_idx_file_is_not_its_labels()
    {
        using var folder = new TemporaryFolder();
        Write(folder["x/digits.idx"], Images.Idx(2), gzip: false);
        Write(folder["x/digits.idx"], Images.Idx(2), gzip: true);

        using var data = Open(folder, folder["x/digits.idx"]);

        Assert.That(data.Labels, Is.All.EqualTo(-1));
    }

    [Test]
    public void Idx_images_are_centred_and_labelled([Values] bool gzip)
    {
        using var folder = new TemporaryFolder();
        Write(folder["mnist/train-images-idx3-ubyte"], Images.Idx(3), gzip);
        Write(folder["mnist/train-labels-idx1-ubyte"], Images.IdxLabels(4, 0, 2), gzip);
        Write(folder["mnist/t10k-images-idx3-ubyte"], Images.Idx(1), gzip);

        using var data = Open(folder, folder["mnist"]);
        var image = new byte[32 * 32];
        data.Read(2, image);

        Assert.That(data.Count, Is.EqualTo(3), "the training file, not the test file");
        Assert.That(data.Labels, Is.EqualTo([4, 0, 2]));
        Assert.That(data.Channels, Is.EqualTo(1));
        Assert.That(image.Count(p => p == 2), Is.EqualTo(28 * 28));
        Assert.That(image[2 * 32 + 2], Is.EqualTo(2), "the first pixel, two rows and two columns in");
        Assert.That(image[2 * 32 + 1], Is.Zero);
    }

    [Test]
    public void Archives_give_what_their_folder_gives([Values(".zip", ".tar.gz", ".tar", ".tgz")] string extension)
    {
        using var folder = new TemporaryFolder();
        Images.Save(folder["pictures/cats/a.png"], 10, 20, 30);
        Images.Save(folder["pictures/dogs/b.png"], 40, 50, 60);
        var archive = folder["pictures" + extension];
        Pack(folder["pictures"], archive);

        using var fromFolder = Open(folder, folder["pictures"]);
        using var fromArchive = ImageDataset.Decode(archive, folder["cache2"], 32, null);

        Assert.That(fromArchive.Fingerprint, Is.EqualTo(fromFolder.Fingerprint));
        Assert.That(fromArchive.Classes, Is.EqualTo(["cats", "dogs"]));
        Assert.That(fromArchive.Name, Is.EqualTo("pictures"));
    }

    [Test]
    public void An_archive_entry_that_points_outside_is_refused([Values(".zip", ".tar")] string extension)
    {
        using var folder = new TemporaryFolder();
        var archive = folder["evil" + extension];
        if (extension == ".zip")
            using (var zip = ZipFile.Open(archive, ZipArchiveMode.Create))
                zip.CreateEntry("../../escaped.png").Open().Dispose();
        else
            using (var tar = new TarWriter(File.Create(archive)))
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "../../escaped.png") { DataStream = new MemoryStream([1]) });

        var error = Assert.Throws<DataException>(() => Open(folder, archive));

        Assert.That(error.Message, Is.EqualTo(
            $"'{archive}' has the entry '../../escaped.png', which points outside its folder. It isn't unpacked; such an archive is "
            + "damaged or hostile."));
    }

    [Test]
    public void A_truncated_archive_is_refused()
    {
        using var folder = new TemporaryFolder();
        Images.Save(folder["pictures/a.png"], 1, 2, 3);
        Pack(folder["pictures"], folder["cut.tar.gz"]);
        File.WriteAllBytes(folder["cut.tar.gz"], File.ReadAllBytes(folder["cut.tar.gz"])[..^60]);

        Assert.That(() => Open(folder, folder["cut.tar.gz"]),
            Throws.TypeOf<DataException>().With.Message.Contains("can't be unpacked"));
    }

    private static readonly object[][] _badIdx =
    [
        ["no magic", new byte[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17 },
            "is no IDX file of images: it doesn't begin with 00 00 08 03. Give a folder of images, an IDX image file, a .zip "
            + "or a .tar.gz."],
        ["too short", Images.Idx(2)[..^5],
            "announces 2 images of 28 × 28, 1568 bytes, but holds 1563. It is damaged or cut short; copy it again."],
        ["too long", Images.Idx(2).Append((byte)0).ToArray(),
            "announces 2 images of 28 × 28, 1568 bytes, but holds 1569. It is damaged or cut short; copy it again."],
        ["empty", Images.Idx(0), "holds no images."],
        ["huge", new byte[] { 0, 0, 8, 3, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255 },
            "announces 4294967295 images of 4294967295 × 4294967295, "],
    ];

    [TestCaseSource(nameof(_badIdx))]
    public void A_bad_idx_file_gets_a_sentence(string _, byte[] bytes, string sentence)
    {
        using var folder = new TemporaryFolder();
        var path = folder["train-images-idx3-ubyte"];
        File.WriteAllBytes(path, bytes);

        Assert.That(() => Open(folder, path), Throws.TypeOf<DataException>().With.Message.StartsWith($"'{path}' {sentence}"));
    }

    [Test]
    public void Labels_of_another_count_are_refused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["x-images-idx3-ubyte"], Images.Idx(2));
        File.WriteAllBytes(folder["x-labels-idx1-ubyte"], Images.IdxLabels(1, 2, 3));

        Assert.That(() => Open(folder, folder["x-images-idx3-ubyte"]), Throws.TypeOf<DataException>().With.Message.EqualTo(
            $"'{folder["x-labels-idx1-ubyte"]}' has 3 labels for the 2 images of '{folder["x-images-idx3-ubyte"]}'."));
    }

    [Test]
    public void Idx_images_larger_than_the_training_size_become_smaller_as_pictures_do()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["x-images-idx3-ubyte"], Images.Idx(2, rows: 40, columns: 30));

        using var data = Open(folder, folder["x-images-idx3-ubyte"]);
        var image = new byte[32 * 32];
        data.Read(1, image);

        Assert.That(image, Is.All.EqualTo(1));
    }

    [Test]
    public void A_source_that_is_not_there_is_refused()
    {
        using var folder = new TemporaryFolder();
        Assert.That(() => Open(folder, folder["nowhere"]), Throws.TypeOf<DataException>().With.Message.EqualTo(
            $"'{folder["nowhere"]}' is neither a file nor a folder. Give a folder or an archive of PNG, JPEG, WebP, GIF or BMP pictures, WAV recordings, IDX, "
                + "NumPy or Parquet files, one of these files, or synthetic:digits."));
    }

    [Test]
    public void A_folder_without_images_is_refused()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["empty"]);
        File.WriteAllText(folder["empty/readme.txt"], "read me");

        Assert.That(() => Open(folder, folder["empty"]), Throws.TypeOf<DataException>().With.Message.EqualTo(
            $"'{folder["empty"]}' has no PNG, JPEG, WebP, GIF or BMP pictures, WAV recordings, IDX, NumPy or Parquet files. It has: 1 no picture: readme.txt."));
    }

    [Test]
    public void A_folder_with_only_corrupt_images_is_refused()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["bad"]);
        File.WriteAllText(folder["bad/a.png"], "no picture");

        Assert.That(() => Open(folder, folder["bad"]), Throws.TypeOf<DataException>().With.Message.StartsWith(
            $"None of the 1 images of '{folder["bad"]}' can be decoded. The first: a.png: "));
    }

    [Test]
    public void Unknown_synthetic_data_is_refused() =>
        Assert.That(() => ImageSources.Open("synthetic:cats"), Throws.TypeOf<DataException>().With.Message.EqualTo(
            "There is no synthetic data 'synthetic:cats'; there are: synthetic:digits and synthetic:moving-digits."));

    [Test]
    public void Synthetic_digits_differ_within_a_class_and_stay_the_same()
    {
        using var digits = new SyntheticDigits();
        var three = digits.Read(3, 32, 1);

        Assert.That(digits.Classes, Has.Count.EqualTo(10));
        Assert.That(digits.Read(3, 32, 1), Is.EqualTo(three));
        Assert.That(digits.Read(13, 32, 1), Is.Not.EqualTo(three));
        Assert.That(digits.LabelOf(13), Is.EqualTo(3));
        // A digit's strokes cover some of the picture, not all: between 5 and 40 % of it is bright.
        Assert.That(three.Count(p => p > 127), Is.InRange(0.05 * 1024, 0.4 * 1024));
    }

    [Test]
    public void Fashion_mnist_is_read_whole()
    {
        using var folder = new TemporaryFolder();
        using var data = Open(folder, RealData.Folder("fashion-mnist"));

        Assert.That(data.Count, Is.EqualTo(60_000));
        Assert.That(data.Labels.GroupBy(l => l).Select(g => g.Count()), Is.All.EqualTo(6_000));
        Assert.That(data.Labels.Take(4), Is.EqualTo([9, 0, 0, 3]), "the first labels of the official file");
    }

    private static ImageDataset Open(TemporaryFolder folder, string source) => ImageDataset.Decode(source, folder["cache"], 32, null);

    private static void Write(string path, byte[] bytes, bool gzip)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using Stream stream = gzip ? new GZipStream(File.Create(path + ".gz"), CompressionMode.Compress) : File.Create(path);
        stream.Write(bytes);
    }

    private static void Pack(string folder, string archive)
    {
        if (archive.EndsWith(".zip", StringComparison.Ordinal))
        {
            ZipFile.CreateFromDirectory(folder, archive);
            return;
        }
        using Stream stream = archive.EndsWith("gz", StringComparison.Ordinal)
            ? new GZipStream(File.Create(archive), CompressionMode.Compress) : File.Create(archive);
        TarFile.CreateFromDirectory(folder, stream, includeBaseDirectory: true);
    }
}
