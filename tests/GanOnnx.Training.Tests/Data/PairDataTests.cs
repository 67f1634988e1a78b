using System.Text.Json.Nodes;
using GanOnnx.Data;
using GanOnnx.Training.Data;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanOnnx.Training.Tests.Data;

/// <summary>Pairs of one source, and images that are cropped at random: what a run trains on, goes on with, and refuses.</summary>
public sealed class PairDataTests
{
    private const int Size = 32, Count = 24, Margin = 4;

    private static readonly TrainingOptions _pairs = new()
    {
        Task = "pix2pix",
        Architecture = "unet",
        Size = Size,
        Width = 2,
        BatchSize = Count,
        Kimg = 1,
        TickKimg = 1,
        Seed = 5,
    };

    private static readonly TrainingOptions _noise = new()
    {
        Architecture = "mlp",
        Size = Size,
        Width = 1,
        LatentSize = 4,
        BatchSize = Count / 2,
        HoldOut = 2,
        Kimg = 1,
        TickKimg = 1,
    };

    private static readonly TrainingOptions[] _ways =
    [
        _pairs with { SideBySide = "BtoA" },
        _pairs with { Derive = "cutout" },
        _pairs with { Derive = "edges", Augmentations = "flip,crop" },
        _noise with { Augmentations = "crop" },
    ];

    private readonly TemporaryFolder _folder = new();

    [OneTimeSetUp]
    public void Draw()
    {
        for (var i = 0; i < Count; i++)
            Save($"wide/{i:00}.png", 2 * Size, Size, (x, y) => new((byte)(10 * i), (byte)(x * 4), (byte)(y * 8)));
    }

    [OneTimeTearDown]
    public void Clean() => _folder.Dispose();

    [TestCaseSource(nameof(_ways))]
    public void A_stopped_run_goes_on_to_the_bytes_of_an_unbroken_one(TrainingOptions options)
    {
        var (unbroken, stopped) = ($"{Guid.NewGuid()}", $"{Guid.NewGuid()}");
        Run(unbroken, options);
        using var stop = new CancellationTokenSource();
        Run(stopped, options, new RecordingMonitor(step => { if (step == 2) stop.Cancel(); }), stop.Token);
        var decoded = File.GetLastWriteTimeUtc(_folder[$"{stopped}/images.ganonnx"]);

        Run(stopped, Trainer.OptionsOf(_folder[stopped]), resume: true);

        Assert.That(File.ReadAllBytes(_folder[$"{stopped}/checkpoint.safetensors"]),
            Is.EqualTo(File.ReadAllBytes(_folder[$"{unbroken}/checkpoint.safetensors"])));
        Assert.That(File.GetLastWriteTimeUtc(_folder[$"{stopped}/images.ganonnx"]), Is.EqualTo(decoded), "nothing was decoded again");
    }

    [Test]
    public void What_pairs_are_made_of_is_remembered_and_stays()
    {
        var name = $"{Guid.NewGuid()}";
        using var stop = new CancellationTokenSource();
        Run(name, _pairs with { Derive = "blur" }, new RecordingMonitor(step => stop.Cancel()), stop.Token);

        var options = JsonNode.Parse(File.ReadAllText(_folder[$"{name}/run.json"]))!["options"]!;
        Assert.That(((string?)options["derive"], (string?)options["sideBySide"]), Is.EqualTo(("blur", (string?)null)));
        Refuses(name, _pairs with { Derive = "grey" }, $"The checkpoint in '{_folder[name]}' was trained with other options: derive blur, "
            + "not grey. ");
        Refuses(name, _pairs, "derive blur, not none. ");
        Refuses(name, _pairs with { SideBySide = "AtoB" }, "sideBySide none, not AtoB, derive blur, not none. ");
        Refuses(name, _pairs with { Derive = "blur", Augmentations = "crop" }, $"The checkpoint in '{_folder[name]}' was trained without "
            + "crops, and its images were decoded for that, so crop can't be changed. Leave it as it was, or begin a new run with its "
            + "weights.");
        Run(name, _pairs with { Derive = "blur", Augmentations = "flip" }, resume: true);
    }

    [Test]
    public void Lost_images_of_a_run_are_decoded_again_as_they_were()
    {
        var (name, options) = ($"{Guid.NewGuid()}", _pairs with { Derive = "cutout", Augmentations = "crop" });
        using var stop = new CancellationTokenSource();
        Run(name, options, new RecordingMonitor(step => stop.Cancel()), stop.Token);
        var images = File.ReadAllBytes(_folder[$"{name}/images.ganonnx"]);
        File.Delete(_folder[$"{name}/images.ganonnx"]);

        Run(name, options, resume: true);

        Assert.That(File.ReadAllBytes(_folder[$"{name}/images.ganonnx"]), Is.EqualTo(images));
    }

