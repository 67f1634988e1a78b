using GanOnnx.Imaging;
using GanOnnx.Inference;
using GanOnnx.Trust;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;
using SixLabors.ImageSharp.Processing.Processors.Transforms;

namespace GanOnnx.Benchmarks.Trust;

/// <summary>What is left of a watermark, what it costs, and where one is seen that isn't there. It was made on the set of photographs and a
/// hundred icons, which are not measured; false positives are looked for in all sets.</summary>
internal static class WatermarkBenchmark
{
    private static readonly IResampler _bilinear = KnownResamplers.Triangle;

    private static readonly (string Name, Func<Image<Rgb24>, Random, Image<Rgb24>> Make)[] _ways =
    [
        ("nothing", (image, _) => image.Clone()),
        ("JPEG 90 (4:4:4), as gan writes it", (image, _) => Image.Load<Rgb24>(ImageFile.Encode(image, ".jpg"))),
        ("JPEG 75, ImageSharp (4:2:0)", (image, _) => Encoded(image, Jpeg(75))),
        ("JPEG 50, ImageSharp (4:2:0)", (image, _) => Encoded(image, Jpeg(50))),
        ("half as large and back", (image, _) => Resized(Resized(image, 0.5, KnownResamplers.Bicubic), 2, KnownResamplers.Bicubic)),
        ("a tenth of width and height cut off", Cropped),
        ("the same, then JPEG 75", (image, random) => Encoded(Cropped(image, random), Jpeg(75))),
        ("noise, σ = 5", Noisy),
        ("shown at 125 %, JPEG 85", (image, _) => Encoded(Resized(image, 1.25, _bilinear), Jpeg(85))),
        ("shown at 110 %, JPEG 85", (image, _) => Encoded(Resized(image, 1.1, _bilinear), Jpeg(85))),
        ("shown at 80 %, JPEG 85", (image, _) => Encoded(Resized(image, 0.8, _bilinear), Jpeg(85))),
        ("shown at 150 %, a tenth cut off, JPEG 85", (image, random) => Encoded(Cropped(Resized(image, 1.5, _bilinear), random), Jpeg(85))),
        ("contrast 80 %, brightness 110 %", (image, _) => image.Clone(context => context.Contrast(0.8f).Brightness(1.1f))),
        ("shown at 115 %", (image, _) => Resized(image, 1.15, _bilinear)),
        ("turned by 1°", (image, _) => image.Clone(context => context.Rotate(1))),
        ("mirrored", (image, _) => image.Clone(context => context.Flip(FlipMode.Horizontal))),
    ];

    /// <summary>The tables of <c>docs/trust.md</c>.</summary>
    /// <param name="count">Pictures of a set.</param>
    /// <param name="real">Real pictures of a size, in which there is no mark.</param>
    /// <param name="rounds">Of measuring time.</param>
    public static void Run(int count, int real, int rounds)
    {
        if (count > 0)
            Decode(count);
        if (real > 0)
            foreach (var size in new[] { 128, 256 })
                FalsePositives(size, real);
        if (rounds > 0)
            Speed(rounds);
    }

    private static void Decode(int count)
    {
        var sets = new (string Name, Image<Rgb24>[] Pictures)[]
        {
            ("flowers, 128 px", [.. RealPictures.Of("flowers", count)]),
            ("emoji made by outline-to-emoji, 128 px", Translated("outline-to-emoji", count, outlines => outlines)),
            ("facades, 256 px", [.. RealPictures.Of("facades", count)]),
            ("those emoji by drawings-x2, 256 px", Translated("drawings-x2", count,
                _ => Translated("outline-to-emoji", count, made => made))),
            ("facades enlarged, 512 px",
                [.. RealPictures.Of("facades", count / 2).Select(image => Resized(image, 2, KnownResamplers.Bicubic))]),
        };
        foreach (var strength in Enum.GetValues<WatermarkStrength>())
        {
            var columns = Array.ConvertAll(sets, set => Column(set.Pictures, strength));
            Console.WriteLine($"| {strength} | {string.Join(" | ", sets.Select(set => $"{set.Name} ({set.Pictures.Length})"))} |");
            Console.WriteLine($"|---|{string.Concat(sets.Select(_ => "---|"))}");
            foreach (var (row, name) in columns[0].Keys.Index())
                Console.WriteLine($"| {name} | {string.Join(" | ", columns.Select(column => column[name]))} |");
        }
    }

    private static Image<Rgb24>[] Translated(string model, int count, Func<Image<Rgb24>[], Image<Rgb24>[]> before)
    {
        using var translator = ImageTranslator.Load($"models/{model}", new() { Device = Device.Cpu });
        var pictures = before([.. RealPictures.Of("outlines", count)]);
        return [.. pictures.Select(picture => translator.Translate([picture])[0].CloneAs<Rgb24>())];
    }

