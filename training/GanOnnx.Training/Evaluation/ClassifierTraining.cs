using System.Text.Json;
using GanOnnx.Audio;
using GanOnnx.Data;
using GanOnnx.Evaluation;
using GanOnnx.Export;
using GanOnnx.Export.Native;
using GanOnnx.Inference;
using GanOnnx.Shared;
using GanOnnx.Training.Data;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanOnnx.Training.Evaluation;

/// <summary>What a classifier learns from, and how.</summary>
public sealed record ClassifierOptions
{
    /// <summary>The labelled images: what <c>gan train --data</c> takes.</summary>
    public required string Data { get; init; }

    /// <summary>Which part of the data is meant where it is divided into some, as <c>train</c>. The default is null: it isn't.</summary>
    public string? Split { get; init; }

    /// <summary>How pictures that aren't square become it: <c>crop</c>, <c>pad</c> or <c>stretch</c>. The default is <c>crop</c>.</summary>
    public string Fit { get; init; } = "crop";

    /// <summary>Height and width of the images, in pixels, 8 to 512: those of the models that it is to judge. The default is 32.</summary>
    public int Size { get; init; } = 32;

    /// <summary>1 for grey images, 3 for those in color, as the models make them. The default is null: as the data is.</summary>
    public int? Channels { get; init; }

    /// <summary>What recordings are brought to, as the models make sounds: values of each. The default is 8192.</summary>
    public int Samples { get; init; } = SoundForm.Default.Samples;

    /// <summary>Values of a recording in a second, in Hz. The default is 8000.</summary>
    public int Rate { get; init; } = SoundForm.Default.Rate;

    /// <summary>How often it sees each image, 1 to 100. The default is 3.</summary>
    public int Epochs { get; init; } = 3;

    internal void Validate()
    {
        if (Size is < Classifier.SmallestSize or > 512)
            throw new TrainingException($"A classifier is for images of {Classifier.SmallestSize} to 512 pixels, not {Size}.");
        if (Channels is not (null or 1 or 3))
            throw new TrainingException($"Images have 1 channel or 3, not {Channels}.");
        if (Samples is < 64 or > 1 << 24)
            throw new TrainingException($"Sounds have 64 to {1 << 24:N0} values, not {Samples}.");
        if (Rate is < AudioDescription.LowestRate or > AudioDescription.HighestRate)
            throw new TrainingException($"The rate is {AudioDescription.LowestRate:N0} to {AudioDescription.HighestRate:N0} Hz, not {Rate}.");
        if (Epochs is < 1 or > 100)
            throw new TrainingException($"A classifier can be trained for 1 to 100 epochs, not {Epochs}.");
    }
}

/// <summary>A classifier that was trained.</summary>
/// <param name="File">Its file.</param>
/// <param name="Classes">The classes it tells apart.</param>
/// <param name="Accuracy">The share of the held-out images that it recognises.</param>
/// <param name="LearntFrom">How many images it learnt from.</param>
/// <param name="HeldOut">How many it didn't see.</param>
public sealed record ClassifierResult(string File, IReadOnlyList<string> Classes, double Accuracy, int LearntFrom, int HeldOut);

/// <summary>
/// Trains a small classifier on nine tenths of labelled images, keeps the last tenth to see how good it is, and exports it: by it
/// <see cref="ImageEvaluation"/> tells whether a model obeys its labels. Which images are kept depends on their number alone.
/// </summary>
public sealed class ClassifierTraining
{
    private const int BatchSize = 128, HeldOutPart = 10, FewestImages = 100;

    // Adam's rate in the first epoch, and what part of it is left in the last: large steps first, then small ones to settle.
    private const double FirstRate = 2e-3, LastPart = 0.09;

    private readonly ImageDataset _data;
    private readonly Action<string, long, long> _progress;
    private readonly CancellationToken _stop;

    internal ClassifierTraining(ImageDataset data, Action<string, long, long> progress, CancellationToken stop)
    {
        (_data, _progress, _stop) = (data, progress, stop);
        var order = Enumerable.Range(0, data.Count).ToArray();
        new RandomStream(0, RandomStreams.HeldOut).Shuffle(0, order.AsSpan());
        HeldOut = order[..(order.Length / HeldOutPart)];
        LearntFrom = order[HeldOut.Length..];
    }

    /// <summary>The numbers of the images that training doesn't see.</summary>
    internal int[] HeldOut { get; }

    /// <summary>The numbers of the images that training sees.</summary>
    internal int[] LearntFrom { get; }

