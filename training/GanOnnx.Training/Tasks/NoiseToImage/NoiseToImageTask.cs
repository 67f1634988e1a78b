using GanOnnx.Data;
using GanOnnx.Inference;
using GanOnnx.Training.Augmentation;
using GanOnnx.Training.Data;
using GanOnnx.Training.Distributed;
using GanOnnx.Training.Monitoring;
using GanOnnx.Training.Networks;
using GanOnnx.Training.Networks.Layers;
using GanOnnx.Training.Regularizers;
using TorchSharp;
using static TorchSharp.torch;
using Device = TorchSharp.torch.Device;

namespace GanOnnx.Training.Tasks.NoiseToImage;

/// <summary>
/// Both players, what they are trained by, and the averaged generator. One call of <see cref="Step"/> trains the
/// discriminator as often as the options say and the generator once.
/// </summary>
internal sealed class NoiseToImageTask : ITrainingTask
{
    /// <summary>What checkpoints call the averaged generator.</summary>
    public const string Averaged = "average";

    private const int Heard = 12;

    // Sentences that images are told apart by besides those of their batch: a few alone leave the small words unlearnt.
    private const int Contrasts = 240;

    private const string GeneratorName = "generator", DiscriminatorName = "discriminator";

    private readonly TrainingOptions _options;
    private readonly AdversarialTraining _training;
    private readonly Medium _medium;
    private readonly PenaltyList<IGeneratorRegularizer> _generatorPenalties;
    private readonly IAugmentation? _augmentation;
    private readonly Device _device;
    private readonly RandomStream _latents, _judgeSeeds;
    private readonly float[] _latentBuffer;
    private readonly ExponentialMovingAverage _average;
    private readonly FixedLatents _samples;
    private readonly Shards? _shards;
    private Tensor? _vectors;
    private double _progress;

    /// <param name="options">Valid options.</param>
    /// <param name="channels">The images' channels, 1 or 3.</param>
    /// <param name="classes">How many classes there are; looked at only where labels are used.</param>
    /// <param name="device">Where to train.</param>
    public NoiseToImageTask(TrainingOptions options, int channels, int classes, Device device)
        : this(options, Architectures.Find(options.Architecture)!, Medium.Pictures, channels, classes, device)
    {
    }

    /// <param name="options">Valid options.</param>
    /// <param name="architecture">The networks.</param>
    /// <param name="medium">What they make.</param>
    /// <param name="channels">The images' channels, 1 or 3.</param>
    /// <param name="classes">How many classes there are; looked at only where labels are used.</param>
    /// <param name="device">Where to train.</param>
    public NoiseToImageTask(TrainingOptions options, Architecture architecture, Medium medium, int channels, int classes, Device device)
    {
        (_options, _medium, _device) = (options, medium, device);
        Measurements = new Measurements(device);
        _training = new AdversarialTraining(options, Measurements);
        _generatorPenalties = new(options.RegularizerSpecs, r => r.Generator?.Invoke(device));
        _augmentation = GanAugmentations.Create(options.AugmentationSpecs, device);
        _latents = new RandomStream(options.Seed, RandomStreams.Latents);
        _judgeSeeds = new RandomStream(options.Seed, RandomStreams.Judged);

        var shape = options.Shape(channels, classes);
        var networks = architecture.Create(shape, options.Seed);
        (Generator, Discriminator) = (networks.Generator.to(device), networks.Discriminator.to(device));
        AveragedGenerator = architecture.Generator(shape).to(device);
        _average = new ExponentialMovingAverage(Generator, AveragedGenerator);
        GeneratorOptimizer = new NetworkOptimizer(Generator, options.LearningRate, options);
        DiscriminatorOptimizer = new NetworkOptimizer(Discriminator, options.DiscriminatorLearningRate ?? options.LearningRate, options);
        _latentBuffer = new float[options.BatchSize * Generator.LatentSize];
        _samples = new FixedLatents(options, Generator.LatentSize, classes, device);
        if (options.Shards > 1)
            _shards = new Shards(options, Measurements,
                [.. Generator.buffers(), .. Discriminator.buffers(), .. State.Select(state => state.Value)]);
    }

    public GeneratorNetwork Generator { get; }

    public DiscriminatorNetwork Discriminator { get; }

    /// <summary>The generator that is sampled and exported.</summary>
    public GeneratorNetwork AveragedGenerator { get; }