    [Test]
    public void The_halves_of_a_picture_are_input_and_target()
    {
        using var batch = First(_pairs with { SideBySide = "BtoA" });
        // Green runs over the whole picture, 4 a column: the right half begins with 128.
        Assert.That((batch.Images[0, 1, 0, 0].item<byte>(), batch.SecondImages![0, 1, 0, 0].item<byte>()), Is.EqualTo((128, 0)));
        Assert.That(batch.Images[0, 0, 0, 0].item<byte>(), Is.EqualTo(batch.SecondImages[0, 0, 0, 0].item<byte>()), "of one picture");
    }

    [Test]
    public void What_pairs_are_is_told_before_anything_is_decoded()
    {
        Assert.That(Trainer.Survey(Of("none", _pairs with { SideBySide = "AtoB" })).Remark,
            Is.EqualTo("each picture is a pair, its right half what the left one shall become"));
        Assert.That(Trainer.Survey(Of("none", _pairs with { Derive = "edges", Augmentations = "crop" })) is var data
            ? (data.Remark, data.Fitted) : default, Is.EqualTo(("each is the target of what is derived of it (edges)",
                "cropped to a square of 36 px, of which 32 px are cut out at random")));
    }

    [TestCase("pix2pix", "unet")]
    [TestCase("cyclegan", "resnet-generator")]
    public void A_set_in_trainA_and_trainB_needs_no_target(string task, string architecture)
    {
        using var folder = new TemporaryFolder();
        folder.Add("set/trainA/1.png", "set/trainB/1.png", "set/testA/1.png", "set/testB/1.png");
        var options = _pairs with { Task = task, Architecture = architecture, BatchSize = 1 };

        var run = new TrainingRun { Data = folder["set"], Folder = folder["run"], Options = options };

        Assert.That(string.Join("; ", Trainer.Survey(run).LeftOut), Is.EqualTo("2 outside of trainA and trainB: testA/1.png, …"));
        Directory.CreateDirectory(run.Folder);
        using var source = RunData.Open(run, new RecordingMonitor(), default);
        using var data = RunData.Decode(run, source, (_, _) => { }, default);
        Assert.That((data.Count, data.SecondCount), Is.EqualTo((1, 1)));
    }

    [TestCase("AtoB", null, "each picture of '{0}' is a pair already")]
    [TestCase(null, "blur", "each image of '{0}' is the target of what is derived of it")]
    public void A_target_beside_pairs_of_one_source_is_refused(string? side, string? derive, string why)
    {
        var run = Of("refused", _pairs with { SideBySide = side, Derive = derive }) with { Target = _folder["wide"] };
        var error = Assert.Throws<TrainingException>(() => Trainer.Survey(run));
        Assert.That((error.Message, error.Option), Is.EqualTo(($"'{_folder["wide"]}' is given as the target, but "
            + $"{string.Format(null, why, _folder["wide"])}. Leave one of the two out.", "target")));
        Assert.That(() => Trainer.Run(run, new RecordingMonitor()), Throws.TypeOf<TrainingException>());
        Assert.That(Directory.Exists(_folder["refused"]), Is.False, "nothing is written");
    }

    private static IEnumerable<TestCaseData> Mistakes() =>
    [
        new(_pairs with { SideBySide = "AtoB", Derive = "grey" }, "pairs are either side by side or derived of the pictures; leave one out"),
        new(_pairs with { SideBySide = "left" }, "there is no side-by-side 'left'; there are: AtoB, BtoA"),
        new(_pairs with { Derive = "sketch" }, "there is no derivation 'sketch'; there are: edges, grey, blur, low-resolution, cutout"),
        new(_pairs with { Derive = "grey", Channels = 1 }, "images of one channel have no color, so that grey derives the same of them; "
            + "choose three channels, or derive others"),
        new(_noise with { Derive = "blur" }, "generate doesn't learn of pairs, which blur makes; choose the task pix2pix, or leave it out"),
        new(_pairs with { Task = "cyclegan", Architecture = "resnet-generator", SideBySide = "BtoA" },
            "cyclegan doesn't learn of pairs, which BtoA makes; choose the task pix2pix, or leave it out"),
        new(_pairs with { Augmentations = "crop:2" }, "crop"),
    ];

    [TestCaseSource(nameof(Mistakes))]
    public void What_does_not_go_together_is_refused(TrainingOptions options, string what) =>
        Assert.That(options.Validate, Throws.TypeOf<TrainingException>().With.Message.Contains(what));

    [TestCase(32, 4)]
    [TestCase(64, 8)]
    [TestCase(256, 30)]
    public void Images_are_cropped_of_286_for_256(int size, int margin) =>
        Assert.That((_pairs with { Size = size, Augmentations = "flip,crop" }).CropMargin, Is.EqualTo(margin));

