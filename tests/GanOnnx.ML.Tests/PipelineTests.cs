using Microsoft.ML.Data;

namespace GanOnnx.ML.Tests;

/// <summary>Everything that ML.NET does with a view, a transformer or an estimator.</summary>
public sealed class PipelineTests : IDisposable
{
    private const int Count = 50;

    private readonly MLContext _ml = new(seed: 1);
    private readonly ModelFolder _folder = new();
    private readonly string _path;
    private readonly IDataView _data;
    private readonly BatchedOnnxTransformer _transformer;
    private readonly IDataView _images;
    private readonly ImageBatch _expected;

    public PipelineTests()
    {
        _path = _folder.Save(TestModels.Generator(TestModels.Metadata));
        var rows = LatentRow.Create(Count);
        _data = _ml.Data.LoadFromEnumerable(rows);
        _transformer = _ml.Transforms.GenerateImages("Image", _path, "Latent").Fit(_data);
        _images = _transformer.Transform(_data);
        using var generator = ImageGenerator.Load(_path, new() { Device = Device.Cpu });
        _expected = generator.FromLatents(rows.SelectMany(r => r.Latent).ToArray());
    }

    public void Dispose()
    {
        _transformer.Dispose();
        _folder.Dispose();
    }

    [TestCase(true)]
    [TestCase(false)]
    public void CreateEnumerable(bool reuse)
    {
        var i = 0;
        foreach (var row in _ml.Data.CreateEnumerable<NamedImageRow>(_images, reuse))
            AssertRow(row, i++);
        Assert.That(i, Is.EqualTo(Count));
    }

    [Test]
    public void GetColumn() => GenerateImagesTests.AssertImages(_images.GetColumn<float[]>("Image"), _expected);

    [Test]
    public void Preview()
    {
        var preview = _images.Preview(maxRows: 20);
        Assert.That(preview.RowView, Has.Length.EqualTo(20));
        Assert.That(preview.RowView[19].Values.Last().Key, Is.EqualTo("Image"));
        Assert.That(((VBuffer<float>)preview.RowView[19].Values.Last().Value).DenseValues(),
            Is.EqualTo(_expected[19].ToArray()).Within(1e-5));
    }

    [Test]
    public void Append_on_both_sides()
    {
        var pipeline = _ml.Transforms.CopyColumns("Latent copy", "Latent")
            .Append(_ml.Transforms.GenerateImages("Image", _path, "Latent copy"))
            .Append(_ml.Transforms.CopyColumns("Picture", "Image"));
        using var model = pipeline.Fit(_data);
        GenerateImagesTests.AssertImages(model.Transform(_data).GetColumn<float[]>("Picture"), _expected);
    }

    [Test]
    public void A_generator_behind_a_generator()
    {
        var pipeline = _ml.Transforms.GenerateImages("First", _path, "Latent")
            .Append(_ml.Transforms.GenerateImages("Second", _path, "Latent"));
        using var model = pipeline.Fit(_data);
        var view = model.Transform(_data);
        GenerateImagesTests.AssertImages(view.GetColumn<float[]>("First"), _expected);
        GenerateImagesTests.AssertImages(view.GetColumn<float[]>("Second"), _expected);
    }

    [Test]
    public void A_second_fit_has_a_model_of_its_own()
    {
        var estimator = _ml.Transforms.GenerateImages("Image", _path, "Latent");
        estimator.Fit(_data).Dispose();
        using var second = estimator.Fit(_data);
        GenerateImagesTests.AssertImages(second.Transform(_data).GetColumn<float[]>("Image"), _expected);
    }

    [Test]
    public void Cache()
    {
        var source = new CountingView(_data);
        var cached = _ml.Data.Cache(_transformer.Transform(source));
        for (var i = 0; i < 3; i++)
            GenerateImagesTests.AssertImages(cached.GetColumn<float[]>("Image"), _expected);
        Assert.That(source.Rows, Is.EqualTo(Count));
    }

    [Test]
    public void AppendCacheCheckpoint()
    {
        var pipeline = _ml.Transforms.GenerateImages("Image", _path, "Latent").AppendCacheCheckpoint(_ml)
            .Append(_ml.Transforms.CopyColumns("Picture", "Image"));
        using var model = pipeline.Fit(_data);
        GenerateImagesTests.AssertImages(model.Transform(_data).GetColumn<float[]>("Picture"), _expected);
    }

