using GanOnnx.Data;

namespace GanOnnx.Training.Tests;

/// <summary>What pictures suggest.</summary>
public sealed class RecipeAdviceTests
{
    private static readonly RecipeAdvice.Facts _plain =
        new(20_000, new PictureSize(200, 150), 0, 0, IsGrey: false, Channels: 3, Cuda: false);

    [Test]
    public void Few_pictures_get_the_preset_for_few()
    {
        var advice = RecipeAdvice.Of(_plain with { Images = 300, Classes = 3, SmallestClass = 100 });
        Assert.That(advice.Preset!.Text, Is.EqualTo("small-data"));
        Assert.That(advice.Preset.Reason, Does.StartWith("300 pictures are few: "));
        Assert.That(advice.Options.Select(o => o.Key), Does.Not.Contain("kimg"), "the preset's length is for few");
    }

    [TestCase(5, 100, true)]
    [TestCase(5, 99, false)]
    [TestCase(1, 20_000, false)]
    [TestCase(0, 0, false)]
    public void Enough_of_each_class_gets_labels(int classes, int smallest, bool labels)
    {
        var colour = RecipeAdvice.Of(_plain with { Classes = classes, SmallestClass = smallest });
        Assert.That((colour.Preset?.Text, colour.Options.SingleOrDefault(o => o.Key == "condition")?.Text),
            Is.EqualTo(("dcgan-r1", labels ? "projection" : null)));
        var grey = RecipeAdvice.Of(_plain with { Classes = classes, SmallestClass = smallest, IsGrey = true });
        Assert.That((grey.Preset?.Text, grey.Options.Any(o => o.Key == "condition")), Is.EqualTo((labels ? "cgan" : null, false)),
            "the preset has it");
    }

    [TestCase(200, 150, false, 64, "the smallest picture has 200 × 150 px, and on a CPU larger ones take days")]
    [TestCase(200, 150, true, 128, "the smallest picture has 200 × 150 px")]
    [TestCase(200, 100, false, 64, "the smallest picture has 200 × 100 px")]
    [TestCase(63, 500, true, 32, "the smallest picture has 63 × 500 px")]
    public void No_picture_is_enlarged(int width, int height, bool cuda, int size, string reason)
    {
        var advised = RecipeAdvice.Of(_plain with { Smallest = new(width, height), Cuda = cuda }).Options
            .Single(o => o.Key == "size");
        Assert.That((advised.Value, advised.Reason), Is.EqualTo(((object)size, reason)));
    }

    [TestCase(2000, 200)]
    [TestCase(20_000, 1000)]
    [TestCase(1_000_000, 2000)]
    public void The_length_is_fifty_times_the_pictures_within_bounds(int images, int kimg) =>
        Assert.That(RecipeAdvice.Of(_plain with { Images = images }).Options.Single(o => o.Key == "kimg").Value, Is.EqualTo(kimg));

    [Test]
    public void Grey_pictures_are_read_as_grey([Values] bool grey) =>
        Assert.That(RecipeAdvice.Of(_plain with { IsGrey = grey }).Options.Any(o => o is { Key: "channels", Value: 1 }), Is.EqualTo(grey));

    [Test]
    public void Pictures_of_one_channel_are_no_pictures_in_colour()
    {
        var advice = RecipeAdvice.Of(new(60_000, new(28, 28), 10, 6000, IsGrey: true, Channels: 1, Cuda: false));
        Assert.That((advice.Preset?.Text, string.Join(' ', advice.Options.Select(o => o.Key))), Is.EqualTo(("cgan", "kimg")));
    }

    [Test]
    public void What_people_say_themselves_is_not_advised()
    {
        var advice = RecipeAdvice.Of(_plain with { Images = 300 });
        Assert.That(advice.Without(["size"]).Options.Select(o => o.Key), Does.Not.Contain("size"));
        Assert.That(advice.Without(["loss"]).Preset, Is.Null, "a loss is part of a recipe");
        Assert.That(advice.Without(["size"]).Preset, Is.Not.Null);
        Assert.That(advice.Without(["loss", "size"]).IsEmpty, Is.True);
        var labelled = RecipeAdvice.Of(_plain with { Classes = 5, SmallestClass = 100 });
        Assert.That(labelled.Without(["architecture"]).Options.Select(o => o.Key), Does.Not.Contain("condition"), "it is part of one, too");
    }

    [Test]
    public void Every_advice_makes_valid_options([Values(50, 5000)] int images, [Values(40, 90, 400)] int side,
        [Values] bool grey, [Values] bool cuda,
        [Values(0, 4)] int classes)
    {
        var advice = RecipeAdvice.Of(new(images, new(side, side), classes, images / 5, grey, 3, cuda));
        var preset = advice.Preset is null ? new TrainingOptions() : TrainingOptions.FromJson(File.ReadAllText(
            Path.Combine(Repository.Root, "training/configs", advice.Preset.Text + ".json")));
        Assert.That(preset.With(advice.Values).Validate, Throws.Nothing);
        Assert.That(advice.Options, Has.All.Matches<AdvisedOption>(
            o => o.Reason.Length > 0 && TrainingOption.All.Any(t => t.Key == o.Key)));
    }

    [Test]
    public void A_folder_of_pictures_is_looked_at_and_nothing_is_written()
    {
        using var folder = new TemporaryFolder();
        for (var i = 0; i < 20; i++)
            Images.Save(folder[$"data/{i}.png"], (byte)i, (byte)i, (byte)i, 80, 70);
        var run = new TrainingRun { Data = folder["data"], Folder = folder["run"], Options = new TrainingOptions() };

        var grey = Trainer.Advise(run, []);
        Images.Save(folder["data/0.png"], 200, 0, 0, 80, 70);
        var coloured = Trainer.Advise(run, []);

        Assert.That((grey.Preset!.Text, string.Join(' ', grey.Options.Select(o => $"{o.Key} {o.Text}"))),
            Is.EqualTo(("small-data", "size 64 channels 1")));
        Assert.That(string.Join(' ', coloured.Options.Select(o => $"{o.Key} {o.Text}")), Is.EqualTo("size 64"));
        Assert.That(Directory.Exists(folder["run"]), Is.False);
    }

    [Test]
    public void What_cannot_be_trained_as_it_is_said_is_told_instead()
    {
        using var folder = new TemporaryFolder();
        Images.Save(folder["data/0.png"], 1, 2, 3, 80, 70);
        var run = new TrainingRun { Data = folder["data"], Folder = "", Options = new TrainingOptions { BatchSize = 2 } };
        Assert.That(() => Trainer.Advise(run, ["batchSize"]),
            Throws.TypeOf<TrainingException>().With.Message.Contains("fewer than a batch of 2"));
        Assert.That(Trainer.Advise(run, []).Preset!.Text, Is.EqualTo("small-data"));
    }

    [Test]
    public void Data_that_is_no_pictures_suggests_nothing() =>
        Assert.That(Trainer.Advise(new TrainingRun { Data = "synthetic:digits", Folder = "", Options = new() }, []).IsEmpty, Is.True);
}
