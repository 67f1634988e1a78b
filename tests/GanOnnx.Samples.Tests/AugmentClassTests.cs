using System.Buffers.Binary;
using AugmentClass;
using GanOnnx.Imaging;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanOnnx.Samples.Tests;

public sealed class AugmentClassTests : IDisposable
{
    private static readonly string[] _garments =
        ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"];

    private readonly ModelFolder _folder = new();

    private string Picture => Path.Combine(_folder.Path, "picture.png");

    private string Zip => Path.Combine(_folder.Path, "classifier.zip");

    public void Dispose() => _folder.Dispose();

    [Test]
    public void A_rare_class_gets_as_many_rows_as_the_largest()
    {
        var model = _folder.Save(GreyClasses.Create(8, "cat", "dog", "owl"));
        WriteIdx(labels: [0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 2], rows: 6, columns: 6);
        var preview = Path.Combine(_folder.Path, "preview.png");
        var (code, output, error) = SampleProgram.Run("AugmentClass", model, _folder.Path, "owl", "2", preview, Zip);

        Assert.That(code, Is.Zero, error);
        Assert.That(Table(output), Is.EqualTo(["class real generated together", "cat 5 0 5", "dog 3 0 3", "owl 2 3 5"]));

        var provenance = Provenance.Read(preview)!;
        Assert.That(provenance.DigitalSourceType, Is.EqualTo(Provenance.CompositeWithTrainedAlgorithmicMedia));
        using var generator = ImageGenerator.Load(model);
        Assert.That(provenance.ModelSha256, Is.EqualTo(generator.Model.Sha256));
    }

    [Test]
    public void A_classifier_learns_the_rare_class_from_generated_rows_and_is_saved_and_loaded()
    {
        var model = _folder.Save(GreyClasses.Create(8, "cat", "dog", "owl"));
        using (var generator = ImageGenerator.Load(model, new() { Device = Device.Cpu }))
        {
            WriteImages(generator, "train", seed: 100, [.. Enumerable.Range(0, 60).Select(i => (byte)(i % 3))]);
            WriteImages(generator, "t10k", seed: 101, [.. Enumerable.Range(0, 90).Select(i => (byte)(i % 3))]);
        }
        var (code, output, error) = SampleProgram.Run("AugmentClass", model, _folder.Path, "owl", "1", Picture, Zip);

        Assert.That(code, Is.Zero, error);
        Assert.That(output, Does.Match("real rows alone: .* % of the test images are recognised, .* % of owl\n"));
        Assert.That(output, Does.Contain("with generated rows: 100.0 % of the test images are recognised, 100.0 % of owl\n"),
            "the classes of this model are easily told apart");
        Assert.That(output, Does.EndWith($"{Zip}: loaded again, it takes 90 of 90 test images for the same\n"));

        // Any app with ML.NET loads it.
        var context = new MLContext();
        var classifier = context.Model.Load(Zip, out var schema);
        Assert.That(schema["Image"].Type, Is.EqualTo(new VectorDataViewType(NumberDataViewType.Single, 1, 8, 8)));
        using var owls = context.Data.GenerateImages(model, 20, seed: 5, labels: ["owl"]);
        Assert.That(classifier.Transform(owls).GetColumn<string>("Recognised"), Has.All.EqualTo("owl"));
    }

    [Test]
    public void What_a_class_would_make_a_terminal_do_is_shown()
    {
        var model = _folder.Save(GreyClasses.Create(8, "cat\e[31m", "dog\u202e", "owl\a"));
        WriteIdx(labels: [0, 0, 0, 1, 1, 2, 2], rows: 6, columns: 6);
        var (code, output, error) = SampleProgram.Run("AugmentClass", model, _folder.Path, "2", "1", Picture, Zip);
        var (_, _, refusal) = SampleProgram.Run("AugmentClass", model, _folder.Path, "cow", "1", Picture, Zip);
        var (_, _, rows) = SampleProgram.Run("GenerateRows", model, _folder.Path, "7:cow");

        Assert.That(code, Is.Zero, error);
        Assert.That(output, Does.Contain(@"cat\u001b[31m").And.Contain(@"dog\u202e").And.Contain(@"images of owl\u0007, "));
        Assert.That(refusal, Does.Contain(@"0 cat\u001b[31m, 1 dog\u202e, 2 owl\u0007"));
        Assert.That(rows, Does.Contain(@"0 cat\u001b[31m, 1 dog\u202e, 2 owl\u0007"));
        Assert.That((output + refusal + rows).Where(c => c != '\n' && (char.IsControl(c) || c == '\u202e')), Is.Empty);
    }

    [Test]
    public void Fashion_mnist_with_a_rare_class()
    {
        var data = RealData.Folder("fashion-mnist");
        var model = _folder.Save(GreyClasses.Create(32, _garments));
        var (code, output, error) = SampleProgram.Run("AugmentClass", model, data, "bag", "100", Picture, Zip);

        Assert.That(code, Is.Zero, error);
        Assert.That(Table(output), Does.Contain("Bag 100 5900 6000").And.Contain("Coat 6000 0 6000").And.Contain(
            "T-shirt/top 6000 0 6000"));
    }

