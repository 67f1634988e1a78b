using GanOnnx.Onnx;
using Microsoft.ML.Data;
using static GanOnnx.Onnx.TensorProto.Types;

namespace GanOnnx.ML.Tests;

/// <summary>The same columns, types and values as ApplyOnnxModel's.</summary>
public sealed class ApplyOnnxModelBatchedTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly ModelFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Test]
    public void It_does_what_ApplyOnnxModel_does([Values(1, 7, 16)] int batch)
    {
        var path = _folder.Save(Tables.TwoOutputs());
        var data = _ml.Data.LoadFromEnumerable(TableRow.Create(50));
        using var stock = _ml.Transforms.ApplyOnnxModel(["looked up", "double"], ["x", "index"], path).Fit(data);
        using var ours = _ml.Transforms.ApplyOnnxModelBatched(["looked up", "double"], ["x", "index"], path, new() { BatchSize = batch })
            .Fit(data);
        var (expected, made) = (stock.Transform(data), ours.Transform(data));
        Assert.That(made.Schema.Select(c => $"{c}"), Is.EqualTo(expected.Schema.Select(c => $"{c}")));
        foreach (var column in new[] { "double", "looked up" })
            Assert.That(made.GetColumn<float[]>(column), Is.EqualTo(expected.GetColumn<float[]>(column)));
    }

    [Test]
    public void An_image_keeps_the_batch_axis_in_its_type()
    {
        var path = _folder.Save(TestModels.Generator());
        var data = _ml.Data.LoadFromEnumerable(LatentRow.Create(1));
        var named = _ml.Transforms.CopyColumns("z", "Latent").Fit(data).Transform(data);
        using var stock = _ml.Transforms.ApplyOnnxModel("image", "z", path).Fit(named);
        using var ours = _ml.Transforms.ApplyOnnxModelBatched("image", "z", path).Fit(named);
        Assert.That(ours.GetOutputSchema(named.Schema)["image"].Type, Is.EqualTo(stock.GetOutputSchema(named.Schema)["image"].Type));
        Assert.That(ours.GetOutputSchema(named.Schema)["image"].Type.ToString(), Is.EqualTo("Vector<Single, 1, 3, 16, 16>"));
    }

    [Test]
    public void No_names_mean_all()
    {
        var data = _ml.Data.LoadFromEnumerable(TableRow.Create(3));
        using var ours = _ml.Transforms.ApplyOnnxModelBatched([], [], _folder.Save(Tables.TwoOutputs())).Fit(data);
        Assert.That(ours.GetOutputSchema(data.Schema).Select(c => c.Name), Is.EqualTo(["x", "index", "double", "looked up"]));
    }

    [Test]
    public void Bytes_stay_bytes()
    {
        var path = _folder.Save(new ModelBuilder().Input("raw", DataType.Uint8, "N", 4).Node("Identity", ["raw"], "same")
            .Output("same", DataType.Uint8, "N", 4));
        var data = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 20).Select(i => new ByteRow { Raw = [(byte)i, 1, 2, 255] }));
        using var ours = _ml.Transforms.ApplyOnnxModelBatched("same", "raw", path).Fit(data);
        Assert.That(ours.Transform(data).GetColumn<byte[]>("same"), Is.EqualTo(data.GetColumn<byte[]>("raw")));
    }

    [Test]
    public void A_fixed_batch_of_one_is_run_one_row_at_a_time()
    {
        var path = _folder.Save(new ModelBuilder().Input("x", DataType.Float, 1, 2).Node("Neg", ["x"], "y")
            .Output("y", DataType.Float, 1, 2));
        var data = _ml.Data.LoadFromEnumerable(TableRow.Create(40));
        using var ours = _ml.Transforms.ApplyOnnxModelBatched("y", "x", path, new() { BatchSize = 16 }).Fit(data);
        Assert.That(ours.BatchSize, Is.EqualTo(1));
        Assert.That(ours.Transform(data).GetColumn<float[]>("y").Select(v => v[1]),
            Is.EqualTo(Enumerable.Range(0, 40).Select(i => -2f * i)));
    }

    [Test]
    public void A_model_whose_outputs_nobody_reads_is_not_run()
    {
        var rows = TableRow.Create(20);
        foreach (var row in rows)
            row.Index = [99];
        var data = _ml.Data.LoadFromEnumerable(rows);
        using var ours = _ml.Transforms.ApplyOnnxModelBatched(["double", "looked up"], ["x", "index"], _folder.Save(Tables.TwoOutputs()))
            .Fit(data);
        Assert.That(() => ours.Transform(data).GetColumn<float[]>("x").Count(), Throws.Nothing);
        Assert.That(() => ours.Transform(data).GetColumn<float[]>("looked up").Count(), Throws.TypeOf<ModelException>());
    }

    [Test]
    public void A_scalar_fills_a_tensor_of_one_value_per_row()
    {
        var data = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 20).Select(i => new ScalarRow { X = [i, 0], Index = i % 10 }));
        using var ours = _ml.Transforms.ApplyOnnxModelBatched(["looked up"], ["x", "index"], _folder.Save(Tables.TwoOutputs())).Fit(data);
        var made = ours.Transform(data).GetColumn<float[]>("looked up").ToList();
        Assert.That(made[13], Is.EqualTo(made[3]).And.Not.EqualTo(made[4]));
    }

    [Test]
    public void Names_of_ML_NETs_own_exporter_lose_their_suffix()
    {
        var path = _folder.Save(new ModelBuilder().Input("x", DataType.Float, "N", 2).Node("Neg", ["x"], "Score.output")
            .Output("Score.output", DataType.Float, "N", 2));
        var data = _ml.Data.LoadFromEnumerable(TableRow.Create(2));
        using var stock = _ml.Transforms.ApplyOnnxModel("Score.output", "x", path).Fit(data);
        using var ours = _ml.Transforms.ApplyOnnxModelBatched("Score.output", "x", path).Fit(data);
        Assert.That(ours.GetOutputSchema(data.Schema).Last().Name, Is.EqualTo("Score"));
        Assert.That(stock.GetOutputSchema(data.Schema).Last().Name, Is.EqualTo("Score"));
    }

    private sealed class ScalarRow
    {
        [ColumnName("x"), VectorType(2)]
        public float[] X { get; set; } = [];

        [ColumnName("index")]
        public long Index { get; set; }
    }

    private sealed class ByteRow
    {
        [ColumnName("raw"), VectorType(4)]
        public byte[] Raw { get; set; } = [];
    }
}