    private static Dictionary<string, string> Column(Image<Rgb24>[] pictures, WatermarkStrength strength)
    {
        var folder = Directory.CreateTempSubdirectory("ganonnx-watermark-").FullName;
        var marked = pictures.Select((picture, i) => (Image<Rgb24>)Watermark.Embed(picture, PayloadOf(i), strength)).ToArray();
        var psnr = pictures.Select((picture, i) => Psnr(picture, marked[i])).Order().ToArray();
        var rows = new Dictionary<string, string>
        {
            ["PSNR in dB, lowest and median"] = FormattableString.Invariant($"{psnr[0]:0.0}, {psnr[psnr.Length / 2]:0.0}"),
        };
        foreach (var (name, make) in _ways)
            rows[name] = Share(pictures.Length, i => make(marked[i], new(i)));
        var files = marked.Select((picture, i) => Path.Combine(folder, $"{i:0000}.png")).ToList();
        foreach (var (i, file) in files.Index())
            marked[i].SaveAsPng(file);
        var foreign = TrustBenchmark.Reencode(folder, files, [75]);
        rows["JPEG 75, libjpeg (4:2:0)"] = Share(files.Count, i => Image.Load<Rgb24>(foreign(i, 75)));
        rows["WebP 75, libwebp"] = Share(files.Count, i => Image.Load<Rgb24>(Path.ChangeExtension(foreign(i, 75), ".webp")));
        Directory.Delete(folder, recursive: true);
        Array.ForEach(marked, picture => picture.Dispose());
        return rows;
    }

    // Of how many the bits are read, and of how many others.
    private static string Share(int count, Func<int, Image<Rgb24>> make)
    {
        var (right, wrong) = (0, 0);
        for (var i = 0; i < count; i++)
        {
            using var image = make(i);
            var read = Watermark.Read(image)?.Payload;
            right += read == PayloadOf(i) ? 1 : 0;
            wrong += read is not null && read != PayloadOf(i) ? 1 : 0;
        }
        return FormattableString.Invariant($"{100.0 * right / count:0} %{(wrong > 0 ? $" ({wrong} wrong)" : "")}");
    }

    private static void FalsePositives(int size, int count)
    {
        var agreements = new List<double>();
        var (found, sets) = (0, new List<string>());
        foreach (var (set, square) in RealPictures.Squares(size).Take(count))
            using (square)
            {
                sets.Add(set);
                agreements.Add(Watermark.Readings(square).Max(reading => reading.Agreement));
                found += Watermark.Read(square) is null ? 0 : 1;
            }
        agreements.Sort();
        Console.WriteLine(FormattableString.Invariant($"{size} px: {found} of {agreements.Count} real pictures have a mark; agreement: ")
            + FormattableString.Invariant($"median {agreements[agreements.Count / 2]:0.000}, 99 % below ")
            + FormattableString.Invariant($"{agreements[agreements.Count * 99 / 100]:0.000}, ")
            + FormattableString.Invariant($"largest {agreements[^1]:0.000}; ")
            + string.Join(", ", sets.CountBy(set => set).Select(pair => $"{pair.Value} {pair.Key}")));
    }

    private static void Speed(int rounds)
    {
        using var image = RealPictures.Of("facades", 1).First();
        var size = image.Width;
        TrustBenchmark.Compare($"a JPEG of {size} px", ("unmarked", "marked"), rounds,
        [
            () => Repeat(() => ImageFile.Encode(image, ".jpg")),
            () => Repeat(() =>
            {
                using var marked = Watermark.Embed(image, 1);
                ImageFile.Encode(marked, ".jpg");
            }),
        ]);
        using var marked = Watermark.Embed(image, 1);
        TrustBenchmark.Compare($"reading of {size} px", ("with a mark", "without one"), rounds,
            [() => Repeat(() => Watermark.Read(marked)), () => Repeat(() => Watermark.Read(image))]);
    }

    private static void Repeat(Action work)
    {
        for (var i = 0; i < TrustBenchmark.AtOnce; i++)
            work();
    }

    private static uint PayloadOf(int i) => (uint)i * 2654435761u + 12345;

    // Of red, green and blue.
    private static double Psnr(Image<Rgb24> first, Image<Rgb24> second) =>
        Difference.Between(first, second) is var difference ? 20 * Math.Log10(byte.MaxValue / (difference.Rms * Math.Sqrt(4.0 / 3))) : 0;

    private static JpegEncoder Jpeg(int quality) => new() { Quality = quality, ColorType = JpegColorType.YCbCrRatio420 };

    private static Image<Rgb24> Encoded(Image<Rgb24> image, IImageEncoder encoder)
    {
        using var file = new MemoryStream();
        image.Save(file, encoder);
        file.Position = 0;
        return Image.Load<Rgb24>(file);
    }

    private static Image<Rgb24> Resized(Image<Rgb24> image, double times, IResampler resampler) =>
        image.Clone(context => context.Resize((int)Math.Round(image.Width * times), (int)Math.Round(image.Height * times), resampler));

    // From the left or right and the top or bottom, or something of both.
    private static Image<Rgb24> Cropped(Image<Rgb24> image, Random random)
    {
        var (width, height) = (image.Width / 10, image.Height / 10);
        return image.Clone(context => context.Crop(new Rectangle(random.Next(width + 1), random.Next(height + 1), image.Width - width,
            image.Height - height)));
    }

    private static Image<Rgb24> Noisy(Image<Rgb24> image, Random random)
    {
        const double deviation = 5;
        var pixels = new Rgb24[image.Width * image.Height];
        image.CopyPixelDataTo(pixels);
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = new(Value(pixels[i].R), Value(pixels[i].G), Value(pixels[i].B));
        return Image.LoadPixelData(pixels, image.Width, image.Height);

        byte Value(byte value) => (byte)Math.Clamp(Math.Round(value + deviation * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()))
            * Math.Cos(Math.Tau * random.NextDouble())), 0, byte.MaxValue);
    }
}
