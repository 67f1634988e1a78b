using System.Text;
using Parquet;
using Parquet.Schema;

namespace GanOnnx.Data.Tests;

/// <summary>What pictures show, in words.</summary>
public sealed class CaptionTests
{
    [TestCase("captions.csv", "file,caption\na.png,\"a cat, asleep\"\nsub/b.png,a dog\n", "a cat, asleep|a dog")]
    [TestCase("captions.csv", "file;annotation;tags\na.png;cat;animal\nsub/b.png;dog;animal\n", "cat|dog")]
    [TestCase("metadata.csv", "\uFEFFFile_Name,Text\r\n./a.png,  a \t cat \r\nsub\\b.png,a dog\r\n", "a cat|a dog")]
    [TestCase("metadata.jsonl", "{\"file_name\": \"a.png\", \"text\": \"a cat\"}\n{\"file_name\": \"a.png\", \"text\": null}\n{\"text\": \"a dog\", \"file_name\": \"sub/b.png\"}\n", "a cat|a dog")]
    public void A_table_of_captions_is_read(string name, string text, string captions)
    {
        using var folder = new TemporaryFolder();
        folder.Add("d/a.png", "d/sub/b.png");
        File.WriteAllText(folder["d/" + name], text, new UTF8Encoding(false));

        foreach (var path in new[] { folder["d"], DataFolder.Pack(folder["d"], folder[$"{Guid.NewGuid()}.zip"]) })
        {
            using var source = Open(path);
            Assert.That(Captions(source), Is.EqualTo(captions));
            Assert.That(DataSummary.Of(source, 32).Remark, Is.EqualTo($"captions from {name}"));
            Assert.That(DataSummary.Of(source, 32).LeftOut(), Is.Empty);
        }
    }

    [Test]
    public void One_table_can_be_of_folders_with_pictures_of_the_same_names()
    {
        using var folder = new TemporaryFolder();
        folder.Add("d/down/1.png", "d/down/2.png", "d/up/1.png", "d/up/3.png");
        folder.AddText("d/captions.csv", "file,caption\n1.png,a knight\n2.png,a thief\ndown/2.png,a thief from before\n");

        using var source = Open(folder["d"]);

        Assert.That(Enumerable.Range(0, source.Count).Select(source.NameOf), Is.EqualTo(["down/1.png", "down/2.png", "up/1.png"]));
        Assert.That(Captions(source), Is.EqualTo("a knight|a thief from before|a knight"));
        Assert.That(DataSummary.Of(source, 32).LeftOut(), Is.EqualTo("1 without a caption: up/3.png"));
    }

    [Test]
    public void Texts_beside_pictures_are_captions()
    {
        using var folder = new TemporaryFolder();
        folder.Add("d/a.png", "d/b.png", "d/c.png");
        folder.AddText("d/a.txt", "a cat\n");
        folder.AddText("d/b.txt", "a dog");
        folder.AddText("d/notes.txt", "of another kind");

        using var source = Open(folder["d"]);

        Assert.That(Captions(source), Is.EqualTo("a cat|a dog"));
        Assert.That(((IDescribed)source).Remark, Is.EqualTo("captions from the .txt files beside the pictures"));
        Assert.That(DataSummary.Of(source, 32).LeftOut(), Is.EqualTo("1 no picture: notes.txt; 1 without a caption: c.png"));
    }

    [Test]
    public void A_picture_may_have_several_rows_or_lines()
    {
        using var folder = new TemporaryFolder();
        folder.Add("d/a.png", "d/b.png", "e/a.png");
        folder.AddText("d/captions.csv", "image,caption\na.png,one\na.png,two\nb.png,three\na.png,four\n");
        folder.AddText("e/a.txt", "a bird\n\na red bird\r\n");

        using var table = Open(folder["d"]);
        using var texts = Open(folder["e"]);
        Assert.That(table.CaptionsOf(0), Is.EqualTo(["one", "two", "four"]));
        Assert.That(texts.CaptionsOf(0), Is.EqualTo(["a bird", "a red bird"]));
    }

