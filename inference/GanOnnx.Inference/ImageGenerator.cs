using GanOnnx.Inference.Internals;

namespace GanOnnx.Inference;

/// <summary>
/// Generates images from a model file: noise in, <c>[N, C, H, W]</c> out. Loads what GanOnnx exports, and generators
/// made by others whose inputs and outputs have the same shapes.
/// </summary>
/// <remarks>
/// A model has an input float32 <c>[N, Z]</c> or <c>[N, Z, 1, 1]</c>, the latent; it may have an input int64 <c>[N]</c>,
/// the label, and an input <c>truncation</c>, float32 <c>[N]</c>; and it has an output float32 <c>[N, C, H, W]</c>, with
/// values from −1 to 1, or uint8 <c>[N, H, W, C]</c>, with 1 or 3 channels. N is dynamic.
/// <para>
/// Image i of seed s is the same whatever the batch size, up to the rounding of differently ordered sums inside ONNX
/// Runtime (1e-5 on the CPU). <see cref="LatentSampler"/> specifies its latent.
/// </para>
/// <para>
/// All members but <see cref="Dispose"/> may be called from several threads at once. On a CPU, calls in parallel with
/// <see cref="ImageGeneratorOptions.Threads"/> = 1 make the best use of the cores; on a GPU, calls take turns.
/// Dispose when no call is under way.
/// </para>
/// </remarks>
public sealed class ImageGenerator : IDisposable
{
    private readonly Runner _runner;
    private readonly LatentSampler _sampler;
    private readonly (int C, int H, int W) _image;
    private int _disposed;

    private ImageGenerator(ModelDescription model, Session session, Runner runner, (int, int, int) image)
    {
        (Model, _runner, _image) = (model, runner, image);
        (Provider, Notice) = (session.Provider, session.Notice);
        _sampler = new(model.LatentSize, model.LatentDistribution);
    }

    /// <summary>What the file says and its graph shows.</summary>
    public ModelDescription Model { get; }

    /// <summary>
    /// The execution provider the model runs on, as ONNX Runtime names it: <c>CPUExecutionProvider</c>,
    /// <c>CUDAExecutionProvider</c>, or a plug-in's name. A GPU's provider is named only if it was appended, the session
    /// was made with it, and ONNX Runtime placed an input or output of the model in its memory; single operators it
    /// lacks run on the CPU all the same, which ONNX Runtime doesn't tell.
    /// </summary>
    public string Provider { get; }

    /// <summary>What the user should know, once, about how the model was loaded; null if there is nothing.</summary>
    public string? Notice { get; }

    /// <summary>Images per run of the model.</summary>
    public int BatchSize => _runner.BatchSize;

    /// <summary>Loads a model.</summary>
    /// <param name="path">An .onnx file, or a folder with <c>model.onnx</c>.</param>
    /// <param name="options">How to run it; null for the defaults.</param>
    /// <exception cref="ModelException">The file can't be found, read, understood or run; the device can't be used.</exception>
    public static ImageGenerator Load(string path, ImageGeneratorOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new();
        CheckOption(nameof(options.BatchSize), options.BatchSize ?? 1, 1);
        if (options.BatchSize > ImageGeneratorOptions.LargestBatchSize)
            throw Errors.WrongBatchSize(options.BatchSize.Value, ImageGeneratorOptions.LargestBatchSize);
        CheckOption(nameof(options.Threads), options.Threads ?? 1, 1);
        CheckOption(nameof(options.DeviceIndex), options.DeviceIndex, 0);

        path = ModelFile.Find(path);
        var session = Session.Open(path, options);
        try
        {
            var (model, graph) = Contract.Read(path, session.Graph, options);
            var runner = new Runner(path, session, graph, model.LatentSize, options);
            return new(model, session, runner, Contract.ImageShape(model, runner));
        }
        catch
        {
            session.Graph.Dispose();
            throw;
        }
    }