    [Test]
    public void ShuffleRows()
    {
        var rows = _ml.Data.CreateEnumerable<NamedImageRow>(_ml.Data.ShuffleRows(_images, seed: 3), reuseRowObject: false).ToList();
        Assert.That(rows.Select(r => r.Number), Is.EquivalentTo(Enumerable.Range(0, Count)).And.Not.Ordered);
        foreach (var row in rows)
            AssertRow(row, row.Number);
    }

    [Test]
    public void TakeRows_costs_one_batch()
    {
        var source = new CountingView(_data);
        var rows = _ml.Data.CreateEnumerable<NamedImageRow>(_ml.Data.TakeRows(_transformer.Transform(source), 3), reuseRowObject: false)
            .ToList();
        Assert.That(rows, Has.Count.EqualTo(3));
        AssertRow(rows[2], 2);
        Assert.That(source.Rows, Is.EqualTo(_transformer.BatchSize));
    }

    [TestCase(1, 1, 0)]
    [TestCase(1, 2, 32, Description = "32 rows, for small batches")]
    [TestCase(8, 1, 7)]
    [TestCase(8, 2, 6 * 8 + 7, Description = "twice the parallelism and two, and what is left of the current batch")]
    public void Rows_are_read_ahead_within_a_bound(int batch, int parallelism, int ahead)
    {
        var source = new CountingView(_ml.Data.LoadFromEnumerable(LatentRow.Create(300)));
        using var transformer = _ml.Transforms.GenerateImages("Image", _path, "Latent",
            options: new() { BatchSize = batch, Parallelism = parallelism }).Fit(source);
        var (read, most) = (0, 0);
        foreach (var _ in transformer.Transform(source).GetColumn<float[]>("Image"))
            most = Math.Max(most, source.Rows - ++read);
        Assert.That((read, most), Is.EqualTo((300, ahead)));
    }

    [Test]
    public void SkipRows()
    {
        var rows = _ml.Data.CreateEnumerable<NamedImageRow>(_ml.Data.SkipRows(_images, 41), reuseRowObject: false).ToList();
        Assert.That(rows, Has.Count.EqualTo(Count - 41));
        AssertRow(rows[0], 41);
    }

    [Test]
    public void TrainTestSplit()
    {
        var split = _ml.Data.TrainTestSplit(_images, testFraction: 0.3, seed: 2);
        var train = _ml.Data.CreateEnumerable<NamedImageRow>(split.TrainSet, reuseRowObject: false).ToList();
        var test = _ml.Data.CreateEnumerable<NamedImageRow>(split.TestSet, reuseRowObject: false).ToList();
        Assert.That(test, Is.Not.Empty);
        Assert.That(train.Concat(test).Select(r => r.Number), Is.EquivalentTo(Enumerable.Range(0, Count)));
        foreach (var row in train.Concat(test))
            AssertRow(row, row.Number);
    }

    [Test]
    public void No_rows_make_no_images()
    {
        var none = _ml.Data.LoadFromEnumerable<LatentRow>([]);
        using var transformer = _ml.Transforms.GenerateImages("Image", _path, "Latent").Fit(none);
        Assert.That(transformer.Transform(none).GetColumn<float[]>("Image"), Is.Empty);
        Assert.That(transformer.Transform(none).Preview().RowView, Is.Empty);
    }

    [Test]
    public void Values_may_be_asked_for_twice_late_or_not_at_all()
    {
        using var cursor = _images.GetRowCursor(_images.Schema);
        var getter = cursor.GetGetter<VBuffer<float>>(_images.Schema["Image"]);
        VBuffer<float> first = default, again = default;
        for (var i = 0; cursor.MoveNext(); i++)
        {
            if (i % 3 == 1)
                continue;
            getter(ref first);
            getter(ref again);
            Assert.That(first.DenseValues(), Is.EqualTo(_expected[i].ToArray()).Within(1e-5));
            Assert.That(again.DenseValues(), Is.EqualTo(first.DenseValues()));
        }
    }

