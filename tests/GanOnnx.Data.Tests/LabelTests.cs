using System.Text;

namespace GanOnnx.Data.Tests;

/// <summary>Which folders are classes, and which files give labels.</summary>
public sealed class LabelTests
{
    [Test]
    public void Hidden_and_system_entries_never_count([Values(false, true)] bool packed)
    {
        using var folder = new TemporaryFolder();
        folder.Add("d/cats/a.png", "d/dogs/b.png", "d/.ipynb_checkpoints/a-checkpoint.png", "d/__MACOSX/cats/a.png", "d/cats/._a.png",
            "d/@eaDir/a.png");
        folder.AddText("d/cats/.DS_Store", "x");
        folder.AddText("d/cats/Thumbs.db", "x");

        var data = DataFolder.Survey(packed ? DataFolder.Pack(folder["d"], folder["d.zip"]) : folder["d"]);

        Assert.That(data.Classes(), Is.EqualTo("cats 1, dogs 1"));
        Assert.That(data.LeftOut.Single().Reason, Is.EqualTo("hidden"));
        Assert.That(data.LeftOut.Single().Count, Is.EqualTo(6));
    }

    [TestCase("one/around/")]
    [TestCase("")]
    public void Folders_around_everything_are_no_classes(string around)
    {
        using var folder = new TemporaryFolder();
        folder.Add($"d/{around}cats/a.png", $"d/{around}dogs/b.png", $"d/{around}dogs/c.png");
        folder.AddText("d/LICENCE.txt", "stray");

        foreach (var source in new[] { folder["d"], DataFolder.Pack(folder["d"], folder["d.zip"]), DataFolder.Pack(folder["d"],
            folder["d.tar.gz"]) })
        {
            var data = DataFolder.Survey(source);
            Assert.That(data.Classes(), Is.EqualTo("cats 1, dogs 2"), source);
            Assert.That(data.LeftOut(), Is.EqualTo("1 no picture: LICENCE.txt"));
        }
    }

    [Test]
    public void A_zip_of_Windows_has_its_folders()
    {
        using var folder = new TemporaryFolder();
        var zip = DataFolder.Zip(folder["w.zip"], (@"pets\cats\a.png", DataFolder.Picture), (@"pets\dogs\b.png", DataFolder.Picture));

        Assert.That(DataFolder.Survey(zip).Classes(), Is.EqualTo("cats 1, dogs 1"));
    }

    [TestCase("train/cats/a.png train/dogs/b.png test/cats/c.png", "test (1 images), train (2 images)", "train", "cats 1, dogs 1")]
    [TestCase("x/Train/cats/a.png x/Train/dogs/b.png x/Val/cats/c.png", "Train (2 images), Val (1 images)", "validation", "")]
    [TestCase("cats/train/a.png dogs/train/b.png cats/test/c.png dogs/test/d.png", "train (2 images), test (2 images)", "TEST",
        "cats 1, dogs 1")]
    [TestCase("train/cats/a.png train/dogs/b.png test/cats/c.png", "test (1 images), train (2 images)", "all", "cats 2, dogs 1")]
    [TestCase("train/a.png test/c.png unlabeled/d.png", "test (1 images), train (1 images), unlabeled (1 images)", "unlabeled", "")]
    public void Splits_ask_which_one_is_meant(string files, string splits, string asked, string classes)
    {
        using var folder = new TemporaryFolder();
        folder.Add([.. files.Split(' ').Select(file => "d/" + file)]);

        var names = DataFolder.Refusal(folder["d"]);
        Assert.That(names, Does.StartWith($"'{folder["d"]}' is divided into splits: ")
            .And.EndWith("Say which one is meant, or all for all of them."));
        foreach (var split in splits.Split(", "))
            Assert.That(names, Does.Contain(split));
        Assert.That(DataFolder.Survey(folder["d"], asked).Classes(), Is.EqualTo(classes));
    }

    [Test]
    public void A_split_that_is_not_there_is_refused()
    {
        using var folder = new TemporaryFolder();
        folder.Add("d/train/cats/a.png", "d/train/dogs/b.png", "e/cats/a.png", "e/dogs/b.png");

        Assert.That(DataFolder.Survey(folder["d"]).Classes(), Is.EqualTo("cats 1, dogs 1"), "one alone needs no question");
        Assert.That(DataFolder.Survey(folder["d"], "train").Images, Is.EqualTo(2));
        Assert.That(DataFolder.Refusal(folder["d"], "test"), Is.EqualTo($"'{folder["d"]}' has no split 'test'; there are: train (2 images)."));
        Assert.That(DataFolder.Refusal(folder["e"], "test"), Is.EqualTo(
            $"'{folder["e"]}' isn't divided into splits, so there is no 'test'. Ask for none."));
    }

    [Test]
    public void A_train_among_other_things_is_a_class()
    {
        using var folder = new TemporaryFolder();
        folder.Add("d/train/a.png", "d/car/b.png", "d/bus/c.png");

        Assert.That(DataFolder.Survey(folder["d"]).Classes(), Is.EqualTo("bus 1, car 1, train 1"));
    }

