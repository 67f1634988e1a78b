using System.Globalization;
using AugmentClass;
using GanOnnx.Imaging;
using GanOnnx.Inference;
using Microsoft.ML;
using Samples;

const int Shown = 8;

if (args is not [var modelPath, var folder, var asked, var number, var previewPath, var classifierPath]
    || !int.TryParse(number, out var kept) || kept < 1)
{
    Console.Error.WriteLine("Usage: AugmentClass MODEL IDX-FOLDER CLASS REAL-IMAGES PREVIEW.png CLASSIFIER.zip");
    return 2;
}

try
{
    Run();
    return 0;
}
catch (Exception e) when (e is ModelException or ImageException or IOException or InvalidDataException or UnauthorizedAccessException)
{
    Console.Error.WriteLine(PlainText.Of(e.Message));
    return 2;
}

void Run()
{
    ModelDescription model;
    using (var generator = ImageGenerator.Load(modelPath, new() { Device = Device.Cpu }))
        model = generator.Model;
    var rare = model.FindLabel(asked);
    string Name(int label) => label < model.Classes.Count ? model.Classes[label] : $"{label}";

    var (data, test) = (new IdxImages(folder), new IdxImages(folder, "t10k"));
    if (model is not { Channels: 1, Height: { } height, Width: { } width } || height < data.Height || width < data.Width)
        throw new InvalidDataException($"'{model.Path}' makes {string.Join(", ", model.Outputs)}; "
            + $"grey images of {data.Height} × {data.Width} or more are expected, as in '{folder}'. Choose another model.");

    // The class is made rare: only its first images are kept.
    var seen = 0;
    var images = Enumerable.Range(0, data.Labels.Count).Where(i => data.Labels[i] != rare || seen++ < kept).ToList();
    var missing = images.GroupBy(i => data.Labels[i]).Max(c => c.Count()) - images.Count(i => data.Labels[i] == rare);
    if (missing == 0)
        throw new InvalidDataException($"The class {Name(rare)} is not rare in '{folder}'. Keep fewer of its images than {kept}.");

    var context = new MLContext(seed: 0);
    var real = images.Select(i => new LabelledImage { Label = Name(data.Labels[i]), Image = data.Centred(i, height, width) });
    using var generated = context.Data.GenerateImages(modelPath, missing, seed: 0, labels: [Name(rare)]);
    var rows = AugmentedRows.Append(context, real, generated);

    // One pass over the rows, as a trainer would make it: the images are generated in it.
    Dictionary<string, (int Real, int Generated)> counts = [];
    List<LabelledImage> preview = [];
    foreach (var row in context.Data.CreateEnumerable<LabelledImage>(rows, reuseRowObject: false))
    {
        var (before, added) = counts.GetValueOrDefault(row.Label);
        counts[row.Label] = row.IsGenerated ? (before, added + 1) : (before + 1, added);
        if (row.Label == Name(rare) && preview.Count(p => p.IsGenerated == row.IsGenerated) < Shown)
            preview.Add(row);
    }

    Console.WriteLine($"{"class",-16} {"real",8} {"generated",10} {"together",9}");
    foreach (var (label, (before, added)) in counts.OrderBy(c => c.Key, StringComparer.Ordinal))
        Console.WriteLine($"{PlainText.Of(label),-16} {before,8} {added,10} {before + added,9}");

    var batch = new ImageBatch([.. preview.SelectMany(p => p.Image)], preview.Count, 1, height, width);
    using var grid = ImageGrid.Compose(batch, new() { Columns = Math.Min(Shown, kept) });
    ImageFile.Save(grid, previewPath, new()
    {
        Provenance = new()
        {
            DigitalSourceType = Provenance.CompositeWithTrainedAlgorithmicMedia,
            ModelSha256 = model.Sha256,
            Seeds = "0",
        },
    });
    Console.WriteLine(PlainText.Of($"{previewPath}: the first images of {Name(rare)}, real ones above generated ones"));

    // Whether the generated rows help shows on real images that neither the GAN nor the classifiers saw.
    var imageType = rows.Schema[nameof(LabelledImage.Image)].Type;
    var tested = AugmentedRows.Of(context, Enumerable.Range(0, test.Labels.Count)
        .Select(i => new LabelledImage { Label = Name(test.Labels[i]), Image = test.Centred(i, height, width) }), imageType);
    string[] truth = [.. test.Labels.Select(label => Name(label))];
    var alone = ImageClassification.Train(context, AugmentedRows.Of(context, real, imageType));
    var augmented = ImageClassification.Train(context, rows);
    Report("real rows alone", ImageClassification.Recognise(context, alone, tested));
    var recognised = ImageClassification.Recognise(context, augmented, tested);
    Report("with generated rows", recognised);

    context.Model.Save(augmented, rows.Schema, classifierPath);
    var loaded = context.Model.Load(classifierPath, out _);
    var same = ImageClassification.Recognise(context, loaded, tested).Zip(recognised).Count(pair => pair.First == pair.Second);
    Console.WriteLine(PlainText.Of($"{classifierPath}: loaded again, it takes {same} of {truth.Length} test images for the same"));

    void Report(string what, string[] found)
    {
        double Share(Func<string, bool> of) => found.Zip(truth).Where(pair => of(pair.Second))
            .Average(pair => pair.First == pair.Second ? 100.0 : 0);
        var (all, ofRare) = (Share(_ => true), Share(name => name == Name(rare)));
        Console.WriteLine(PlainText.Of(string.Create(CultureInfo.InvariantCulture,
            $"{what}: {all:0.0} % of the test images are recognised, {ofRare:0.0} % of {Name(rare)}")));
    }
}
