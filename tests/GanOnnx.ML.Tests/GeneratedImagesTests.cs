using Microsoft.ML.Data;

namespace GanOnnx.ML.Tests;

/// <summary>Images as a source of data.</summary>
public sealed class GeneratedImagesTests : IDisposable
{
    private static readonly string[] _digits = ["zero", "one", "two"];

    private readonly MLContext _ml = new(seed: 1);
    private readonly ModelFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Test]
    public void Rows_are_the_seeds_images([Values(1, 4, 16)] int batch)
    {
        var path = _folder.Save(TestModels.Generator(TestModels.Metadata));
        using var data = _ml.Data.GenerateImages(path, 37, seed: 5, options: new() { BatchSize = batch });
        var rows = _ml.Data.CreateEnumerable<GeneratedRow>(data, reuseRowObject: false, ignoreMissingColumns: true).ToList();
        using var generator = ImageGenerator.Load(path, new() { Device = Device.Cpu });
        GenerateImagesTests.AssertImages(rows.Select(r => r.Image), generator.Generate(37, seed: 5));
        Assert.That(rows.Select(r => r.Index), Is.EqualTo(Enumerable.Range(0, 37)));
    }

    [Test]
    public void The_number_of_rows_is_known_and_nothing_is_generated()
    {
        using var data = _ml.Data.GenerateImages(_folder.Save(TestModels.Generator()), 1_000_000_000_000);
        Assert.That(data.GetRowCount(), Is.EqualTo(1_000_000_000_000));
    }

    [Test]
    public void Labels_go_round()
    {
        using var data = _ml.Data.GenerateImages(_folder.Save(TestModels.LabelAsPixel(_digits)), 7, labels: ["two", "0"]);
        var rows = _ml.Data.CreateEnumerable<GeneratedRow>(data, reuseRowObject: false).ToList();
        Assert.That(rows.Select(r => r.Label), Is.EqualTo(["two", "zero", "two", "zero", "two", "zero", "two"]));
        Assert.That(rows.Select(r => r.Image[0]), Is.EqualTo([2, 0, 2, 0, 2, 0, 2]));
    }

    [Test]
    public void Labels_are_drawn_as_the_library_draws_them()
    {
        var path = _folder.Save(TestModels.LabelAsPixel(_digits));
        using var data = _ml.Data.GenerateImages(path, 30, seed: 8);
        var rows = _ml.Data.CreateEnumerable<GeneratedRow>(data, reuseRowObject: false).ToList();
        using var generator = ImageGenerator.Load(path, new() { Device = Device.Cpu });
        Assert.That(rows.Select(r => r.Image[0]), Is.EqualTo(generator.Generate(30, seed: 8).Values.ToArray()));
        Assert.That(rows.Select(r => r.Label), Is.EqualTo(rows.Select(r => _digits[(int)r.Image[0]])));
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    [TestCase(50)]
    public void Cursors_of_a_set_share_the_rows(int n)
    {
        using var data = _ml.Data.GenerateImages(_folder.Save(TestModels.Generator()), 45, options: new() { BatchSize = 4 });
        var rows = new List<(long Batch, ulong Index)>();
        var batches = new List<long>();
        foreach (var cursor in data.GetRowCursorSet(data.Schema, n))
            using (cursor)
            {
                var index = cursor.GetGetter<ulong>(data.Schema["Index"]);
                var own = new HashSet<long>();
                ulong value = 0;
                while (cursor.MoveNext())
                {
                    index(ref value);
                    rows.Add((cursor.Batch, value));
                    own.Add(cursor.Batch);
                }
                batches.AddRange(own);
            }

        Assert.That(batches, Is.Unique, "no batch is in two cursors");
        Assert.That(rows.OrderBy(r => r.Batch).Select(r => r.Index), Is.EqualTo(Enumerable.Range(0, 45)), "batches tell the order");
    }

    [Test]
    public void Cursors_of_a_set_generate_at_the_same_time()
    {
        var path = _folder.Save(TestModels.Generator());
        using var data = _ml.Data.GenerateImages(path, 100, seed: 2, options: new() { BatchSize = 8 });
        var images = new float[100][];
        Parallel.ForEach(data.GetRowCursorSet(data.Schema, 4), cursor =>
        {
            using (cursor)
            {
                var (index, image) = (cursor.GetGetter<ulong>(data.Schema["Index"]),
                    cursor.GetGetter<VBuffer<float>>(data.Schema["Image"]));
                var (i, value) = (0ul, default(VBuffer<float>));
                while (cursor.MoveNext())
                {
                    index(ref i);
                    image(ref value);
                    images[i] = [.. value.DenseValues()];
                }
            }
        });
        using var generator = ImageGenerator.Load(path, new() { Device = Device.Cpu });
        GenerateImagesTests.AssertImages(images, generator.Generate(100, seed: 2));
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(100)]
    [TestCase(1000)]
    public void A_random_order_has_every_image_once(int count)
    {
        using var data = _ml.Data.GenerateImages(_folder.Save(TestModels.Generator()), count);
        using var cursor = data.GetRowCursor([data.Schema["Index"]], new Random(3));
        var index = cursor.GetGetter<ulong>(data.Schema["Index"]);
        var seen = new List<ulong>();
        for (ulong value = 0; cursor.MoveNext();)
        {
            index(ref value);
            seen.Add(value);
        }

        Assert.That(seen, Is.EquivalentTo(Enumerable.Range(0, count)));
        if (count >= 100)
            Assert.That(seen, Is.Not.Ordered);
    }

    [Test]
    public void An_image_is_the_same_in_random_order()
    {
        var path = _folder.Save(TestModels.Generator());
        using var data = _ml.Data.GenerateImages(path, 40, seed: 6);
        var rows = _ml.Data.CreateEnumerable<GeneratedRow>(_ml.Data.ShuffleRows(data, seed: 1), reuseRowObject: false,
            ignoreMissingColumns: true).ToList();
        using var generator = ImageGenerator.Load(path, new() { Device = Device.Cpu });
        Assert.That(rows.Select(r => r.Index), Is.EquivalentTo(Enumerable.Range(0, 40)).And.Not.Ordered);
        GenerateImagesTests.AssertImages(rows.OrderBy(r => r.Index).Select(r => r.Image), generator.Generate(40, seed: 6));
    }

    [Test]
    public void A_row_id_is_the_images_number()
    {
        using var data = _ml.Data.GenerateImages(_folder.Save(TestModels.Generator()), 20);
        using var cursor = data.GetRowCursor(data.Schema, new Random(5));
        var (index, id) = (cursor.GetGetter<ulong>(data.Schema["Index"]), cursor.GetIdGetter());
        for (var (i, row) = (0ul, default(DataViewRowId)); cursor.MoveNext();)
        {
            index(ref i);
            id(ref row);
            Assert.That((row.Low, row.High), Is.EqualTo((i, 0ul)));
        }
    }
}