    [TestCase("00000/img00000000.png 00000/img00000999.png 00001/img00001000.png", true, TestName = "Shards_of_NVIDIAs_tools")]
    [TestCase("00000/00000.png 01000/01000.png 01000/01999.png", true, TestName = "Shards_of_FFHQ")]
    [TestCase("00000/000000001.jpg 00001/000010002.jpg", true, TestName = "Shards_of_img2dataset")]
    [TestCase("00000/00000_00000.png 00001/00000_00000.png", false, TestName = "Numbered_classes_of_GTSRB")]
    [TestCase("0/1.png 1/2.png", false, TestName = "Digits")]
    public void Numbered_shards_are_no_classes(string files, bool shards)
    {
        using var folder = new TemporaryFolder();
        folder.Add([.. files.Split(' ').Select(file => "d/" + file)]);

        var data = DataFolder.Survey(folder["d"]);

        Assert.That(data.Classes, shards ? Is.Empty : Has.Count.EqualTo(2));
        Assert.That(data.Remark, shards ? Is.EqualTo("numbered folders that only divide the pictures are no classes") : Is.Null);
    }

    [Test]
    public void A_picture_beside_the_folders_is_named_as_the_reason_that_there_are_no_classes()
    {
        using var folder = new TemporaryFolder();
        folder.Add("d/cats/a.png", "d/dogs/b.png", "d/logo.png");

        Assert.That(DataFolder.Survey(folder["d"]).Remark, Is.EqualTo("folders are no classes where pictures lie beside them: logo.png"));
    }

    [Test]
    public void Dataset_json_wins_over_folders([Values(false, true)] bool packed)
    {
        using var folder = new TemporaryFolder();
        folder.Add("d/00000/img00000000.png", "d/00000/img00000001.png", "d/00001/img00001000.png", "d/00001/img00001001.png");
        folder.AddText("d/dataset.json", """{"labels": [["00000/img00000000.png", 2], ["00000/img00000001.png", 0], ["00001/img00001000.png", 2]]}""");

        var data = DataFolder.Survey(packed ? DataFolder.Pack(folder["d"], folder["d.zip"]) : folder["d"]);

        Assert.That(data.Classes(), Is.EqualTo("0 1, 1 0, 2 2"));
        Assert.That(data.Remark, Is.EqualTo("labels from dataset.json"));
        Assert.That(data.LeftOut(), Is.EqualTo("1 without a label in dataset.json: 00001/img00001001.png"));
    }

    [Test]
    public void Dataset_json_can_say_that_there_are_no_labels()
    {
        using var folder = new TemporaryFolder();
        folder.Add("d/cats/a.png", "d/dogs/b.png");
        folder.AddText("d/dataset.json", """{"labels": null}""");

        var data = DataFolder.Survey(folder["d"]);

        Assert.That(data.Classes, Is.Empty);
        Assert.That(data.Images, Is.EqualTo(2));
        Assert.That(data.Remark, Is.EqualTo("dataset.json says that there are no labels"));
    }

    [TestCase("labels.csv", "file,label\na.png,owl\nsub/b.png,\"cat, big\"\n", "cat, big 1, owl 1")]
    [TestCase("metadata.csv", "file_name;text;label\na.png;\"two\nlines\";1\nsub/b.png;;0\n", "0 1, 1 1")]
    [TestCase("metadata.csv", "\uFEFFFile_Name,Label\r\n./a.png,x\r\nsub\\b.png,y\r\n", "x 1, y 1")]
    [TestCase("metadata.jsonl", "{\"file_name\": \"a.png\", \"label\": \"x\"}\n{\"file_name\": \"sub/b.png\", \"label\": 3}\n", "3 1, x 1")]
    [TestCase("metadata.csv", "file_name,text\na.png,a drawing\n", "")]
    [TestCase("dataset.json", """{"name": "another program's"}""", "")]
    public void A_file_of_labels_is_read(string name, string text, string classes)
    {
        using var folder = new TemporaryFolder();
        folder.Add("d/a.png", "d/sub/b.png");
        File.WriteAllText(folder["d/" + name], text, new UTF8Encoding(false));

        Assert.That(DataFolder.Survey(folder["d"]).Classes(), Is.EqualTo(classes));
    }

    [Test]
    public void Each_split_has_its_own_file_of_labels()
    {
        using var folder = new TemporaryFolder();
        folder.Add("d/train/a.png", "d/train/b.png", "d/test/a.png");
        folder.AddText("d/train/metadata.csv", "file_name,label\na.png,x\nb.png,y\n");
        folder.AddText("d/test/metadata.csv", "file_name,label\na.png,z\n");

        Assert.That(DataFolder.Survey(folder["d"], "train").Classes(), Is.EqualTo("x 1, y 1"));
        Assert.That(DataFolder.Survey(folder["d"], "all").Classes(), Is.EqualTo("x 1, y 1, z 1"));
    }

    [TestCase("labels.csv", "file,label\nother.png,owl\n",
        "has a label for none of the 2 pictures, 'a.png' for one. Mend its names, or take it away.")]
    [TestCase("dataset.json", """{"labels": [["a.png", 1""", "can't be read as labels: ")]
    [TestCase("dataset.json", """{"labels": [["a.png", [0, 1]]]}""",
        "can't be read as labels: the label of a.png is no whole number but [0, 1]")]
    [TestCase("dataset.json", """{"labels": [["a.png", 2000000000]]}""", "has the label 2000000000; labels are 0 to 65,535.")]
    public void A_file_of_labels_that_cannot_be_meant_is_refused(string name, string text, string sentence)
    {
        using var folder = new TemporaryFolder();
        folder.Add("d/a.png", "d/b.png");
        folder.AddText("d/" + name, text);

        Assert.That(DataFolder.Refusal(folder["d"]), Does.StartWith($"'{folder["d/" + name]}' {sentence}"));
    }
}