    [Test]
    public void Labels_leave_no_captioned_picture_out()
    {
        using var folder = new TemporaryFolder();
        folder.Add("d/a.png", "d/b.png");
        folder.AddText("d/captions.csv", "file,caption,category\na.png,one,x\nb.png,two,\n");
        folder.AddText("d/labels.csv", "file,label\na.png,y\n");

        using var captioned = Open(folder["d"]);
        Assert.That(Captions(captioned), Is.EqualTo("one|two"));
        Assert.That(DataFolder.Survey(folder["d"]).Classes(), Is.EqualTo("y 1"), "captions.csv gives no labels");
        Assert.That(DataFolder.Survey(folder["d/captions.csv"]).Classes(), Is.EqualTo("x 1"), "unless it is what is asked for");
    }

    [Test]
    public void An_edited_text_is_seen()
    {
        using var folder = new TemporaryFolder();
        folder.Add("d/a.png");
        folder.AddText("d/a.txt", "a cat");
        var before = ImageSources.Stamp(folder["d"]);
        folder.AddText("d/a.txt", "a cow, asleep");

        Assert.That(ImageSources.Stamp(folder["d"]), Is.Not.EqualTo(before));
    }

    [Test]
    public void Columns_that_are_asked_for_are_captions_each()
    {
        using var folder = new TemporaryFolder();
        folder.Add("d/a.png", "d/b.png");
        folder.AddText("d/captions.csv", "file,caption,name,tags\na.png,no,cat,\"soft, grey\"\nb.png,no,dog,\n");

        using var source = Open(folder["d"], "name, TAGS");

        Assert.That(source.CaptionsOf(0), Is.EqualTo(["cat", "soft, grey"]));
        Assert.That(source.CaptionsOf(1), Is.EqualTo(["dog"]));
        Assert.That(() => Open(folder["d"], "name,colour"), Throws.TypeOf<DataException>().With.Message.EqualTo(
            $"'{folder["d"]}' has no table of captions with the columns name,colour. Give columns of its captions.csv, metadata.csv or "
                + "metadata.jsonl."));
    }

    [Test]
    public void Captions_that_cannot_be_used_are_told_by_their_reason()
    {
        using var folder = new TemporaryFolder();
        folder.Add("d/a.png", "d/b.png", "d/c.png", "d/d.png");
        folder.AddText("d/captions.csv", $"file,caption\na.png,a cat\nb.png,  \nc.png,\u0001\u0002\nd.png,{new string('x', 1001)}\n");

        using var source = Open(folder["d"]);

        Assert.That(Captions(source), Is.EqualTo("a cat"));
        Assert.That(DataSummary.Of(source, 32).LeftOut(), Is.EqualTo("1 without a caption: b.png; "
            + "1 with a caption that isn't plain text in UTF-8: c.png; 1 with a caption of more than 1,000 characters: d.png"));
    }

    // As spreadsheets on Windows write it.
    [Test]
    public void Captions_in_Latin_1_are_told()
    {
        using var folder = new TemporaryFolder();
        folder.Add("d/a.png", "d/b.png");
        File.WriteAllText(folder["d/captions.csv"], "file,caption\na.png,a cat\nb.png,caf\u00e9\n", System.Text.Encoding.Latin1);

        using var source = Open(folder["d"]);
        Assert.That(DataSummary.Of(source, 32).LeftOut(), Is.EqualTo("1 with a caption that isn't plain text in UTF-8: b.png"));
    }

    [Test]
    public void A_quote_that_is_not_closed_is_told_by_its_line()
    {
        using var folder = new TemporaryFolder();
        folder.Add("d/a.png", "d/b.png", "d/c.png");
        folder.AddText("d/captions.csv", "file,caption\na.png,a cat\nb.png,\"a red thing\nc.png,a dog\n");

        Assert.That(() => Open(folder["d"]), Throws.TypeOf<DataException>().With.Message.EqualTo(
            $"'{folder["d/captions.csv"]}' can't be read as captions: the quote in line 3 isn't closed"));
    }

    [Test]
    public void Lines_of_JSON_have_names_of_their_own_and_lists_of_captions()
    {
        using var folder = new TemporaryFolder();
        folder.Add("d/a.png", "d/b.png", "d/c.png");
        folder.AddText("d/metadata.jsonl", """
            {"file_name": "a.png"}
            {"file_name": "b.png", "text": "a dog", "size": {"w": 3}}

            {"width": 8, "captions": ["a cat", "un chat"], "file_name": "c.png"}
            {"of": "no picture", "captions": {"en": "a cat"}}
            """.Replace("\n\n", "\n   \n", StringComparison.Ordinal));

        using var source = Open(folder["d"]);
        Assert.That(Captions(source), Is.EqualTo("a dog|a cat|un chat"));
        Assert.That(DataSummary.Of(source, 32).LeftOut(), Is.EqualTo("1 without a caption: a.png"));
    }

