using GanOnnx.Data;
using GanOnnx.Imaging;
using GanOnnx.Inference;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;

namespace GanOnnx.Benchmarks.Trust.Detector;

/// <summary>Pictures of one kind: what a model made, beside real ones of the same size; either may be empty.</summary>
/// <param name="Name">The model's name, or the set's.</param>
/// <param name="Made">The generated ones.</param>
/// <param name="Real">The real ones.</param>
internal sealed record DetectorSource(string Name, IReadOnlyList<Image<Rgb24>> Made, IReadOnlyList<Image<Rgb24>> Real);

/// <summary>The pictures that the detector learns from and is tried on.</summary>
internal static class DetectorPictures
{
    private const int Small = 32, Large = 64, Largest = 128;

    // Images of models begin with a seed that nobody is shown.
    private const ulong Seed = 0xDE7EC7;

    /// <summary>Every shipped model beside what it learnt from.</summary>
    public static IReadOnlyList<DetectorSource> Shipped(string data, int count)
    {
        var fashion = Read(Path.Combine(data, "fashion-mnist"), Small, 4 * count, "train");
        var openmoji = Path.Combine(data, "openmoji", "openmoji-train.zip");
        string[] grey = ["fashion-dcgan", "fashion-cgan", "fashion-wgan-gp", "fashion-stylegan2"];
        var colored = Read(openmoji, Large, int.MaxValue, only: "color");
        return
        [
            .. grey.Select((name, i) => new DetectorSource(name, Generate(name, count), [.. fashion.Skip(i * count).Take(count)])),
            new("lpc-characters", Generate("lpc-characters", count), Read(Path.Combine(data, "lpc-characters", "lpc-characters-train.zip"), Large, count)),
            new("outline-to-emoji", Translate("outline-to-emoji", Read(openmoji, Large, int.MaxValue, only: "outline")), colored),
            new("drawings-x2", Translate("drawings-x2", colored), Read(openmoji, Largest, int.MaxValue, only: "color")),
        ];
    }

    /// <summary>Real pictures of kinds that it doesn't learn from.</summary>
    public static IReadOnlyList<DetectorSource> Others(string data, int count) =>
    [
        new("cifar10-jpg", [], Read(Path.Combine(data, "cifar10-jpg", "cifar10-jpg.tar.gz"), Small, count, "train")),
        new("flowers-128, at 64 px", [], Read(Path.Combine(data, "flowers-128", "flowers-128-train.zip"), Large, count)),
        new("flowers-128", [], Read(Path.Combine(data, "flowers-128", "flowers-128-train.zip"), Largest, count)),
        new("sr-train-bsds400, at 128 px", [], Read(Path.Combine(data, "sr-train-bsds400"), Largest, count, "all")),
        new("facades-cmp, at 256 px", [], Read(Path.Combine(data, "facades-cmp", "facades-train.zip"), 256, count, only: "photo")),
        new("mnist", [], Read(Path.Combine(data, "mnist"), Small, count, "train")),
    ];

    /// <summary>A picture as it would come: as it is, or through a JPEG of some quality. Made and real ones alike, else it would learn the
    /// encoder.</summary>
    public static Image<Rgb24> Encoded(Image<Rgb24> picture, Random random)
    {
        if (random.Next(2) == 0)
            return picture.Clone();
        using var file = new MemoryStream();
        picture.Save(file, new JpegEncoder { Quality = random.Next(70, 96) });
        file.Position = 0;
        return Image.Load<Rgb24>(file);
    }

    /// <summary>Values −1 … 1, channel by channel, of a square of a picture.</summary>
    public static void CopyTo(Image<Rgb24> picture, int x, int y, int width, int height, Span<float> values)
    {
        var area = width * height;
        for (var row = 0; row < height; row++)
            for (var column = 0; column < width; column++)
            {
                var (pixel, place) = (picture[x + column, y + row], row * width + column);
                values[place] = pixel.R / 127.5f - 1;
                values[area + place] = pixel.G / 127.5f - 1;
                values[2 * area + place] = pixel.B / 127.5f - 1;
            }
    }

    private static List<Image<Rgb24>> Generate(string model, int count)
    {
        using var generator = ImageGenerator.Load(Path.Combine("models", model), new() { Device = Device.Cpu });
        var samples = Enumerable.Range(0, count).Select(i => new Sample(Seed, (ulong)i));
        var pictures = new List<Image<Rgb24>>();
        foreach (var batch in generator.Stream(samples))
            for (var i = 0; i < batch.Count; i++)
            {
                using var image = batch.ToImage(i);
                pictures.Add(image.CloneAs<Rgb24>());
            }
        return pictures;
    }

    private static List<Image<Rgb24>> Translate(string model, IReadOnlyList<Image<Rgb24>> inputs)
    {
        using var translator = ImageTranslator.Load(Path.Combine("models", model), new() { Device = Device.Cpu });
        var pictures = new List<Image<Rgb24>>();
        foreach (var some in inputs.Chunk(32))
            foreach (var image in translator.Translate([.. some.Select(input => input.CloneAs<Rgba32>())]))
                using (image)
                    pictures.Add(image.CloneAs<Rgb24>());
        return pictures;
    }

    private static List<Image<Rgb24>> Read(string data, int size, int count, string? split = null, string? only = null)
    {
        using var source = ImageSources.Open(data, new DataOptions { Split = split }, default);
        var wanted = Enumerable.Range(0, source.Count).Where(i => only is null || source.Classes[source.LabelOf(i)] == only).ToArray();
        // In no order that means something.
        new Random(0).Shuffle(wanted);
        var channels = source.Channels == 1 ? 1 : 3;
        return [.. wanted.Take(count).Order().Select(i => channels == 3 ? Image.LoadPixelData<Rgb24>(source.Read(i, size, 3), size, size)
            : Grey(source.Read(i, size, 1), size))];
    }

    private static Image<Rgb24> Grey(byte[] pixels, int size)
    {
        using var grey = Image.LoadPixelData<L8>(pixels, size, size);
        return grey.CloneAs<Rgb24>();
    }
}