    [Test]
    public void A_pair_is_cropped_at_one_place_another_one_each_time_and_the_same_in_every_run([Values] bool flip)
    {
        using var data = Places();
        var sampler = new BatchSampler(data, 50, seed: 5, flip);
        HashSet<(int, int)> places = [];
        for (var batch = 0; batch < 8; batch++)
        {
            var (images, others) = Read(sampler, batch);
            for (var i = 0; i < 50; i++)
            {
                var image = images.AsSpan(i * data.ImageLength);
                var other = others.AsSpan(i * data.ImageLength);
                var (left, right) = (image[0], image[Size - 1]);
                Assert.That(Math.Abs(right - left), Is.EqualTo(Size - 1));
                Assert.That(left < right || flip);
                var place = (Math.Min(left, right), image[Size * Size]);
                Assert.That((Math.Min(other[0], other[Size - 1]), other[Size * Size]), Is.EqualTo((place.Item1 + 100, place.Item2 + 100)));
                Assert.That(other[0] - left, Is.EqualTo(100), "mirrored together");
                places.Add(place);
            }
        }
        Assert.That(places, Has.Count.EqualTo((Margin + 1) * (Margin + 1)), "all places in 400 draws");
        Assert.That(Read(new BatchSampler(data, 50, seed: 5, flip), 7).Images, Is.EqualTo(Read(sampler, 7).Images));
        Assert.That(Read(new BatchSampler(data, 50, seed: 6, flip), 7).Images, Is.Not.EqualTo(Read(sampler, 7).Images));
    }

    [Test]
    public void Samples_show_the_centre_of_what_is_cropped()
    {
        var name = $"{Guid.NewGuid()}";
        using var stop = new CancellationTokenSource();
        Run(name, _pairs with { SideBySide = "AtoB", Augmentations = "crop" }, new RecordingMonitor(_ => stop.Cancel()), stop.Token);

        using var reals = Image.Load<Rgb24>(_folder[$"{name}/samples/reals.png"]);
        // Blue is 8 times the row of 32; they are enlarged to 36, of which two are left out above and two below.
        Assert.That(Enumerable.Range(0, Size).Select(y => reals[3, y].B),
            Is.EqualTo(Enumerable.Range(2, Size).Select(y => 8 * ((y + 0.5) * 32 / 36 - 0.5))).Within(2));
        Assert.That(Enumerable.Range(0, Size).Select(x => reals[x, 3].G),
            Is.EqualTo(Enumerable.Range(2, Size).Select(x => 4 * ((x + 0.5) * 32 / 36 - 0.5))).Within(2), "and beside it");
    }

    private static (byte[] Images, byte[] Others) Read(BatchSampler sampler, int batch)
    {
        var (images, others) = (new byte[sampler.Length], new byte[sampler.Length]);
        sampler.Read(batch, images, new long[50], others);
        return (images, others);
    }

    // Each pixel says where it is: its column in the first channel, its row in the second; 100 more in the second image.
    private ImageDataset Places() => ImageDataset.Decode("places", new PlacesSource(), _folder[$"{Guid.NewGuid()}"], Size, 3, null, default,
        margin: Margin);

    private TrainingBatch First(TrainingOptions options)
    {
        var run = Of($"{Guid.NewGuid()}", options);
        Directory.CreateDirectory(run.Folder);
        using var source = RunData.Open(run, new RecordingMonitor(), default);
        using var data = RunData.Decode(run, source, (_, _) => { }, default);
        using var batches = new BatchLoader(data, options);
        return batches.Load(0);
    }

    private void Refuses(string name, TrainingOptions options, string sentence) =>
        Assert.That(() => Run(name, options, resume: true), Throws.TypeOf<TrainingException>().With.Message.Contains(sentence));

    private TrainingRun Of(string name, TrainingOptions options) => new() { Data = _folder["wide"], Folder = _folder[name], Options = options };

    private void Run(string name, TrainingOptions options, RecordingMonitor? monitor = null, CancellationToken stop = default,
        bool resume = false) =>
        Trainer.Run(Of(name, options) with { Resume = resume }, monitor ?? new RecordingMonitor(), stop);

    private void Save(string name, int width, int height, Func<int, int, Rgb24> color)
    {
        using var image = new Image<Rgb24>(width, height);
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
                image[x, y] = color(x, y);
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
        image.SaveAsPng(_folder[name]);
    }

    private sealed class PlacesSource : IImageSource
    {
        public string Name => "places";
        public int Count => 60;
        public IReadOnlyList<string> Classes => [];
        public int Channels => 3;
        public SecondImages SecondImages => SecondImages.Paired;

        public string NameOf(int image) => $"{image}";

        public int LabelOf(int image) => -1;

        public byte[] Read(int image, int size, int channels) => Pixels(size, 0);

        public byte[] ReadSecond(int image, int size, int channels) => Pixels(size, 100);

        public void Dispose() { }

        private static byte[] Pixels(int size, int more) => [.. from y in Enumerable.Range(0, size)
                                                                from x in Enumerable.Range(0, size)
                                                                from value in new[] { x, y, 0 }
                                                                select (byte)(value + more)];
    }
}
