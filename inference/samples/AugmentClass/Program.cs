using AugmentClass;
using GanOnnx.Imaging;
using GanOnnx.Inference;
using Microsoft.ML;
using Samples;

const int Shown = 8;

if (args is not [var modelPath, var folder, var asked, var number, var previewPath] || !int.TryParse(number, out var kept) || kept < 1)
{
    Console.Error.WriteLine("Usage: AugmentClass MODEL IDX-FOLDER CLASS REAL-IMAGES PREVIEW.png");
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

    var data = new IdxImages(folder);
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
}