    [Test]
    public void What_a_consumer_does_to_its_value_harms_no_other()
    {
        using var cursor = _images.GetRowCursor(_images.Schema);
        var (image, latent) = (cursor.GetGetter<VBuffer<float>>(_images.Schema["Image"]),
            cursor.GetGetter<VBuffer<float>>(_images.Schema["Latent"]));
        VBuffer<float> pixels = default, values = default;
        for (var i = 0; cursor.MoveNext(); i++)
        {
            latent(ref values);
            VBufferEditor.Create(ref values, values.Length).Values.Clear();
            image(ref pixels);
            VBufferEditor.Create(ref pixels, pixels.Length).Values.Clear();
            image(ref pixels);
            Assert.That(pixels.DenseValues(), Is.EqualTo(_expected[i].ToArray()).Within(1e-5));
        }
    }

    [Test]
    public void A_column_of_the_same_name_is_hidden_and_still_read()
    {
        using var transformer = _ml.Transforms.GenerateImages("Latent", _path, "Latent").Fit(_data);
        var view = transformer.Transform(_data);
        Assert.That(view.Schema.Where(c => c.Name == "Latent").Select(c => c.IsHidden), Is.EqualTo([true, false]));
        GenerateImagesTests.AssertImages(view.GetColumn<float[]>("Latent"), _expected);
    }

    [Test]
    public void Many_readers_of_one_view_get_the_same()
    {
        Parallel.For(0, 8, _ => GenerateImagesTests.AssertImages(_images.GetColumn<float[]>("Image"), _expected));
    }

    [Test]
    public void GetRowCount_and_CanShuffle_are_the_sources()
    {
        Assert.That((_images.GetRowCount(), _images.CanShuffle), Is.EqualTo((_data.GetRowCount(), _data.CanShuffle)));
        Assert.That(_transformer.Transform(_ml.Data.TakeRows(_data, 3)).CanShuffle, Is.False);
    }

    [TestCase(1)]
    [TestCase(4)]
    public void GetRowCursorSet_gives_each_row_once(int n)
    {
        var numbers = new List<int>();
        foreach (var cursor in _images.GetRowCursorSet(_images.Schema, n))
            using (cursor)
            {
                var (number, image) = (cursor.GetGetter<int>(_images.Schema["Number"]),
                    cursor.GetGetter<VBuffer<float>>(_images.Schema["Image"]));
                var (value, pixels) = (0, default(VBuffer<float>));
                while (cursor.MoveNext())
                {
                    image(ref pixels);
                    number(ref value);
                    numbers.Add(value);
                    Assert.That(pixels.DenseValues(), Is.EqualTo(_expected[value].ToArray()).Within(1e-5));
                }
            }
        Assert.That(numbers, Is.EquivalentTo(Enumerable.Range(0, Count)));
    }

    [Test]
    public void PredictionEngine()
    {
        using var engine = _ml.Model.CreatePredictionEngine<LatentRow,
            NamedImageRow>(_transformer, new PredictionEngineOptions { OwnsTransformer = false });
        var rows = LatentRow.Create(3);
        for (var round = 0; round < 2; round++)
            for (var i = 0; i < rows.Length; i++)
                AssertRow(engine.Predict(rows[i]), i);
        Assert.That(() => _images.GetColumn<float[]>("Image").First(), Throws.Nothing);
    }

    [Test]
    public void PredictionEngine_of_a_chain()
    {
        using var model = _ml.Transforms.CopyColumns("z", "Latent").Append(_ml.Transforms.GenerateImages("Picture", _path, "z"))
            .Append(_ml.Transforms.CopyColumns("Image", "Picture")).Fit(_data);
        using var engine = _ml.Model.CreatePredictionEngine<LatentRow, ImageRow>(model);
        Assert.That(engine.Predict(LatentRow.Create(2)[1]).Image, Is.EqualTo(_expected[1].ToArray()).Within(1e-5));
    }

