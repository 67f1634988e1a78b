using GanOnnx.Imaging;

namespace GanOnnx.Samples.Tests;

public sealed class GenerateRowsTests : IDisposable
{
    private readonly ModelFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Test]
    public void Each_row_becomes_a_picture_that_says_what_it_was_made_with()
    {
        var model = _folder.Save(GreyClasses.Create(8, "cat", "dog"));
        var (code, output, error) = SampleProgram.Run("GenerateRows", model, _folder.Path, "7:dog", "8:0");

        Assert.That(code, Is.Zero, error);
        string[] files = [Path.Combine(_folder.Path, "seed0007.png"), Path.Combine(_folder.Path, "seed0008.png")];
        Assert.That(output.Split('\n', StringSplitOptions.RemoveEmptyEntries), Is.EqualTo(files));
        using var generator = ImageGenerator.Load(model);
        AssertPicture(files[0], generator, 7, 1);
        AssertPicture(files[1], generator, 8, 0);
        Assert.That(Provenance.Read(files[0]), Is.EqualTo(new Provenance
        {
            Model = "model.onnx",
            ModelSha256 = generator.Model.Sha256,
            Seeds = "7",
            Indices = "0",
        }));
    }

    [Test]
    public void The_shipped_model_needs_no_class()
    {
        var model = Path.Combine(Repository.Root, "models", "fashion-dcgan");
        var (code, _, error) = SampleProgram.Run("GenerateRows", model, _folder.Path, "42");
        Assert.That(code, Is.Zero, error);
        using var generator = ImageGenerator.Load(model);
        AssertPicture(Path.Combine(_folder.Path, "seed0042.png"), generator, 42, null);
        Assert.That(Provenance.Read(Path.Combine(_folder.Path, "seed0042.png"))!.Model, Is.EqualTo("fashion-dcgan"));
    }

    [TestCase("7:cow", "Row 0: '{0}' has no class 'cow'. Its classes are 0 cat, 1 dog; give a name or a number.")]
    [TestCase("seven", "'seven' is no seed. Give a whole number from 0, and a class behind a colon as in 7:Bag.")]
    public void Bad_input_gets_a_sentence(string row, string message)
    {
        var model = _folder.Save(GreyClasses.Create(8, "cat", "dog"));
        var (code, output, error) = SampleProgram.Run("GenerateRows", model, _folder.Path, row);
        Assert.That((code, output, error.TrimEnd()), Is.EqualTo((2, "", string.Format(message, model))));
    }

    private static void AssertPicture(string path, ImageGenerator generator, ulong seed, int? label)
    {
        var expected = generator.Generate(1, seed, label);
        var bytes = new byte[expected.Values.Length];
        expected.CopyBytesTo(0, bytes);
        // Values may differ by 1e-5, so a byte may round the other way.
        Assert.That(ImageReader.Read(path, expected.Height, 1), Is.EqualTo(bytes).Within(1));
    }
}
