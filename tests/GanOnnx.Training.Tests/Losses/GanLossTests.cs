using GanOnnx.Training.Losses;
using GanOnnx.Training.Tests.Fixtures;
using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Training.Tests.Losses;

public sealed class GanLossTests
{
    private static readonly string[] _names = [.. GanLosses.Names];
    private static readonly string[] _smoothed = [.. GanLosses.Names.Where(name => GanLosses.Find(name)!.SupportsLabelSmoothing)];

    [TestCaseSource(nameof(_names))]
    public void Values_and_gradients_are_PyTorchs(string name) => Check(name, GanLosses.Create(name)!);

    [TestCaseSource(nameof(_smoothed))]
    public void Label_smoothing_gives_PyTorchs_cross_entropy_with_the_target_0_9(string name) =>
        Check($"{name} smoothed", GanLosses.Create(name, 0.1)!);

    [TestCaseSource(nameof(_names))]
    public void Scores_of_any_size_give_finite_losses_and_gradients(string name)
    {
        using var scope = NewDisposeScope();
        var loss = GanLosses.Create(name)!;
        var (real, fake) = (Scores(-1e4f, 1e4f), Scores(1e4f, -1e4f));
        (loss.Discriminator(real, fake) + loss.Generator(fake, real)).backward();
        Assert.That(Waves.Doubles(real.grad!).Concat(Waves.Doubles(fake.grad!)), Has.All.Matches<double>(double.IsFinite));
    }

    [Test]
    public void Minimax_generator_stalls_where_the_discriminator_wins_and_the_non_saturating_one_does_not()
    {
        using var scope = NewDisposeScope();
        // D(G(z)) = sigmoid(−20) = 2e-9 is minimax's gradient, and 1 less than that the other's.
        Assert.Multiple(() =>
        {
            Assert.That(GeneratorGradient(new MinimaxLoss(), -20), Is.EqualTo(-2.0611536e-9).Within(1e-14));
            Assert.That(GeneratorGradient(new NonSaturatingLoss(), -20), Is.EqualTo(-1).Within(1e-6));
        });
    }

    [Test]
    public void Only_the_relativistic_losses_look_at_real_scores_for_the_generator()
    {
        using var scope = NewDisposeScope();
        Assert.That(_names.Where(name => GanLosses.Create(name)!.IsRelativistic), Is.EqualTo(new[] { "relativistic-average", "relativistic-pairing" }));
        foreach (var name in _names.Except(["relativistic-average", "relativistic-pairing"]))
            Assert.That(GanLosses.Create(name)!.Generator(Scores(1)).ndim, Is.Zero, name);
        Assert.That(() => new RelativisticAverageLoss().Generator(Scores(1)), Throws.ArgumentNullException);
    }

    [Test]
    public void Only_Wasserstein_needs_a_bounded_slope() =>
        Assert.That(_names.Where(name => GanLosses.Find(name)!.NeedsLipschitz), Is.EqualTo(new[] { "wasserstein" }));

    [Test]
    public void Every_loss_has_one_line_of_description() =>
        Assert.That(_names.Select(GanLosses.Description), Has.All.Not.Empty.And.All.Not.Contains("\n"));

    [Test]
    public void Create_of_an_unknown_name_is_null() => Assert.That(GanLosses.Create("none"), Is.Null);

    [Test]
    public void Create_hinge_with_label_smoothing_is_refused() =>
        Assert.That(() => GanLosses.Create("hinge", 0.1),
            Throws.ArgumentException.With.Message.StartsWith("The loss hinge has no label smoothing: its scores are no probabilities."));

    [TestCase(-0.1)]
    [TestCase(1)]
    [TestCase(double.NaN)]
    public void Create_with_a_smoothing_out_of_range_is_refused(double smoothing) =>
        Assert.That(() => GanLosses.Create("minimax", smoothing),
            Throws.ArgumentException.With.Message.StartsWith("Label smoothing is 0 to below 1, not "));

    private static void Check(string name, IGanLoss loss)
    {
        using var scope = NewDisposeScope();
        CheckPlayer($"{name} discriminator", loss.Discriminator);
        CheckPlayer($"{name} generator", (real, fake) => loss.Generator(fake, real));
    }

    private static void CheckPlayer(string name, Func<Tensor, Tensor, Tensor> loss)
    {
        var (real, fake) = (Waves.Wave([5], 1, 3).requires_grad_(), Waves.Wave([5], 2, 3).requires_grad_());
        var value = loss(real, fake);
        value.backward();
        PyTorch.Check(name, value, real.grad ?? zeros(5), fake.grad ?? zeros(5));
    }

    private static double GeneratorGradient(IGanLoss loss, float score)
    {
        var scores = Scores(score);
        loss.Generator(scores).backward();
        return scores.grad!.item<float>();
    }

    private static Tensor Scores(params float[] values) => tensor(values, [values.Length], requires_grad: true);
}