    /// <summary>Generates images of one seed.</summary>
    /// <param name="count">How many (N), at least 1.</param>
    /// <param name="seed">The seed. The default is 0.</param>
    /// <param name="label">The class of all of them, from 0, see <see cref="ModelDescription.FindLabel"/>. The default is
    /// null: a conditional model's labels are drawn evenly, see <see cref="LatentSampler.Label"/>.</param>
    /// <param name="truncation">What goes into the input <c>truncation</c>. The default is null: 1, no truncation, if the
    /// model has that input.</param>
    /// <param name="first">The number of the first image; a shard begins where the one before ended. The default is 0.</param>
    /// <param name="cancellation">Looked at before every batch.</param>
    /// <returns>Images <paramref name="first"/> to <paramref name="first"/> + <paramref name="count"/> − 1 of the seed.</returns>
    /// <exception cref="ModelException">The model can't do what is asked, or failed to run.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public ImageBatch Generate(
        int count, ulong seed = 0, int? label = null, float? truncation = null, ulong first = 0,
        CancellationToken cancellation = default)
    {
        var factor = Check(truncation);
        if (count <= 0)
            throw Errors.WrongCount(count);
        CheckLabel(label);

        return Run(count, Fill, cancellation);

        void Fill(Batch batch, int done, int n)
        {
            _sampler.Fill(seed, first + (ulong)done, batch.Latents.AsSpan(0, n * _sampler.Size));
            batch.Truncation.AsSpan(0, n).Fill(factor);
            if (Model.IsConditional)
                for (var i = 0; i < n; i++)
                    batch.Labels[i] = Label(seed, first + (ulong)(done + i), label);
        }
    }

    /// <summary>
    /// Generates images one by one chosen, as <c>--seeds 0,4-6</c> does, a batch at a time as they are asked for; memory
    /// for one batch is held.
    /// </summary>
    /// <param name="samples">Which images, in the order they come.</param>
    /// <param name="truncation">As in <see cref="Generate"/>.</param>
    /// <param name="cancellation">Looked at before every batch.</param>
    /// <returns>Batches of <see cref="BatchSize"/> images, the last one of what is left.</returns>
    /// <inheritdoc cref="Generate" path="exception"/>
    public IEnumerable<ImageBatch> Stream(
        IEnumerable<Sample> samples, float? truncation = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(samples);
        var factor = Check(truncation);
        return samples.Chunk(BatchSize).Select(batch => GenerateBatch(batch, factor, cancellation));
    }

    /// <summary>Generates images from latents of your own, for interpolation or to compare with another program.</summary>
    /// <param name="latents"><c>[N, Z]</c>; its length decides N.</param>
    /// <param name="labels"><c>[N]</c> for a conditional model, else empty.</param>
    /// <param name="truncation">As in <see cref="Generate"/>.</param>
    /// <param name="cancellation">Looked at before every batch.</param>
    /// <inheritdoc cref="Generate" path="exception"/>
    public ImageBatch FromLatents(
        ReadOnlyMemory<float> latents, ReadOnlyMemory<int> labels = default, float? truncation = null,
        CancellationToken cancellation = default)
    {
        var factor = Check(truncation);
        var count = latents.Length / _sampler.Size;
        if (count == 0 || latents.Length % _sampler.Size != 0)
            throw Errors.WrongLatents(Model.Path, latents.Length, _sampler.Size);
        foreach (var label in labels.Span)
            CheckLabel(label);
        if (Model.IsConditional && labels.Length != count)
            throw Errors.WrongLabels(Model.Path, labels.Length, count);

        return Run(count, Fill, cancellation);

        void Fill(Batch batch, int first, int n)
        {
            latents.Span.Slice(first * _sampler.Size, n * _sampler.Size).CopyTo(batch.Latents);
            batch.Truncation.AsSpan(0, n).Fill(factor);
            if (Model.IsConditional)
                for (var i = 0; i < n; i++)
                    batch.Labels[i] = labels.Span[first + i];
        }
    }

    /// <summary>Frees the model. Calling it again does nothing.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
            _runner.Dispose();
    }

    private ImageBatch GenerateBatch(Sample[] samples, float truncation, CancellationToken cancellation)
    {
        foreach (var sample in samples)
            CheckLabel(sample.Label);

        return Run(samples.Length, Fill, cancellation);

        void Fill(Batch batch, int first, int n)
        {
            batch.Truncation.AsSpan(0, n).Fill(truncation);
            for (var i = 0; i < n; i++)
            {
                var (seed, index, label) = samples[first + i];
                _sampler.Fill(seed, index, batch.Latents.AsSpan(i * _sampler.Size, _sampler.Size));
                if (Model.IsConditional)
                    batch.Labels[i] = Label(seed, index, label);
            }
        }
    }

    private ImageBatch Run(int count, Runner.Fill fill, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        var length = (long)_image.C * _image.H * _image.W;
        if (count * length > Array.MaxLength)
            throw Errors.TooMany(count, length);

        var pixels = GC.AllocateUninitializedArray<float>((int)(count * length));
        _runner.Run(count, _image, pixels, fill, cancellation);
        return new(pixels, count, _image.C, _image.H, _image.W);
    }

    private int Label(ulong seed, ulong index, int? label) => label ?? LatentSampler.Label(seed, index, Model.Classes.Count);

    private void CheckLabel(int? label)
    {
        if (label is { } asked)
            Model.CheckLabel(asked);
        else if (Model.IsConditional && Model.Classes.Count == 0)
            throw Errors.UnknownClasses(Model.Path);
    }

    private float Check(float? truncation)
    {
        if (truncation is { } value && !float.IsFinite(value))
            throw Errors.WrongTruncation(value);
        if (truncation is not null && !Model.HasTruncation)
            throw Errors.NoTruncation(Model.Path);
        return truncation ?? 1;
    }

    private static void CheckOption(string name, int value, int least)
    {
        if (value < least)
            throw Errors.WrongOption(name, value, least);
    }
}
