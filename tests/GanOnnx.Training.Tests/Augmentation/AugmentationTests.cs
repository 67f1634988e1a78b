using GanOnnx.Training.Augmentation;
using GanOnnx.Training.Tests.Fixtures;
using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Training.Tests.Augmentation;

public sealed class AugmentationTests
{
    private static readonly string[] _specs = ["diff", "diff:color", "diff:translation", "diff:cutout", "ada", "instance-noise"];

    [Test]
    public void Output_has_the_inputs_shape_a_gradient_and_repeats_with_the_seed([ValueSource(nameof(_specs))] string spec,
        [Values(1, 3)] int channels)
    {
        using var scope = NewDisposeScope();
        using var augmentation = Always(spec);
        var images = Images(channels).requires_grad_();
        Tensor Augmented()
        {
            manual_seed(4);
            return augmentation.Apply(images, 0.25);
        }
        var augmented = Augmented();
        augmented.square().sum().backward();
        Assert.Multiple(() =>
        {
            Assert.That(augmented.shape, Is.EqualTo(images.shape));
            Assert.That(Waves.Doubles(augmented), Is.EqualTo(Waves.Doubles(Augmented())));
            Assert.That(Waves.Doubles(augmented), Is.Not.EqualTo(Waves.Doubles(images)));
            Assert.That(Waves.Doubles(images.grad!), Has.All.Matches<double>(double.IsFinite).And.Some.Not.Zero);
        });
    }