    public NetworkOptimizer GeneratorOptimizer { get; }

    public NetworkOptimizer DiscriminatorOptimizer { get; }

    /// <inheritdoc/>
    public IReadOnlyList<TaskNetwork> Networks =>
    [
        new(GeneratorName, Generator) { Layers = () => NetworkSummary.Of(Generator) },
        new(DiscriminatorName, Discriminator) { Layers = () => NetworkSummary.Of(Discriminator) },
        new(Averaged, AveragedGenerator) { AverageOf = GeneratorName },
    ];

    /// <inheritdoc/>
    public IReadOnlyList<TaskOptimizer> Optimizers =>
        [new(GeneratorName, GeneratorOptimizer), new(DiscriminatorName, DiscriminatorOptimizer)];

    /// <inheritdoc/>
    public Measurements Measurements { get; }

    /// <summary>What regularizers and augmentations remember from step to step.</summary>
    public IEnumerable<(string Name, Tensor Value)> State =>
        _generatorPenalties.Items.SelectMany(p => p.Penalty.State.Select(s => ($"{p.Spec.Name}.{s.Name}", s.Value)))
            .Concat(_augmentation?.State ?? []);

    /// <inheritdoc/>
    public void Read(Captions captions)
    {
        _vectors = tensor(captions.Vectors, [captions.Texts.Count, captions.Encoder.Size], device: _device);
        foreach (var network in new nn.Module[] { Generator, Discriminator, AveragedGenerator })
            foreach (var input in network.modules().OfType<SentenceInput>())
                input.Fit(_vectors, network.modules().OfType<SentenceVectors>());
        _samples.Show(captions, _vectors);
    }

    /// <inheritdoc/>
    public ImageBatch Generate(int first, IReadOnlyList<int> labels) =>
        _medium.ToPictures(FixedLatents.Generate(AveragedGenerator, _options, first, labels, _vectors, _device), first);

    /// <inheritdoc/>
    public ImageBatch DrawSamples() => _medium.ToPictures(_samples.Generate(AveragedGenerator));

    /// <inheritdoc/>
    public SoundBatch? DrawSounds() => _medium.Kind == TrainingMedium.Sounds
        ? _medium.ToSounds(_samples.Generate(AveragedGenerator, Heard)) : null;

    /// <inheritdoc/>
    public VideoBatch? DrawClips() => _medium.Kind == TrainingMedium.Clips
        ? _medium.ToClips(_samples.Generate(AveragedGenerator, SampleClips.CountOf(_options.Size))) : null;

    /// <summary>Trains the discriminator on each batch and on as many fakes, then the generator on the last fakes.</summary>
    /// <param name="step">The step's number, which decides all that is random in it.</param>
    /// <param name="batches">Real images, a batch for each step of the discriminator.</param>
    public void Step(long step, IReadOnlyList<TrainingBatch> batches)
    {
        using var scope = NewDisposeScope();
        var seen = _training.Begin(step, GeneratorOptimizer, DiscriminatorOptimizer);
        _progress = seen / (_options.Kimg * 1000.0);

        if (_shards is null)
            TrainOn(step, batches);
        else
            TrainInShards(_shards, step, batches);
        _average.Update(ExponentialMovingAverage.Decay(_options.ImagesPerStep, _options.AverageHalfLifeKimg, seen));
    }

    private void TrainOn(long step, IReadOnlyList<TrainingBatch> batches)
    {
        for (var i = 0; i < batches.Count - 1; i++)
        {
            using var inner = NewDisposeScope();
            var batch = ToDevice(batches[i]);
            TrainDiscriminator(step * batches.Count + i, batch, FakesWithoutGraph(step * batches.Count + i, batch.Labels));
        }
        var last = ToDevice(batches[^1]);
        var draw = (step + 1) * batches.Count - 1;
        var fakes = Generator.Generate(Latents(draw), last.Labels);
        TrainDiscriminator(draw, last, fakes.detach());
        TrainGenerator(step, last, fakes);
    }