    /// <summary>Trains a classifier and writes it; the same images give the same one, to the bit on a CPU with as many threads.</summary>
    /// <param name="options">What it learns from.</param>
    /// <param name="path">The .onnx file to write.</param>
    /// <param name="progress">Is told what is done, how much of it and how much there is; null for nobody.</param>
    /// <param name="stop">Looked at between batches.</param>
    /// <exception cref="TrainingException">The options or the data can't be used.</exception>
    /// <exception cref="ExportException">The file can't be written.</exception>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    public static ClassifierResult Run(ClassifierOptions options, string path, Action<string, long, long>? progress = null,
        CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(path);
        progress ??= (_, _, _) => { };
        options.Validate();
        try
        {
            using var folder = ScratchFolder.InTemp();
            using var source = ImageSources.Open(options.Data, DataOptions.Of(options.Split, options.Fit, options.Size) with
            {
                Sound = new(options.Samples, options.Rate),
            }, stop);
            CheckLabels(options.Data, source);
            using var data = ImageDataset.Decode(options.Data, source, Path.Combine(folder.Path, ImageDataset.FileName), options.Size,
                options.Channels, (done, total) => progress("Decoding", done, total), stop);
            return Run(new ClassifierTraining(data, progress, stop), data, options.Epochs, path);
        }
        catch (DataException e)
        {
            throw new TrainingException(e.Message, e) { Option = e.Option };
        }
    }

    private static ClassifierResult Run(ClassifierTraining training, ImageDataset data, int epochs, string path)
    {
        using var network = training.Train(epochs);
        var confusion = training.Confusion(network);
        var accuracy = (double)confusion.Select((row, i) => row[i]).Sum() / training.HeldOut.Length;
        var metadata = new ModelMetadata
        {
            Task = ModelTask.Score,
            Architecture = "classifier",
            Classes = data.Classes,
            Pixels = new PixelDescription { Channels = data.Channels == 1 ? "grey" : "rgb" },
        };
        var description = new ClassifierDescription(data.Name, training.LearntFrom.Length, training.HeldOut.Length, confusion)
        {
            Sound = data.Sound,
        };
        using var example = zeros([1, data.Channels, data.Size, data.Size]);
        OnnxExporter.Export(network, [example], path, new OnnxExportOptions
        {
            InputNames = ["image"],
            OutputNames = ["features", "scores"],
            Metadata = [.. metadata.ToProperties(),
                new(ImageClassifier.Key, JsonSerializer.Serialize(description, ClassifierDescription.Json))],
        });
        return new(path, data.Classes, accuracy, training.LearntFrom.Length, training.HeldOut.Length);
    }

    /// <summary>Trains a new classifier.</summary>
    internal Classifier Train(int epochs)
    {
        var network = new Classifier(_data.Size, _data.Channels, _data.Classes.Count);
        try
        {
            network.train();
            using var finalizers = new HeldFinalizers();
            for (var epoch = 0; epoch < epochs; epoch++)
                TrainEpoch(network, epoch, epochs, finalizers);
            network.eval();
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>Of the held-out images: of class i, recognised as class j.</summary>
    internal int[][] Confusion(Classifier network)
    {
        using var noGrad = no_grad();
        int[][] confusion = [.. _data.Classes.Select(_ => new int[_data.Classes.Count])];
        foreach (var batch in HeldOut.Chunk(BatchSize))
        {
            _stop.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var recognised = network.Scores(Images(batch)).argmax(1).data<long>().ToArray();
            for (var i = 0; i < batch.Length; i++)
                confusion[_data.Labels[batch[i]]][recognised[i]]++;
        }
        return confusion;
    }

    // Each epoch has an optimizer of its own: a rate can't be changed in both sources of TorchSharp.
    private void TrainEpoch(Classifier network, int epoch, int epochs, HeldFinalizers finalizers)
    {
        using var optimizer = optim.Adam(network.parameters(), FirstRate * Math.Pow(LastPart, epoch / Math.Max(1.0, epochs - 1)));
        var order = (int[])LearntFrom.Clone();
        new RandomStream(0, RandomStreams.ClassifierOrder).Shuffle((ulong)epoch, order.AsSpan());
        var done = (long)epoch * order.Length;
        foreach (var batch in order.Chunk(BatchSize))
        {
            _stop.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var labels = tensor(Array.ConvertAll(batch, image => (long)_data.Labels[image]), [batch.Length, 1]);
            var scores = network.Scores(Images(batch));
            network.zero_grad();
            functional.log_softmax(scores, 1).gather(1, labels).mean().neg().backward();
            optimizer.step();
            _progress("Training the classifier", done += batch.Length, (long)epochs * order.Length);
            finalizers.Rest();
        }
    }

    private Tensor Images(int[] images)
    {
        var length = _data.Channels * _data.Size * _data.Size;
        var pixels = new byte[images.Length * length];
        for (var i = 0; i < images.Length; i++)
            _data.ReadPicture(images[i], pixels.AsSpan(i * length, length));
        return Pixels.ToValues(tensor(pixels, [images.Length, _data.Channels, _data.Size, _data.Size]));
    }

    private static void CheckLabels(string data, IImageSource source)
    {
        if (source.Classes.Count < 2)
            throw new TrainingException($"'{data}' has no labels, and a classifier can't be trained without. Give images in a subfolder per "
                + "class, or IDX images with the labels' file beside them.");
        if (source.Count < FewestImages)
            throw new TrainingException($"'{data}' has {source.Count} images; {FewestImages} are needed to train a classifier and to see how "
                + "good it is.");
    }
}
