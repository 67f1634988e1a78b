using GanOnnx.Data;
using GanOnnx.Inference;
using GanOnnx.Training.Data;
using GanOnnx.Training.Monitoring;
using GanOnnx.Training.Networks;
using GanOnnx.Training.Tasks;
using TorchSharp;
using static TorchSharp.torch;
using Device = TorchSharp.torch.Device;

namespace GanOnnx.Training.Tests.Tasks;

/// <summary>A task as small as can be: one convolution learns to make an image of its second one.</summary>
internal sealed class SecondImageKind(SecondImages needed) : ITaskKind
{
    public string Description => "an image from its second one";

    public SecondImages SecondImages => needed;

    public IReadOnlyList<OptionChoice> Architectures => [new("dcgan", "what options name if nothing is said")];

    public IReadOnlyList<TrainingOption> OptionsOf(string architecture) => [];

    public IEnumerable<string> Errors(TrainingOptions options) => [];

    public ITrainingTask Create(TrainingOptions options, int channels, int classes, Device device) =>
        new SecondImageTask(options, channels, device);

    public TaskExport CreateExport(TrainingOptions options, int channels, int classes, string? direction = null) =>
        throw new NotSupportedException();
}

internal sealed class SecondImageTask : ITrainingTask
{
    private static readonly Figure _distance = Figure.Extra("distance");

    private readonly nn.Module<Tensor, Tensor> _network;
    private readonly NetworkOptimizer _optimizer;
    private readonly Tensor _sample;

    public SecondImageTask(TrainingOptions options, int channels, Device device)
    {
        _network = nn.Conv2d(channels, channels, 3, padding: 1).to(device);
        InitialWeights.Draw(_network, options.Seed, player: 0, InitialWeights.He);
        _optimizer = new NetworkOptimizer(_network, options.LearningRate, options);
        _sample = zeros(2, channels, options.Size, options.Size, device: device);
        Measurements = new Measurements(device);
    }

    public IReadOnlyList<TaskNetwork> Networks =>
        [new("translator", _network) { Layers = () => NetworkSummary.Of(_network, _ => _network.call(_sample)) }];

    public IReadOnlyList<TaskOptimizer> Optimizers => [new("translator", _optimizer)];

    public IEnumerable<(string Name, Tensor Value)> State => [("sample", _sample)];

    public Measurements Measurements { get; }

    public void Step(long step, IReadOnlyList<TrainingBatch> batches)
    {
        using var scope = NewDisposeScope();
        _optimizer.Schedule(1);
        var made = _network.call(batches[0].SecondImages!.to(float32) / 127.5 - 1);
        var distance = (made - (batches[0].Images.to(float32) / 127.5 - 1)).abs().mean();
        _optimizer.Minimize(distance, measureNorm: false);
        Measurements.Add(_distance, distance);
        using var noGrad = no_grad();
        _sample.copy_(batches[0].SecondImages!.narrow(0, 0, 2).to(float32) / 127.5 - 1);
    }

    public ImageBatch DrawSamples()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var images = _network.call(_sample).clamp(-1, 1).cpu().contiguous();
        return new ImageBatch(images.data<float>().ToArray(), 2, (int)images.shape[1], (int)images.shape[2], (int)images.shape[3]);
    }

    public void Dispose()
    {
        _optimizer.Dispose();
        _sample.Dispose();
        Measurements.Dispose();
    }
}