    // As above, of each shard; the last fakes keep their graphs until the generator's turn.
    private void TrainInShards(Shards shards, long step, IReadOnlyList<TrainingBatch> batches)
    {
        var (turns, fakes) = (batches.Count + 1, new Dictionary<int, Tensor>());
        (Tensor Images, Tensor? Labels) reals = default;
        for (var i = 0; i < batches.Count; i++)
        {
            var (draw, last) = (step * batches.Count + i, i == batches.Count - 1);
            reals = ToDevice(batches[i]);
            var latents = Latents(draw);
            var scores = shards.Average(DiscriminatorOptimizer, step * turns + i, shard =>
            {
                var real = Shard(reals, shard);
                using (set_grad_enabled(last))
                    fakes[shard] = Generator.Generate(shards.RowsOfAll(latents, shard), real.Labels);
                if (last)
                    fakes[shard].MoveToOuterDisposeScope();
                var (realScores, fakeScores, batch) = Judged(real, fakes[shard].detach());
                _training.DiscriminatorLoss(draw, realScores, fakeScores, batch).Total.backward();
                return realScores.detach().narrow(0, 0, real.Images.shape[0]);
            });
            _augmentation?.Observe(tensor(scores));
            _training.StepDiscriminator(DiscriminatorOptimizer, draw);
        }
        DiscriminatorOptimizer.SetGradients(false);
        shards.Average(GeneratorOptimizer, step * turns + batches.Count, shard =>
        {
            GeneratorLoss(step, Shard(reals, shard), fakes[shard]).backward();
            return null;
        });
        Measurements.Add(Figures.GeneratorGradientNorm, GeneratorOptimizer.Step(AdversarialTraining.MeasuresNorm(step)));
        DiscriminatorOptimizer.SetGradients(true);

        (Tensor Images, Tensor? Labels) Shard((Tensor Images, Tensor? Labels) part, int shard) =>
            (shards.RowsOf(part.Images, shard), part.Labels is null ? null : shards.RowsOf(part.Labels, shard));
    }