    [TestCase("{\"file_name\": \"a.png\", \"text\": \"a cat\"}\n\n{\"file_name\": \"b.png\", \"te", "line 3 is no JSON object")]
    [TestCase("[1]", "line 1 is no JSON object")]
    [TestCase("{\"file_name\": \"a.png\", \"text\": {\"en\": \"a cat\"}}", "line 1: text is neither a text nor a list of texts")]
    public void Broken_lines_of_JSON_are_told_by_their_number(string lines, string told)
    {
        using var folder = new TemporaryFolder();
        folder.Add("d/a.png", "d/b.png");
        folder.AddText("d/metadata.jsonl", lines);

        Assert.That(() => Open(folder["d"]), Throws.TypeOf<DataException>().With.Message.EqualTo(
            $"'{folder["d/metadata.jsonl"]}' can't be read as captions: {told}"));
    }

    [Test]
    public void Pictures_without_captions_are_refused()
    {
        using var folder = new TemporaryFolder();
        folder.Add("d/a.png", "e/a.png");
        folder.AddText("e/captions.csv", "file,caption\nb.png,a cat\n");

        Assert.That(() => Open(folder["d"]), Throws.TypeOf<DataException>().With.Message.EqualTo($"'{folder["d"]}' has no captions. Say what its "
            + "pictures show in a table captions.csv with the columns file and caption, or in texts beside them, as cat.txt of cat.png."));
        Assert.That(() => Open(folder["e"]), Throws.TypeOf<DataException>().With.Message.EqualTo($"'{folder["e"]}' has a caption for none of its 1 "
            + "pictures: 'a.png' is one without a caption. Mend the names or the texts in captions.csv."));
    }

    [Test]
    public void Captions_that_arent_read_and_pictures_that_are_none_are_told_at_the_start()
    {
        using var folder = new TemporaryFolder();
        folder.Add("d/a.png", "d/b.png");
        folder.AddText("d/c.png", "hello");
        folder.AddText("d/captions.csv", "file,caption\na.png,a cat\n");

        Assert.That(DataFolder.Survey(folder["d"]).Remark,
            Is.EqualTo("by their first bytes 1 of them is none; captions.csv has captions, which aren't read"));
    }

    [Test]
    public void Captions_of_which_none_can_be_read_say_why()
    {
        using var folder = new TemporaryFolder();
        folder.Add("d/a.png", "d/b.png");
        File.WriteAllBytes(folder["d/captions.csv"], [.. "file,caption\nb.png,caf"u8, 0xE9, .. "\n"u8]);

        Assert.That(() => Open(folder["d"]), Throws.TypeOf<DataException>().With.Message.EqualTo($"'{folder["d"]}' has a caption for none of its 2 "
            + "pictures: 'b.png' is one with a caption that isn't plain text in UTF-8. Mend the names or the texts in captions.csv."));
    }

    [Test]
    public void A_table_without_a_column_of_captions_is_told_by_its_columns()
    {
        using var folder = new TemporaryFolder();
        folder.Add("d/a.png");
        folder.AddText("d/captions.csv", "file,words\na.png,a cat\n");

        Assert.That(() => Open(folder["d"]), Throws.TypeOf<DataException>().With.Message.EqualTo($"'{folder["d"]}' has no captions that are known: "
            + "captions.csv has the columns file, words. Name those of captions, beside that of the files.").And.Property("Option").EqualTo("captions"));
    }

