using System.Security.Cryptography;
using GanOnnx.Imaging;
using GanOnnx.Inference;
using GanOnnx.ML;
using GenerateRows;
using Microsoft.ML;
using Microsoft.ML.Data;
using Samples;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

if (args is not [var model, var folder, _, ..])
{
    Console.Error.WriteLine("Usage: GenerateRows MODEL FOLDER SEED[:CLASS] …");
    return 2;
}

try
{
    Run([.. args[2..].Select(Request.Parse)]);
    return 0;
}
catch (Exception e) when (e is ModelException or ImageException or FormatException)
{
    Console.Error.WriteLine(PlainText.Of(e.Message));
    return 2;
}

void Run(Request[] requests)
{
    var context = new MLContext();
    // Without a class each seed draws its own, if the model has classes.
    var labelColumn = requests.Any(r => r.Label.Length > 0) ? nameof(Request.Label) : null;
    var pipeline = context.Transforms.GenerateImages(
        nameof(Picture.Image), model, nameof(Request.Seed), labelColumn, new() { Pixels = PixelType.Byte, BatchSize = 1, Parallelism = 1 });
    var transformer = pipeline.Fit(context.Data.LoadFromEnumerable<Request>([]));
    // It disposes of the transformer.
    using var engine = context.Model.CreatePredictionEngine<Request, Picture>(transformer);

    var file = Directory.Exists(model) ? Path.Combine(model, "model.onnx") : model;
    var hash = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)));
    var shape = ((VectorDataViewType)engine.OutputSchema[nameof(Picture.Image)].Type).Dimensions;
    foreach (var request in requests)
    {
        var pixels = engine.Predict(request).Image;
        using Image image = shape[2] == 1
            ? Image.LoadPixelData<L8>(pixels, shape[1], shape[0])
            : Image.LoadPixelData<Rgb24>(pixels, shape[1], shape[0]);
        var path = Path.Combine(folder, $"seed{request.Seed:0000}.png");
        ImageFile.Save(image, path, new()
        {
            Provenance = new()
            {
                Model = Path.GetFileName(Path.GetFullPath(model)),
                ModelSha256 = hash,
                Seeds = $"{request.Seed}",
                Indices = "0"
            },
        });
        Console.WriteLine(PlainText.Of(path));
    }
}
