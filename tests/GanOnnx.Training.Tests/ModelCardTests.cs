using System.Text.RegularExpressions;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanOnnx.Training.Tests;

public sealed class ModelCardTests
{
    private TemporaryFolder _folder = null!;

    [OneTimeSetUp]
    public void Train()
    {
        _folder = new();
        foreach (var name in new[] { "a`b", "c\n---\nlicense: mit", "<script>" })
            for (var i = 0; i < 30; i++)
            {
                Directory.CreateDirectory(_folder[$"da ta/{name.Replace('\n', '\u2028')}"]);
                using var image = new Image<L8>(16, 16, new L8((byte)(i * 8)));
                image.SaveAsPng(_folder[$"da ta/{name.Replace('\n', '\u2028')}/{i}.png"]);
            }
        Trainer.Run(new TrainingRun
        {
            Data = _folder["da ta"],
            Folder = _folder["run"],
            Options = new TrainingOptions { Width = 8, BatchSize = 10, Kimg = 1, TickKimg = 1, Condition = "concat", SnapshotKimg = 0, Seed = 4, Loss = "hinge" },
        }, new RecordingMonitor());
        File.WriteAllText(_folder["run/metrics.jsonl"], "{\"step\":100,\"images\":1000,\"warnings\":[\"mode collapse: all samples look alike. Do this.\"],\"extras\":{}}\n");
    }

    [OneTimeTearDown]
    public void Clean() => _folder.Dispose();

    [TestCase("CC-BY-SA-4.0", "license: cc-by-sa-4.0\n")]
    [TestCase("MIT", "license: mit\n")]
    [TestCase("mine: \"all\"", "license: other\nlicense_name: \"mine: \\u0022all\\u0022\"\n")]
    [TestCase(null, "# TO BE WRITTEN: license: …")]
    public void Of_ALicense_IsWhatHuggingFaceCallsIt(string? license, string head)
    {
        var card = ModelCard.Of(_folder["run"], "m.onnx", license);

        Assert.That(Head(card), Does.Contain(head).And.Contain("pipeline_tag: unconditional-image-generation\n").And.Contain("- \"dcgan\"\n"));
        Assert.That(card.Contains("TO BE WRITTEN: the license of the weights"), Is.EqualTo(license is null));
    }

    [Test]
    public void Of_ARun_TellsWhatItKnowsAndLeavesBlanksForTheRest()
    {
        var card = ModelCard.Of(_folder["run"], "models/my_model.onnx", "MIT", "It was compared");

        Assert.That(card, Does.Contain("# my\\_model\n").And.Contain("gan generate my_model.onnx --label all --count 64")
            .And.Contain("3 classes: ").And.Contain("decoded to RGB of 32 × 32 pixels").And.Contain("1 thousand images by GanOnnx ")
            .And.Contain("\nIt was compared.\n").And.Contain(" mode collapse (at 1 kimg).")
            .And.Contain("gan train --data 'da ta' --out runs/again --loss hinge --condition concat").And.Contain("--seed 4").And.Contain("--width 8"));
        foreach (var section in new[] { "Data", "Figures", "Limits", "Bias" })
            Assert.That(Regex.Match(card, $@"\n## {section}\n((?!\n## ).)*{ModelCard.Blank}", RegexOptions.Singleline).Success, section);
        Assert.That(card, Does.Contain("## How its pictures are marked\n"));
    }

    [Test]
    public void Of_NamesOfStrangers_EndNoLineAndNoQuotation()
    {
        var card = ModelCard.Of(_folder["run"], "m.onnx");

        Assert.That(Regex.Count(card, "^---$", RegexOptions.Multiline), Is.EqualTo(2));
        Assert.That(card, Does.Contain("`a'b`").And.Contain("`c --- license: mit`").And.Contain("`<script>`").And.Not.Match("[^`]<script>"));
    }

    private static string Head(string card) => card.Split("---\n")[1];
}