    /// <inheritdoc/>
    public Verdict Judge(long step, TrainingBatch trained, TrainingBatch heldOut)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        // Every step seeds torch's generator anew, so what is drawn here shifts nothing.
        random.manual_seed(_judgeSeeds.Below((ulong)step, int.MaxValue));
        // Networks are asked as they are trained, by the statistics of the batch; what that changes in them is put back.
        Tensor[] buffers = [.. new nn.Module[] { Generator, Discriminator }.SelectMany(network => network.buffers())];
        Tensor[] before = [.. buffers.Select(buffer => buffer.clone())];
        try
        {
            var (known, unknown) = (ToDevice(trained), ToDevice(heldOut));
            var fakes = Generator.Generate(randn([known.Images.shape[0], Generator.LatentSize], device: _device), known.Labels);
            return new(Scores(known.Images, known.Labels), Scores(unknown.Images, unknown.Labels), Scores(fakes, known.Labels));
        }
        finally
        {
            foreach (var (buffer, old) in buffers.Zip(before))
                buffer.copy_(old);
        }
    }

    private float[] Scores(Tensor images, Tensor? labels) =>
        Discriminator.call(Augment(images), labels).to(float32).cpu().contiguous().data<float>().ToArray();

    private void TrainDiscriminator(long draw, (Tensor Images, Tensor? Labels) real, Tensor fakes)
    {
        var (realScores, fakeScores, batch) = Judged(real, fakes);
        _augmentation?.Observe(realScores.detach());
        _training.TrainDiscriminator(DiscriminatorOptimizer, draw, realScores, fakeScores, batch);
    }

    private (Tensor Real, Tensor Fake, DiscriminatorBatch Batch) Judged((Tensor Images, Tensor? Labels) real, Tensor fakes)
    {
        var (realSeen, fakeSeen) = (Augment(real.Images), Augment(fakes));
        var matching = _vectors is null ? null : Discriminator as IJudgesMatches;
        var features = matching?.Features(realSeen);
        var (realScores, fakeScores) = (Score(real.Labels), Discriminator.call(fakeSeen, real.Labels));
        Measurements.Add(Figures.AugmentationProbability, _augmentation?.Probability);
        // Of a clip a penalty sees the scores of it and of its frame as one.
        var batch = new DiscriminatorBatch(images => Discriminator.call(images, real.Labels).reshape(-1, images.shape[0]).sum([0L]),
            realSeen, fakeSeen);
        if (_vectors is null)
            return (realScores, fakeScores, batch);
        var others = real.Labels!.roll(1, 0);
        // Neighbours may have the same caption.
        var differ = others.ne(real.Labels!).any(1).nonzero().squeeze(1);
        return (realScores, fakeScores, batch with
        {
            Matching = (Discriminator.call, real.Labels!),
            Matches = () => Pairs(features, realSeen, real.Labels!),
            Mismatched = differ.shape[0] == 0 ? null : (realScores.index_select(0, differ), Score(others).index_select(0, differ)),
        });

        Tensor Score(Tensor? labels) =>
            features is null ? Discriminator.call(realSeen, labels) : matching!.Score(features, labels);
    }

    private void TrainGenerator(long step, (Tensor Images, Tensor? Labels) real, Tensor fakes)
    {
        DiscriminatorOptimizer.SetGradients(false);
        Measurements.Add(Figures.GeneratorGradientNorm,
            GeneratorOptimizer.Minimize(GeneratorLoss(step, real, fakes), AdversarialTraining.MeasuresNorm(step)));
        DiscriminatorOptimizer.SetGradients(true);
    }

    private Tensor GeneratorLoss(long step, (Tensor Images, Tensor? Labels) real, Tensor fakes)
    {
        var seen = Augment(fakes);
        var matching = _vectors is null ? null : Discriminator as IJudgesMatches;
        var features = matching?.Features(seen);
        var loss = _training.GeneratorLoss(features is null ? Discriminator.call(seen, real.Labels)
            : matching!.Score(features, real.Labels),
            () => Discriminator.call(Augment(real.Images), real.Labels));
        return _generatorPenalties.AddTo(loss, step, p => p.Penalty(GeneratorBatch((int)fakes.shape[0], real.Labels) with
        {
            Matches = _vectors is null ? null : () => Pairs(features, seen, real.Labels!),
        }), Measurements);
    }

    // The images with each other's sentences and with some more, where the discriminator has them at little cost.
    private Tensor Pairs(Tensor? features, Tensor images, Tensor sentences)
    {
        if (features is not null)
            return Contrastive.Scores(((IJudgesMatches)Discriminator).Scores, features, sentences,
                _vectors!.index_select(0, randint(_vectors.shape[0], [Contrasts], device: _device)));
        return Contrastive.Scores((seen, texts) => Discriminator.call(seen.repeat_interleave(texts.shape[0], 0),
            texts.repeat(seen.shape[0], 1))
            .reshape(seen.shape[0], -1), images, sentences, sentences.narrow(0, 0, 0));
    }

    // Half a batch is enough for a mean, and costs half.
    private GeneratorBatch GeneratorBatch(int batchSize, Tensor? labels)
    {
        var count = Math.Max(1, batchSize / 2);
        var some = labels?.narrow(0, 0, count);
        return new(count, Generator.LatentSize, _device,
            latents => Generator.Generate(latents,
                some is null ? null : cat([.. Enumerable.Repeat(some, (int)(latents.shape[0] / count))])))
        {
            Styles = Generator is not IIntermediateLatents styled ? null : () =>
            {
                var (images, styles) = styled.GenerateWithStyles(randn([count, Generator.LatentSize], device: _device), some);
                return new(images, styles);
            },
        };
    }

    private Tensor FakesWithoutGraph(long draw, Tensor? labels)
    {
        using var noGrad = no_grad();
        return Generator.Generate(Latents(draw), labels);
    }

    private Tensor Augment(Tensor images) => _augmentation?.Apply(images, _progress) ?? images;

    private (Tensor Images, Tensor? Labels) ToDevice(TrainingBatch batch) =>
        (_medium.ToValues(batch.Images.to(_device)), Conditions(batch.Labels?.to(_device)));

    // Of captions' numbers their vectors.
    private Tensor? Conditions(Tensor? labels) => _vectors is null ? labels : _vectors.index_select(0, labels!);

    private Tensor Latents(long draw)
    {
        _latents.FillNormal((ulong)draw, _latentBuffer);
        return tensor(_latentBuffer, [_options.BatchSize, Generator.LatentSize], device: _device);
    }

    public void Dispose()
    {
        GeneratorOptimizer.Dispose();
        DiscriminatorOptimizer.Dispose();
        AveragedGenerator.Dispose();
        Measurements.Dispose();
        foreach (var (_, penalty) in _generatorPenalties.Items)
            penalty.Dispose();
        _augmentation?.Dispose();
        _vectors?.Dispose();
    }
}
