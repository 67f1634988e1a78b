using GanOnnx.Training.Regularizers;

namespace GanOnnx.Training.Tests.Regularizers;

public sealed class RegularizerSpecTests
{
    [TestCase("r1", "r1", 10, 1)]
    [TestCase("r1:0.1", "r1", 0.1, 1)]
    [TestCase("r1:10/16", "r1", 10, 16)]
    [TestCase("r2", "r2", 10, 1)]
    [TestCase("gradient-penalty", "gradient-penalty", 10, 1)]
    [TestCase("consistency", "consistency", 10, 1)]
    [TestCase("path-length", "path-length", 2, 4)]
    [TestCase("path-length:1", "path-length", 1, 4)]
    [TestCase("weight-clipping", "weight-clipping", 0.01, 1)]
    [TestCase("weight-clipping:0.05", "weight-clipping", 0.05, 1)]
    [TestCase("spectral-norm", "spectral-norm", 0, 1)]
    public void Parse_fills_in_what_the_paper_says(string text, string name, double weight, int every) =>
        Assert.That(RegularizerSpec.Parse(text), Is.EqualTo(new RegularizerSpec(name, weight, every)));

    [TestCase("dropout", "There is no regularizer 'dropout'; there are: r1, r2, gradient-penalty, matching-aware, contrastive, consistency, path-length, "
        + "mode-seeking, weight-clipping, spectral-norm.")]
    [TestCase("", "There is no regularizer ''; there are: r1, r2, gradient-penalty, matching-aware, contrastive, consistency, path-length, mode-seeking, weight-clipping, "
        + "spectral-norm.")]
    [TestCase("r1:", "The weight of r1 is a number above 0, not ''.")]
    [TestCase("r1:0", "The weight of r1 is a number above 0, not '0'.")]
    [TestCase("r1:-1", "The weight of r1 is a number above 0, not '-1'.")]
    [TestCase("r1:NaN", "The weight of r1 is a number above 0, not 'NaN'.")]
    [TestCase("r1:1,5", "The weight of r1 is a number above 0, not '1,5'.")]
    [TestCase("r1:10/0", "The interval of r1 is 1 or more steps, not '0'.")]
    [TestCase("r1:10/x", "The interval of r1 is 1 or more steps, not 'x'.")]
    [TestCase("spectral-norm:1", "Spectral-norm has no weight, but 'spectral-norm:1' gives one.")]
    [TestCase("weight-clipping:0.01/4", "Weight-clipping holds at every step, but 'weight-clipping:0.01/4' gives an interval.")]
    public void Parse_says_what_is_wrong(string text, string message) =>
        Assert.That(() => RegularizerSpec.Parse(text), Throws.TypeOf<TrainingException>().With.Message.EqualTo(message));

    [TestCase("r1:10")]
    [TestCase("r1:0.1/16")]
    [TestCase("path-length:2/4")]
    [TestCase("path-length:2")]
    [TestCase("path-length:2/1")]
    [TestCase("spectral-norm")]
    public void Text_of_a_specification_reads_back(string text)
    {
        var spec = RegularizerSpec.Parse(text);
        Assert.That(RegularizerSpec.Parse(spec.ToString()), Is.EqualTo(spec));
    }

    [TestCase("r1", true)]
    [TestCase("r1 r2", true)]
    [TestCase("gradient-penalty spectral-norm", true)]
    [TestCase("weight-clipping consistency path-length", true)]
    [TestCase("weight-clipping r1", false)]
    [TestCase("r2 weight-clipping", false)]
    [TestCase("gradient-penalty weight-clipping", false)]
    [TestCase("weight-clipping spectral-norm", false)]
    [TestCase("r1:1 r1:10", false)]
    public void Conflicts_are_known(string specs, bool allowed) =>
        Assert.That(GanRegularizers.Conflicts([.. specs.Split(' ').Select(RegularizerSpec.Parse)]), Has.Count.EqualTo(allowed ? 0 : 1));

    [Test]
    public void Conflicts_say_what_to_choose_between() =>
        Assert.That(GanRegularizers.Conflicts(
            [RegularizerSpec.Parse("weight-clipping"), RegularizerSpec.Parse("r1"), RegularizerSpec.Parse("weight-clipping")]),
            Is.EqualTo(new[]
        {
            "weight-clipping is given 2 times",
            "weight-clipping and r1 work against each other, so choose one: clipped weights are WGAN's only bound",
        }));

    [Test]
    public void Slopes_are_bounded_by_what_the_Wasserstein_loss_may_use() =>
        Assert.That(GanRegularizers.Names.Where(name => GanRegularizers.Find(name)!.BoundsSlope),
            Is.EqualTo(new[] { "gradient-penalty", "weight-clipping", "spectral-norm" }));

    [Test]
    public void Every_regularizer_has_one_line_of_description_and_a_default()
    {
        Assert.That(GanRegularizers.Names.Select(GanRegularizers.Description), Has.All.Not.Empty.And.All.Not.Contains("\n"));
        Assert.That(GanRegularizers.Names.Select(GanRegularizers.Default),
            Is.EqualTo(new[] { "r1:10", "r2:10", "gradient-penalty:10", "matching-aware:1", "contrastive:1", "consistency:10", "path-length:2/4", "mode-seeking:1",
                "weight-clipping:0.01", "spectral-norm" }));
    }
}