    [Test]
    public void A_transformer_that_an_engine_disposed_says_so()
    {
        var path = _folder.Save(TestModels.Generator(), "own.onnx");
        var transformer = _ml.Transforms.GenerateImages("Image", path, "Latent").Fit(_data);
        var view = transformer.Transform(_data);
        _ml.Model.CreatePredictionEngine<LatentRow, ImageRow>(transformer).Dispose();
        var message = $"The model '{path}' is closed: its transformer or data were disposed. A prediction engine does that unless "
            + "OwnsTransformer is false.";
        Assert.That(() => transformer.Transform(_data), Throws.TypeOf<ObjectDisposedException>().With.Message.EqualTo(message));
        Assert.That(() => view.GetColumn<float[]>("Image").First(), Throws.TypeOf<ObjectDisposedException>().With.Message.EqualTo(message));
    }

    [Test]
    public void Dispose_while_rows_are_read_ends_in_one_sentence()
    {
        for (var i = 0; i < 20; i++)
        {
            var transformer = _ml.Transforms.GenerateImages("Image", _path, "Latent", options: new() { BatchSize = 2, Parallelism = 4 })
                .Fit(_data);
            var view = transformer.Transform(_data);
            var read = Task.Run(() => view.GetColumn<float[]>("Image").Count());
            Thread.Sleep(i);
            transformer.Dispose();
            try
            {
                Assert.That(read.Result, Is.EqualTo(Count));
            }
            catch (AggregateException e)
            {
                Assert.That(e.InnerException, Is.TypeOf<ObjectDisposedException>());
            }
        }
    }

    [Test]
    public void A_column_nobody_reads_is_not_computed_and_its_inputs_not_read()
    {
        var source = new CountingView(_data);
        var view = _transformer.Transform(source);
        Assert.That(view.GetColumn<string>("Name").Count(), Is.EqualTo(Count));
        Assert.That(source.Columns, Is.EqualTo(["Name"]));
        Assert.That(view.GetColumn<float[]>("Image").Count(), Is.EqualTo(Count));
        Assert.That(source.Columns, Is.EqualTo(["Latent"]));
    }

    [Test]
    public void A_closed_cursor_has_no_row()
    {
        var cursor = _images.GetRowCursor(_images.Schema);
        var image = cursor.GetGetter<VBuffer<float>>(_images.Schema["Image"]);
        VBuffer<float> value = default;
        const string Message = "The cursor is on no row. Call MoveNext first, and ask for values only while it returns true.";
        Assert.That(() => image(ref value), Throws.InvalidOperationException.With.Message.EqualTo(Message));
        Assert.That(cursor.MoveNext(), Is.True);
        cursor.Dispose();
        Assert.That(() => image(ref value), Throws.InvalidOperationException.With.Message.EqualTo(Message));
        Assert.That((cursor.MoveNext(), cursor.Position), Is.EqualTo((false, -1)));
    }

    [Test]
    public void A_getter_of_a_column_not_asked_for_or_of_the_wrong_type_is_refused()
    {
        using var cursor = _images.GetRowCursor([_images.Schema["Image"]]);
        Assert.That(() => cursor.GetGetter<int>(_images.Schema["Number"]), Throws.ArgumentException.With.Message.EqualTo(
            "The column 'Number' wasn't asked for when this cursor or row was made."));
        Assert.That(() => cursor.GetGetter<float>(_images.Schema["Image"]), Throws.InvalidOperationException.With.Message.EqualTo(
            "The column 'Image' holds Microsoft.ML.Data.VBuffer`1[System.Single]; a getter of System.Single can't read it."));
    }

    [Test]
    public void Ids_and_batches_are_the_sources()
    {
        using var cursor = _images.GetRowCursor(_images.Schema, new Random(4));
        using var source = _data.GetRowCursor(_data.Schema, new Random(4));
        var (id, expected) = (cursor.GetIdGetter(), source.GetIdGetter());
        while (cursor.MoveNext() & source.MoveNext())
        {
            DataViewRowId found = default, there = default;
            id(ref found);
            expected(ref there);
            Assert.That((found, cursor.Batch, cursor.Position), Is.EqualTo((there, source.Batch, source.Position)));
        }
    }

    private void AssertRow(NamedImageRow row, int i)
    {
        Assert.That((row.Name, row.Number), Is.EqualTo(($"row {i}", i)));
        Assert.That(row.Pair, Is.EqualTo(new double[] { i, -i }));
        Assert.That(row.Image, Is.EqualTo(_expected[i].ToArray()).Within(1e-5));
    }
}