    [Test]
    public void The_rows_are_the_real_ones_and_then_the_generated_ones_ready_for_a_trainer()
    {
        var model = _folder.Save(GreyClasses.Create(4, "cat", "dog"));
        var context = new MLContext(seed: 1);
        LabelledImage[] real = [new() { Label = "cat", Image = new float[16] }, new() { Label = "dog", Image = new float[16] }];
        using var generated = context.Data.GenerateImages(model, 20, seed: 3, labels: ["dog"]);
        var rows = AugmentedRows.Append(context, real, generated);

        Assert.That(rows.Schema["Label"].Type, Is.EqualTo(TextDataViewType.Instance));
        Assert.That(rows.Schema["Image"].Type, Is.EqualTo(new VectorDataViewType(NumberDataViewType.Single, 1, 4, 4)));
        Assert.That(rows.GetColumn<string>("Label"), Is.EqualTo(new[] { "cat" }.Concat(Enumerable.Repeat("dog", 21))));
        Assert.That(rows.GetColumn<bool>("IsGenerated"), Is.EqualTo(new[] { false, false }.Concat(Enumerable.Repeat(true, 20))));
        using var generator = ImageGenerator.Load(model, new() { Device = Device.Cpu });
        // 1e-5: batches of other sizes sum in another order.
        Assert.That(rows.GetColumn<float[]>("Image").Skip(2).SelectMany(i => i),
            Is.EqualTo(generator.Generate(20, seed: 3, label: 1).Values.ToArray()).Within(1e-5));
        Assert.That(context.Data.TakeRows(context.Data.ShuffleRows(rows, seed: 2), 22).GetColumn<bool>("IsGenerated"), Is.Not.Ordered,
            "it can be shuffled");
    }

    [TestCase("cow", "8", "'{0}' has no class 'cow'. Its classes are 0 cat, 1 dog, 2 owl; give a name or a number.")]
    [TestCase("owl", "4", "The class owl is not rare in '{1}'. Keep fewer of its images than 4.")]
    public void Bad_input_gets_a_sentence(string name, string kept, string message)
    {
        var model = _folder.Save(GreyClasses.Create(8, "cat", "dog", "owl"));
        WriteIdx(labels: [0, 1, 2, 2, 2, 2], rows: 6, columns: 6);
        var (code, output, error) = SampleProgram.Run("AugmentClass", model, _folder.Path, name, kept, Picture, Zip);
        Assert.That((code, output, error.TrimEnd()), Is.EqualTo((2, "", string.Format(message, model, _folder.Path))));
    }

    [Test]
    public void A_model_of_smaller_images_is_refused()
    {
        var model = _folder.Save(GreyClasses.Create(4, "cat", "dog"));
        WriteIdx(labels: [0, 1], rows: 6, columns: 6);
        var (code, _, error) = SampleProgram.Run("AugmentClass", model, _folder.Path, "cat", "1", Picture, Zip);
        Assert.That((code, error.TrimEnd()),
            Is.EqualTo((2, $"'{model}' makes image float32 [N, 1, 4, 4]; grey images of 6 × 6 or more are expected, "
            + $"as in '{_folder.Path}'. Choose another model.")));
    }

    private static string[] Table(string output) =>
        [.. output.Split('\n').TakeWhile(line => !line.Contains(": ", StringComparison.Ordinal))
            .Select(l => string.Join(' ', l.Split(' ', StringSplitOptions.RemoveEmptyEntries)))];

    private void WriteImages(ImageGenerator generator, string part, ulong seed, byte[] labels)
    {
        var (height, width) = (generator.Model.Height!.Value, generator.Model.Width!.Value);
        var pixels = new byte[labels.Length * height * width];
        for (var i = 0; i < labels.Length; i++)
            generator.Generate(1, new Sample(seed, (ulong)i, labels[i])).CopyBytesTo(0, pixels.AsSpan(i * height * width));
        WriteIdx(part, labels, height, width, pixels);
    }

    // Both parts alike.
    private void WriteIdx(byte[] labels, int rows, int columns)
    {
        foreach (var part in new[] { "train", "t10k" })
            WriteIdx(part, labels, rows, columns, [.. Enumerable.Range(0, labels.Length * rows * columns).Select(i => (byte)i)]);
    }

    private void WriteIdx(string part, byte[] labels, int rows, int columns, byte[] pixels)
    {
        Write($"{part}-labels-idx1-ubyte", [0x801, labels.Length], labels);
        Write($"{part}-images-idx3-ubyte", [0x803, labels.Length, rows, columns], pixels);
    }

    private void Write(string name, int[] header, byte[] content)
    {
        var bytes = new byte[4 * header.Length + content.Length];
        for (var i = 0; i < header.Length; i++)
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4 * i), header[i]);
        content.CopyTo(bytes, 4 * header.Length);
        File.WriteAllBytes(Path.Combine(_folder.Path, name), bytes);
    }
}