    [Test]
    public void Color_keeps_the_mean_but_for_brightness()
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        var images = zeros(4000, 3, 2, 2) + 0.25;
        var means = Waves.Doubles(Always("diff:color").Apply(images, 0).mean([1, 2, 3]));
        Assert.Multiple(() =>
        {
            Assert.That(means.Min(), Is.EqualTo(-0.25).Within(0.01));
            Assert.That(means.Max(), Is.EqualTo(0.75).Within(0.01));
            // Uniform over 1: σ of the mean of 4000 is 0.0046; 4 σ.
            Assert.That(means.Average(), Is.EqualTo(0.25).Within(0.0184));
        });
    }

    [Test]
    public void Color_changes_contrast_by_half()
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        var images = tensor([-0.5f, 0.5f], [1, 1, 1, 2]).repeat(4000, 1, 1, 1);
        var augmented = Always("diff:color").Apply(images, 0);
        var contrasts = Waves.Doubles(augmented.select(3, 1) - augmented.select(3, 0));
        Assert.Multiple(() =>
        {
            Assert.That(contrasts.Min(), Is.EqualTo(0.5).Within(0.01));
            Assert.That(contrasts.Max(), Is.EqualTo(1.5).Within(0.01));
        });
    }

    [Test]
    public void Saturation_scales_each_pixels_distance_to_its_grey()
    {
        using var scope = NewDisposeScope();
        var pixels = tensor([0.5f, 0.2f, -0.1f, 0.6f, 0, 0], [2, 3, 1, 1]);
        var saturated = Saturation.Times(pixels, tensor([2f, 0f], [2, 1, 1, 1]));
        Assert.That(Waves.Doubles(saturated), Is.EqualTo(new[] { 0.8, 0.2, -0.4, 0.2, 0.2, 0.2 }).Within(1e-6));
    }

    [Test]
    public void Cutout_greys_a_square_of_half_the_size_that_may_reach_over_the_border()
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        var cut = Always("diff:cutout").Apply(ones(2000, 1, 16, 16), 0).eq(0f).to(float32);
        var heights = Waves.Doubles(cut.amax(3).sum([1, 2]));
        var areas = Waves.Doubles(cut.sum([1, 2, 3]));
        Assert.Multiple(() =>
        {
            Assert.That(heights.Min(), Is.EqualTo(4));
            Assert.That(heights.Max(), Is.EqualTo(8));
            Assert.That(areas.Max(), Is.EqualTo(64));
        });
    }

    [Test]
    public void Translation_leaves_grey_behind()
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        var moved = Always("diff:translation").Apply(ones(500, 3, 16, 16), 0);
        Assert.That(Waves.Doubles(moved).Distinct().Order(), Is.EqualTo(new double[] { 0, 1 }));
        Assert.That(Waves.Doubles(moved.mean([1, 2, 3])).Min(), Is.EqualTo(14 * 14 / 256.0).Within(1e-6));
    }

    [TestCase(0, 0.2)]
    [TestCase(0.5, 0.1)]
    [TestCase(1, 0)]
    public void Instance_noise_fades_linearly(double progress, double deviation)
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        var noise = Always("instance-noise:0.2").Apply(zeros(100, 1, 20, 20), progress);
        // 40,000 values: the deviation's own σ is 0.35 %; 4 σ.
        Assert.That(noise.std().item<float>(), Is.EqualTo(deviation).Within(0.014 * deviation));
    }

    [Test]
    public void Chain_applies_all_in_order_and_names_its_states()
    {
        using var scope = NewDisposeScope();
        using var chain = GanAugmentations.Create(
            [AugmentationSpec.Parse("flip"), AugmentationSpec.Parse("ada"), AugmentationSpec.Parse("instance-noise")], CPU)!;
        Assert.That(chain.State.Select(state => state.Name), Is.EqualTo(new[] { "ada.probability", "ada.signs", "ada.steps" }));
        for (var step = 0; step < 4; step++)
            chain.Observe(ones(50));
        Assert.That(chain.State.First().Value.item<float>(), Is.GreaterThan(0));
        Assert.That(chain.Apply(zeros(50, 1, 8, 8), 0).std().item<float>(), Is.EqualTo(0.1).Within(0.01));
    }

    [Test]
    public void Flip_belongs_to_the_loading_of_data() =>
        Assert.That(GanAugmentations.Create([AugmentationSpec.Parse("flip")], CPU), Is.Null);

    [TestCase("mixup", "There is no augmentation 'mixup'; there are: flip, crop, diff, ada, instance-noise.")]
    [TestCase("flip:1", "Flip takes no argument, but 'flip:1' gives one.")]
    [TestCase("diff:hue", "Diff has no policy 'hue'; there are: color, translation, cutout.")]
    [TestCase("diff:", "Diff has no policy ''; there are: color, translation, cutout.")]
    [TestCase("ada:1", "The target of ada is a number above -1 and below 1, not '1'.")]
    [TestCase("ada:x", "The target of ada is a number above -1 and below 1, not 'x'.")]
    [TestCase("instance-noise:0", "The standard deviation of instance-noise is a number above 0, not '0'.")]
    public void Parse_says_what_is_wrong(string text, string message) =>
        Assert.That(() => AugmentationSpec.Parse(text), Throws.TypeOf<TrainingException>().With.Message.EqualTo(message));

    [TestCase("flip diff", "")]
    [TestCase("flip ada instance-noise", "")]
    [TestCase("diff ada", "diff and ada do the same work, so choose one")]
    [TestCase("ada ada:0.5", "ada is given 2 times")]
    public void Conflicts_are_known(string specs, string conflict) =>
        Assert.That(string.Concat(GanAugmentations.Conflicts([.. specs.Split(' ').Select(AugmentationSpec.Parse)])), Is.EqualTo(conflict));

    [Test]
    public void Every_augmentation_has_one_line_of_description() =>
        Assert.That(GanAugmentations.Names.Select(GanAugmentations.Description), Has.All.Not.Empty.And.All.Not.Contains("\n"));

    private static Tensor Images(int channels) => Waves.Wave([6, channels, 16, 16], 1);

    // An augmentation that acts on every image.
    private static IAugmentation Always(string spec)
    {
        var augmentation = AugmentationSpec.Parse(spec).Create!(CPU);
        foreach (var (_, probability) in augmentation.State.Where(state => state.Name == "probability"))
            probability.fill_(1);
        return augmentation;
    }
}
