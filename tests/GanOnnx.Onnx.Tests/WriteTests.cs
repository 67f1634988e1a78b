using GanOnnx.Onnx.Files;
using Google.Protobuf;

namespace GanOnnx.Onnx.Tests;

/// <summary>Files appear whole or not at all, with their own weights, and nobody else's are lost.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class WriteTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string[] Files => [.. Directory.GetFileSystemEntries(_folder.Path).Select(f => Path.GetFileName(f)!)
        .Order(StringComparer.Ordinal)];

    private string Data => Files.Single(f => f.EndsWith(".data", StringComparison.Ordinal));

    private void Write(float value, string name = "m.onnx") =>
        new OnnxModel(Graphs.Product(value)).Write(_folder[name], externalDataThreshold: 0);

    private static float Weight(string path) => BitConverter.ToSingle(OnnxModel.Read(path).Proto.Graph.Initializer[0].RawData.Span);

    [Test]
    public void Model_IsReadAsItWasWritten([Values(0, OnnxModel.LargestWeights)] long threshold)
    {
        var model = Graphs.Product(3);

        new OnnxModel(model).Write(_folder["m.onnx"], threshold);

        Assert.That(OnnxModel.Read(_folder["m.onnx"]).Proto, Is.EqualTo(model));
        Assert.That(OnnxModel.Check(_folder["m.onnx"]), Is.Empty);
        Assert.That(Files, Has.Length.EqualTo(threshold == 0 ? 2 : 1));
    }

    /// <summary>
    /// At every moment between two renames or deletions, each model in the folder is whole and has its own weights: what is
    /// there is copied each time something changes.
    /// </summary>
    [Test]
    public void Write_OverAnOlderModel_HasNoMomentWithOthersWeights()
    {
        Write(1);
        using var staged = StagedModel.Create(Graphs.Product(2), _folder["m.onnx"], 0);
        Assert.That(Weight(_folder["m.onnx"]), Is.EqualTo(1), "before it is moved in");
        var data = Directory.GetFiles(Path.GetDirectoryName(staged.StagedPath!)!, "*.data").Single();

        // Killed between the two renames.
        File.Copy(data, _folder[Path.GetFileName(data)]);
        Assert.That(Weight(_folder["m.onnx"]), Is.EqualTo(1), "between");

        staged.MoveIn();
        Assert.That(Weight(_folder["m.onnx"]), Is.EqualTo(2), "afterwards");
    }

    [Test]
    public void Write_OverAnOlderModel_TakesItsDataAway([Values(0, OnnxModel.LargestWeights)] long threshold)
    {
        Write(1);
        var older = Data;

        new OnnxModel(Graphs.Product(2)).Write(_folder["m.onnx"], threshold);

        Assert.That(Files, Has.None.EqualTo(older));
        Assert.That(Weight(_folder["m.onnx"]), Is.EqualTo(2));
    }

    [Test]
    public void Write_OfTheSameWeights_KeepsTheirFile()
    {
        Write(1);
        var (data, before) = (Data, File.GetLastWriteTimeUtc(_folder[Data]));

        Write(1);

        Assert.That((Data, File.GetLastWriteTimeUtc(_folder[data])), Is.EqualTo((data, before)));
        Assert.That(Weight(_folder["m.onnx"]), Is.EqualTo(1));
    }

    [TestCase("copy.onnx")]
    [TestCase("m.onnx.bak")]
    public void Data_ThatAnotherModelNames_Stays(string copy)
    {
        Write(1);
        File.Copy(_folder["m.onnx"], _folder[copy]);

        Write(2);

        Assert.That(Weight(_folder[copy]), Is.EqualTo(1));
        Assert.That(Weight(_folder["m.onnx"]), Is.EqualTo(2));
    }

    [Test]
    public void Data_ThatALargeFileNamesAtTheEdgeOfABlock_Stays()
    {
        Write(1);
        var (data, block) = (Data, 1 << 20);
        foreach (var offset in new[] { block - 5, block + data.Length - 5, 2 * block - 5 })
        {
            var bytes = new byte[3 * block];
            System.Text.Encoding.UTF8.GetBytes(data).CopyTo(bytes, offset);
            File.WriteAllBytes(_folder["large"], bytes);

            Write(2);

            Assert.That(Files, Has.Member(data), $"{offset}");
            Write(1);
        }
    }

    [TestCase("users.data", OnnxModel.Producer)]
    [TestCase("m.onnx.data", "pytorch")]
    [TestCase("other-0123456789abcdef.data", OnnxModel.Producer)]
    public void Data_ThatIsNotProvablyOurs_Stays(string name, string producer)
    {
        var model = Graphs.Product(1);
        model.ProducerName = producer;
        ExternalData.Write(model, _folder["m.onnx"], _folder[name]);

        Write(2);

        Assert.That(Files, Has.Member(name));
    }

    [Test]
    public void Data_ThatSomebodyChanged_Stays()
    {
        Write(1);
        var older = Data;
        File.WriteAllText(_folder[older], "mine");

        Write(2);

        Assert.That(File.ReadAllText(_folder[older]), Is.EqualTo("mine"));
        Assert.That(Weight(_folder["m.onnx"]), Is.EqualTo(2));
    }

    [Test]
    public void Data_AsVersion01NamedIt_GoesWithItsModel()
    {
        ExternalData.Write(Graphs.Product(1), _folder["m.onnx"], _folder["m.onnx.data"]);

        Write(2);

        Assert.That(Files, Is.EqualTo(new[] { Data, "m.onnx" }).And.None.EqualTo("m.onnx.data"));
    }

    [Test]
    public void File_WithOurNameAndOtherContent_IsNotReplaced()
    {
        Write(1);
        var data = Data;
        File.WriteAllText(_folder[data], "the user's");
        File.Delete(_folder["m.onnx"]);

        Assert.That(() => Write(1), Throws.TypeOf<IOException>().With.Message.EqualTo(
            $"'{_folder[data]}' is there, and its content isn't what its name says. Move it away."));

        Assert.That(Files, Is.EqualTo(new[] { data }));
        Assert.That(File.ReadAllText(_folder[data]), Is.EqualTo("the user's"));
    }

    [Test]
    public void Write_WhereTheModelCannotBe_LeavesNothing()
    {
        Directory.CreateDirectory(_folder["m.onnx"]);

        Assert.That(() => Write(1), Throws.InstanceOf<IOException>().Or.InstanceOf<UnauthorizedAccessException>());

        Assert.That(Files, Is.EqualTo(new[] { "m.onnx" }));
    }

    [Test]
    public void Staged_ThatIsNotMovedIn_IsGone()
    {
        using (var staged = StagedModel.Create(Graphs.Product(), _folder["m.onnx"], 0))
            Assert.That(Files, Has.Length.EqualTo(2), "a folder, and the list of what is ours in it");

        Assert.That(Files, Is.Empty);
    }

    [TestCase(-1)]
    [TestCase(OnnxModel.LargestWeights + 1)]
    public void Threshold_OutsideItsRange_IsRefused(long threshold) =>
        Assert.That(() => new OnnxModel(Graphs.Product()).Write(_folder["m.onnx"], threshold),
            Throws.TypeOf<ArgumentOutOfRangeException>());
}