    [Test]
    public void Decoded_images_keep_their_captions()
    {
        using var folder = new TemporaryFolder();
        folder.Add("d/a.png", "d/b.png", "d/c.png");
        folder.AddText("d/captions.csv", "file,name,tag\na.png,cat,animal\nb.png,dog,animal\nc.png,cat,\n");
        string fingerprint;
        using (var source = Open(folder["d"], "name,tag"))
        using (var decoded = ImageDataset.Decode(folder["d"], source, folder["images"], 8, 3, null, default))
            fingerprint = decoded.Fingerprint;

        using var kept = ImageDataset.TryOpen(folder["images"])!;
        Assert.That(kept.Captions, Is.EqualTo(["cat", "animal", "dog"]));
        Assert.That(Enumerable.Range(0, 3).Select(kept.CaptionsOf), Is.EqualTo(new int[][] { [0, 1], [2, 1], [0] }));
        Assert.That(kept.Fingerprint, Is.EqualTo(fingerprint));

        // Other captions are other data.
        folder.AddText("d/captions.csv", "file,name,tag\na.png,cat,animal\nb.png,cow,animal\nc.png,cat,\n");
        using var changed = Open(folder["d"], "name,tag");
        using var other = ImageDataset.Decode(folder["d"], changed, folder["others"], 8, 3, null, default);
        Assert.That(other.Fingerprint, Is.Not.EqualTo(fingerprint));
    }

    [TestCase("Text", "a cat|a dog", "text", "2 without a caption: train.parquet#1, …")]
    [TestCase(null, "a cat|an animal|a fox|a dog", "captions", "1 with a caption of more than 1,000 characters: train.parquet#1")]
    [TestCase("text,captions", "a cat|a cat|an animal|a fox|a dog|a dog", "captions, text",
        "1 with a caption of more than 1,000 characters: train.parquet#1")]
    public async Task Tables_of_Hugging_Face_have_captions_one_or_a_list(string? columns, string captions, string from, string leftOut)
    {
        using var folder = new TemporaryFolder();
        await WriteParquet(folder["train.parquet"]);

        using var source = Open(folder["train.parquet"], columns);

        Assert.That(Captions(source), Is.EqualTo(captions));
        Assert.That(((IDescribed)source).Remark, Is.EqualTo($"captions from {from}"));
        Assert.That(DataSummary.Of(source, 32).LeftOut(), Is.EqualTo($"{leftOut}; 1 row without a picture's bytes: train.parquet#3"));
        using var asBefore = ImageSources.Open(folder["train.parquet"]);
        Assert.That((asBefore.Count, asBefore.CaptionsOf(0).Count), Is.EqualTo((4, 0)), "captions weren't asked for");
    }

    [Test]
    public async Task A_table_without_these_captions_is_refused_by_its_columns()
    {
        using var folder = new TemporaryFolder();
        await WriteParquet(folder["train.parquet"]);
        await ContainerTests.WriteParquet(folder["labels.parquet"], [0, 1]);

        Assert.That(() => Open(folder["train.parquet"], "text,name"), Throws.TypeOf<DataException>().With.Message.EqualTo(
            $"'{folder["train.parquet"]}' has no column of captions text,name; its columns of text: text, captions."));
        Assert.That(() => Open(folder["labels.parquet"]), Throws.TypeOf<DataException>().With.Message.EqualTo(
            $"'{folder["labels.parquet"]}' has no column of captions; its columns of text: none."));
    }

    // Five rows: the second has no text but a caption that is too long, the fourth no picture.
    private static async Task WriteParquet(string path)
    {
        var (bytes, text) = (new DataField<byte[]>("bytes"), new DataField<string>("text"));
        var captions = new ListField("captions", typeof(string));
        var caption = (DataField)captions.Item;
        await using var stream = File.Create(path);
        await using var writer = await ParquetWriter.CreateAsync(new ParquetSchema(new StructField("image", bytes), text, captions), stream);
        using var rows = writer.CreateRowGroup();
        await rows.WriteAsync(bytes, [DataFolder.Picture, DataFolder.Picture, DataFolder.Picture, null!, DataFolder.Picture]);
        await rows.WriteAsync(text, ["a cat", null!, " ", "a ghost", "a dog"]);
        ReadOnlyMemory<char>[] said = [.. new[] { "a cat", "an animal", new string('x', 1001), "a fox", "a dog" }.Select(words => words.AsMemory())];
        var there = caption.MaxDefinitionLevel;
        await rows.WriteAllPartsAsync<ReadOnlyMemory<char>>(caption, said, new[] { there, there, there, there, 1, there },
            new[] { 0, 1, 0, 0, 0, 0 }, default);
        rows.CompleteValidate();
    }

    private static IImageSource Open(string path, string? columns = null) =>
        ImageSources.Open(path, new DataOptions { WithCaptions = true, Captions = columns });

    private static string Captions(IImageSource source) =>
        string.Join('|', Enumerable.Range(0, source.Count).SelectMany(source.CaptionsOf));
}
