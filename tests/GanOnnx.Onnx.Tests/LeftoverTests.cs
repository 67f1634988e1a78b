using GanOnnx.Onnx.Files;
using GanOnnx.Shared;

namespace GanOnnx.Onnx.Tests;

/// <summary>What killed programs left half written is removed by the next one that writes there; nothing else is.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class LeftoverTests : IDisposable
{
    private readonly TemporaryFolder _home = new();

    public void Dispose() => _home.Dispose();

    private string Folder => _home["folder"];

    private string[] Entries => [.. Directory.GetFileSystemEntries(Folder, "*", SearchOption.AllDirectories)
        .Select(f => Path.GetRelativePath(Folder, f)).Order(StringComparer.Ordinal)];

    // The bytes of a killed program's folder, without the locks that its process held.
    private void Killed(string folder)
    {
        foreach (var path in Directory.GetFileSystemEntries(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var copy = Path.Combine(Folder, Path.GetRelativePath(folder, path));
            if (Directory.Exists(path))
                Directory.CreateDirectory(copy);
            else
                File.WriteAllBytes(copy, Unlocked(path));
        }
    }

    private static byte[] Unlocked(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    [SetUp]
    public void MakeFolders()
    {
        Directory.CreateDirectory(Folder);
        Directory.CreateDirectory(_home["living"]);
    }

    [Test]
    public void A_half_written_file_is_removed()
    {
        using (var half = Temporary.Create(_home["living"], out _))
        {
            half.Write(new byte[100]);
            half.Flush();
            Killed(_home["living"]);
        }
        Assert.That(Entries, Has.Length.EqualTo(1));

        AtomicFile.Write(Path.Combine(Folder, "mine"), stream => stream.WriteByte(1));

        Assert.That(Entries, Is.EqualTo(new[] { "mine" }));
    }

    [Test]
    public void A_half_exported_model_is_removed_with_its_weights()
    {
        using (StagedModel.Create(Graphs.Product(2), Path.Combine(_home["living"], "m.onnx"), 0))
            Killed(_home["living"]);
        Assert.That(Entries, Has.Length.EqualTo(4), "a list, a folder, a model, its weights");

        new OnnxModel(Graphs.Product(3)).Write(Path.Combine(Folder, "m.onnx"), externalDataThreshold: 0);

        Assert.That(Entries.Select(Path.GetExtension), Is.EqualTo(new[] { ".data", ".onnx" }));
    }

    /// <summary>Killed before the model was moved in, an export leaves the new weights; killed after it, the older ones.</summary>
    [Test]
    public void Weights_that_no_model_names_go_with_the_next_export_of_theirs([Values] bool external)
    {
        var path = Path.Combine(Folder, "m.onnx");
        string[] left = [Killed(path, 2), Killed(path, 3)];
        var mine = Path.Combine(Folder, $"m-{new string('0', 16)}.data");
        File.WriteAllText(mine, "mine");
        var named = Killed(path, 4);
        File.WriteAllText(Path.Combine(Folder, "copy.onnx"), $"a model with {Path.GetFileName(named)}");
        var another = Killed(Path.Combine(Folder, "n.onnx"), 2);
        using (StagedModel.Create(Graphs.Product(5), path, 0)) // an export that lives
        {
            var living = Killed(path, 5);

            new OnnxModel(Graphs.Product(6)).Write(path, externalDataThreshold: external ? 0 : OnnxModel.LargestWeights);

            Assert.That(left.Where(File.Exists), Is.Empty);
            Assert.That(new[] { mine, named, another, living }.Where(File.Exists), Is.EqualTo(new[] { mine, named, another, living }));
        }
        Assert.That(OnnxModel.Check(path), Is.Empty);

        static string Killed(string path, float value)
        {
            new OnnxModel(Graphs.Product(value)).Write(path, externalDataThreshold: 0);
            File.Delete(path);
            return Directory.GetFiles(Path.GetDirectoryName(path)!, $"{Path.GetFileNameWithoutExtension(path)}-*.data")
                .MaxBy(File.GetLastWriteTimeUtc)!;
        }
    }

    [Test]
    public void What_somebody_put_beside_a_half_exported_model_stays()
    {
        using (var staged = StagedModel.Create(Graphs.Product(2), Path.Combine(_home["living"], "m.onnx"), 0))
            Killed(_home["living"]);
        var folder = Directory.GetDirectories(Folder).Single();
        File.WriteAllText(Path.Combine(folder, "mine"), "mine");

        Temporary.Clean(Folder);

        Assert.That(Entries, Is.EqualTo(new[] { Path.GetFileName(folder), Path.Combine(Path.GetFileName(folder), "mine") }));
    }

    [Test]
    public void What_a_living_program_writes_stays()
    {
        using var half = Temporary.Create(Folder, out var path);
        using var staged = StagedModel.Create(Graphs.Product(2), Path.Combine(Folder, "m.onnx"), 0);
        var before = Entries;

        Temporary.Clean(Folder);

        Assert.That(Entries, Is.EqualTo(before));
        Assert.That(File.Exists(path));
    }

    [TestCase(".ganonnx-.tmp")]
    [TestCase(".ganonnx-0123456789abcdef.tmp")]
    [TestCase(".ganonnx-0123456789abcdef0123456789abcdef01234567.tmp")]
    [TestCase(".xyz12345.abc.tmp")]
    [TestCase("model.onnx.tmp")]
    public void A_file_that_is_merely_called_alike_stays(string name)
    {
        File.WriteAllText(Path.Combine(Folder, name), "mine");
        Directory.CreateDirectory(Path.Combine(Folder, Path.ChangeExtension(name, ".folder")));

        Temporary.Clean(Folder);

        Assert.That(File.ReadAllText(Path.Combine(Folder, name)), Is.EqualTo("mine"));
        Assert.That(Directory.Exists(Path.Combine(Folder, Path.ChangeExtension(name, ".folder"))));
    }

    [Test]
    public void A_link_with_a_temporary_name_and_where_it_leads_stay()
    {
        using (Temporary.Create(_home["living"], out _))
            Killed(_home["living"]);
        var name = Path.Combine(Folder, Entries.Single());
        File.Delete(name);
        File.WriteAllText(_home["mine"], "mine");
        File.CreateSymbolicLink(name, _home["mine"]);
        Directory.CreateSymbolicLink(Temporary.FolderOf(name), _home.Path);

        Temporary.Clean(Folder);

        Assert.That(File.ReadAllText(name), Is.EqualTo("mine"));
        Assert.That(Directory.Exists(Temporary.FolderOf(name)));
    }

    [Test]
    public void A_scratch_folder_goes_with_all_that_is_in_it()
    {
        using (var scratch = new ScratchFolder(Folder))
        {
            Directory.CreateDirectory(Path.Combine(scratch.Path, "a"));
            File.WriteAllText(Path.Combine(scratch.Path, "a", "b"), "");
        }
        Assert.That(Entries, Is.Empty);
    }
}
