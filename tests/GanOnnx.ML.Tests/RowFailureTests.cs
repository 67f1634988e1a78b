using Microsoft.ML.Data;

namespace GanOnnx.ML.Tests;

/// <summary>A row that fails is named with its cause, and the others of its batch are made.</summary>
public sealed class RowFailureTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly ModelFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Test]
    public void A_label_that_no_class_has()
    {
        var path = _folder.Save(TestModels.LabelAsPixel("zero", "one"));
        var view = View(path, [0, 1, 1, 2, 0], "Label");
        Assert.That(Values(view, skip: 3), Is.EqualTo(new float?[] { 0, 1, 1, null, 0 }));
        Assert.That(() => Values(view), Throws.TypeOf<ModelException>().With.Message.EqualTo(
            $"Row 3: '{path}' has no class 2. Its classes are 0 zero, 1 one; give a name or a number."));
    }

    [Test]
    public void A_class_that_there_is_not()
    {
        var path = _folder.Save(TestModels.LabelAsPixel("zero", "one"));
        var rows = new[] { "one", "uno", "zero" }.Select(c => new SeedRow { Class = c });
        var data = _ml.Data.LoadFromEnumerable(rows);
        var view = _ml.Transforms.GenerateImages("Image", path, "Seed", "Class").Fit(data).Transform(data);
        Assert.That(Values(view, skip: 1), Is.EqualTo(new float?[] { 1, null, 0 }));
        Assert.That(() => Values(view), Throws.TypeOf<ModelException>().With.Message.EqualTo(
            $"Row 1: '{path}' has no class 'uno'. Its classes are 0 zero, 1 one; give a name or a number."));
    }

    [Test]
    public void A_negative_label()
    {
        var view = View(_folder.Save(TestModels.LabelAsPixel("zero", "one")), [0, -1], "Label");
        Assert.That(() => Values(view), Throws.TypeOf<ModelException>().With.Message.EqualTo(
            "Row 1: The column 'Label' is -1; at least 0 is expected."));
    }

    [Test]
    public void A_row_that_the_graph_fails_on()
    {
        var path = _folder.Save(Tables.TwoOutputs());
        var rows = TableRow.Create(40);
        rows[21].Index = [10];
        var data = _ml.Data.LoadFromEnumerable(rows);
        using var transformer = _ml.Transforms.ApplyOnnxModelBatched(["double", "looked up"], ["x", "index"], path).Fit(data);
        var view = transformer.Transform(data);
        Assert.That(() => view.GetColumn<float[]>("looked up").Count(), Throws.TypeOf<ModelException>().With.Message.EqualTo(
            $"Row 21: ONNX Runtime failed to run '{path}': the operator Gather says indices element out of data bounds, "
            + "idx=10 must be within the inclusive range [-10,9]."));
    }

    [Test]
    public void A_vector_of_the_wrong_length()
    {
        var path = _folder.Save(TestModels.Generator());
        var data = _ml.Data.LoadFromEnumerable(new[] { 24, 24, 23, 24 }.Select(n => new OpenRow { Latent = new float[n] }));
        using var transformer = _ml.Transforms.GenerateImages("Image", path, "Latent").Fit(data);
        Assert.That(() => transformer.Transform(data).GetColumn<float[]>("Image").Count(),
            Throws.TypeOf<ModelException>().With.Message.EqualTo(
            "Row 2: The column 'Latent' has 23 values; 24 are expected."));
    }

    [Test]
    public void A_latent_that_is_no_number()
    {
        var path = _folder.Save(TestModels.Generator());
        var data = _ml.Data.LoadFromEnumerable(new[] { 0, 1, float.NaN, 3 }.Select(v => new OpenRow { Latent = [v, .. new float[23]] }));
        using var transformer = _ml.Transforms.GenerateImages("Image", path, "Latent").Fit(data);
        Assert.That(Values(transformer.Transform(data), skip: 2), Has.Exactly(3).Not.Null);
        Assert.That(() => Values(transformer.Transform(data)), Throws.TypeOf<ModelException>().With.Message.EqualTo(
            $"Row 2: The latents given to '{path}' hold values that are no numbers (NaN) or infinite. Give finite ones."));
    }

    [Test]
    public void A_source_that_fails_does_so_where_it_fails()
    {
        var path = _folder.Save(TestModels.Generator());
        var data = _ml.Data.LoadFromEnumerable(FailingAfter(20));
        using var transformer = _ml.Transforms.GenerateImages("Image", path, "Seed").Fit(data);
        var made = 0;
        Assert.That(() =>
        {
            foreach (var _ in transformer.Transform(data).GetColumn<float[]>("Image"))
                made++;
        }, Throws.TypeOf<IOException>().With.Message.EqualTo("the disk is gone"));
        Assert.That(made, Is.EqualTo(20));
    }

    [Test]
    public void A_prediction_engine_goes_on_after_a_row_that_fails()
    {
        var path = _folder.Save(TestModels.LabelAsPixel("zero", "one"));
        var data = _ml.Data.LoadFromEnumerable([new SeedRow()]);
        var transformer = _ml.Transforms.GenerateImages("Image", path, "Seed", "Class").Fit(data);
        using var engine = _ml.Model.CreatePredictionEngine<SeedRow, ImageRow>(transformer);
        Assert.That(() => engine.Predict(new() { Class = "two" }),
            Throws.TypeOf<ModelException>().With.Message.Matches("^Row 0: .* has no class 'two'"));
        Assert.That(engine.Predict(new() { Class = "one" }).Image, Is.EqualTo([1]));
    }

    private IDataView View(string path, long[] labels, string column)
    {
        var data = _ml.Data.LoadFromEnumerable(labels.Select(label => new SeedRow { Label = label }));
        return _ml.Transforms.GenerateImages("Image", path, "Seed", column).Fit(data).Transform(data);
    }

    private static float?[] Values(IDataView view, int skip = -1)
    {
        using var cursor = view.GetRowCursor(view.Schema);
        var getter = cursor.GetGetter<VBuffer<float>>(view.Schema["Image"]);
        var values = new List<float?>();
        VBuffer<float> image = default;
        while (cursor.MoveNext())
        {
            if (values.Count != skip)
                getter(ref image);
            values.Add(values.Count == skip ? null : image.GetValues()[0]);
        }
        return [.. values];
    }

    private static IEnumerable<SeedRow> FailingAfter(int rows)
    {
        for (var i = 0; i < rows; i++)
            yield return new() { Seed = (ulong)i };
        throw new IOException("the disk is gone");
    }

    private sealed class OpenRow
    {
        public float[] Latent { get; set; } = [];
    }
}
