using GanOnnx.Inference.Images;
using GanOnnx.Inference.Inputs;
using GanOnnx.Inference.Models;
using GanOnnx.Inference.Runtime;
using GanOnnx.Inference.Runtime.Gathering;

namespace GanOnnx.Inference;

/// <summary>
/// Generates images from a model file: noise in, <c>[N, C, H, W]</c> out. Loads what GanOnnx exports, and generators
/// made by others: what their shapes don't say is in <see cref="ImageGeneratorOptions"/>, or asked for.
/// </summary>
/// <remarks>
/// A model has an input float32 <c>[N, Z]</c>, <c>[N, Z, 1, 1]</c> or <c>[N, L, W]</c> (w+), the latent; it may have a label, integers
/// <c>[N]</c> or <c>[N, 1]</c> or one-hot <c>[N, K]</c>, a prompt's vector <c>text</c>, float32 <c>[N, D]</c>, an input <c>truncation</c>,
/// float32 <c>[N]</c> or one number, and the inputs <c>style_mix</c>, float32 <c>[N, Z]</c>, and <c>style_mix_from</c>, float32 <c>[N]</c>,
/// a second latent and the layer from which on its style counts; and it has an output,
/// float32 or uint8, <c>[N, C, H, W]</c>, <c>[N, H, W, C]</c>, <c>[N, H, W]</c> or <c>[N, C·H·W]</c>, with 1, 3 or 4 channels. All that is
/// float32 may be float16. N is
/// dynamic or fixed; where it is fixed, batches that aren't full are padded. What is handed out is always float32 <c>[N, C, H, W]</c>, −1 …
/// 1, RGB, RGBA or grey. Where there is one truncation for a whole run, a run makes one image.
/// <para>
/// Image i of seed s is the same whatever the batch size, the threads, and what it is gathered with, up to the rounding of
/// differently ordered sums inside ONNX Runtime (1e-5 on the CPU). <see cref="LatentSampler"/> specifies its latent.
/// </para>
/// <para>
/// All members may be called from several threads at once. <c>Generate</c> and <c>FromLatents</c> run in the
/// calling thread and share what there is to do with free threads of the pool; <c>GenerateAsync</c> gathers the images
/// of many small requests into batches. After a first call of the same size no memory is allocated but what is handed out
/// and, per call or batch, some hundred bytes.
/// </para>
/// </remarks>
public sealed class ImageGenerator : IDisposable
{
    private readonly Engine _engine;
    private readonly GeneratorModel _model;
    private readonly RequestQueue _queue;
    private readonly int? _readAhead;

    private ImageGenerator(Engine engine, GeneratorModel model, ImageGeneratorOptions options)
    {
        (_engine, _model, _readAhead) = (engine, model, options.ReadAhead);
        (Provider, Notice) = (engine.Session.Provider, engine.Session.Notice);
        _queue = new(model.Description.Path, engine, model.Shape, options.MaxQueueDelay, options.QueueLimit);
    }

    /// <summary>What the file says and its graph shows.</summary>
    public ModelDescription Model => _model.Description;

    /// <summary>
    /// The execution provider the model runs on, as ONNX Runtime names it: <c>CPUExecutionProvider</c>,
    /// <c>CUDAExecutionProvider</c>. A GPU's provider is named only if it was appended, the session
    /// was made with it, and ONNX Runtime placed an input or output of the model in its memory; single operators it
    /// lacks run on the CPU all the same, which ONNX Runtime doesn't tell. Every <see cref="ImageBatch"/> has it, too.
    /// </summary>
    public string Provider { get; }

    /// <summary>What the user should know, once, about how the model was loaded; null if there is nothing.</summary>
    public string? Notice { get; }

    /// <summary>Images per run of the model, at most.</summary>
    public int BatchSize => _model.Shape.Size;

    /// <summary>Batches that run at the same time, see <see cref="ModelOptions.ParallelBatches"/>; after the first use it is
    /// certain.</summary>
    public int ParallelBatches => _engine.Size;

    /// <summary>What is known of the model.</summary>
    internal GeneratorModel Loaded => _model;

    // Ends the runs under way, and every one that begins, without waiting for them.
    internal void Stop() => _engine.Stop();

    /// <summary>Loads a model.</summary>
    /// <param name="path">An .onnx file, or a folder with <c>model.onnx</c>.</param>
    /// <param name="options">How to run it; null for the defaults.</param>
    /// <param name="cancellation">Ends loading.</param>
    /// <exception cref="ModelException">The file can't be found, read, understood or run, or isn't loaded in time; it has what would
    /// harm the process; the device can't be used; an option is out of its range, or missing.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static ImageGenerator Load(string path, ImageGeneratorOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return LoadOf(GeneratorKind.Images, path, options ?? new(), cancellation);
    }

    // One to which sounds are images of height 1, or clips images of all frames' channels.
    internal static ImageGenerator LoadRows(GeneratorKind kind, string path, ImageGeneratorOptions options, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return LoadOf(kind, path, options, cancellation);
    }

    private static ImageGenerator LoadOf(GeneratorKind kind, string path, ImageGeneratorOptions options, CancellationToken cancellation)
    {
        OptionRules.Check(options);
        path = ModelFile.Find(path);
        return LoadLimit.Run(path, options.Timeout, options.Called, cancellation,
            stop => Open(ModelContent.Read(path, stop), options, kind, stop));
    }

    /// <summary>Generates images of one seed.</summary>
    /// <param name="count">How many (N), at least 1.</param>
    /// <param name="seed">The seed. The default is 0.</param>
    /// <param name="label">The class of all of them, from 0, see <see cref="ModelDescription.FindLabel"/>. The default is
    /// null: a conditional model's labels are drawn evenly, see <see cref="LatentSampler.Label"/>.</param>
    /// <param name="truncation">What goes into the input <c>truncation</c>. The default is null: 1, no truncation, if the
    /// model has that input.</param>
    /// <param name="styleMix">Whose style is mixed into all of them. The default is null: each has its own in all layers.</param>
    /// <param name="first">The number of the first image; a shard begins where the one before ended. The default is 0.</param>
    /// <param name="cancellation">Ends the run under way.</param>
    /// <returns>Images <paramref name="first"/> to <paramref name="first"/> + <paramref name="count"/> − 1 of the seed.</returns>
    /// <exception cref="ModelException">The model can't do what is asked, or failed to run.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The generator is closed, or was closed meanwhile.</exception>
    public ImageBatch Generate(
        int count, ulong seed = 0, int? label = null, float? truncation = null, StyleMix? styleMix = null, ulong first = 0,
        CancellationToken cancellation = default) =>
        Generate(count, new Sample(seed, first, label, styleMix, truncation), cancellation);

    /// <summary>Generates images of one seed, and asks for all that a sample can.</summary>
    /// <param name="count">How many (N), at least 1.</param>
    /// <param name="first">The first of them; those that follow it in its seed are asked for the same.</param>
    /// <param name="cancellation">Ends the run under way.</param>
    /// <returns>The images of the seed from <see cref="Sample.Index"/> on.</returns>
    /// <inheritdoc cref="Generate(int, ulong, int?, float?, StyleMix?, ulong, CancellationToken)" path="exception"/>
    public ImageBatch Generate(int count, Sample first, CancellationToken cancellation = default)
    {
        var rows = new SeedRows(first);
        _model.Inputs.Check(Model, rows.Start);
        var images = NewBatch(count);
        _engine.Run(Work(rows, images.Memory), count, _model.Shape, spread: true, cancellation);
        return images;
    }

    /// <summary>
    /// As <c>Generate</c>, for many callers with few images each: images that wait for the device at the same time are
    /// made in one batch, whoever asked for them, first come, first served.
    /// <see cref="ModelOptions.BatchSize"/> is the largest batch, <see cref="ImageGeneratorOptions.MaxQueueDelay"/> the longest
    /// wait for others, <see cref="ImageGeneratorOptions.QueueLimit"/> the most images that wait. Cancellation takes the images
    /// that wait out of the queue at once; a run that somebody else waits for goes on.
    /// </summary>
    /// <exception cref="QueueFullException">Too many images wait.</exception>
    /// <inheritdoc cref="Generate(int, ulong, int?, float?, StyleMix?, ulong, CancellationToken)"/>
    public Task<ImageBatch> GenerateAsync(
        int count, ulong seed = 0, int? label = null, float? truncation = null, StyleMix? styleMix = null, ulong first = 0,
        CancellationToken cancellation = default) =>
        GenerateAsync(count, new Sample(seed, first, label, styleMix, truncation), cancellation);

    /// <summary>As the other, and asks for all that a sample can.</summary>
    /// <exception cref="QueueFullException">Too many images wait.</exception>
    /// <inheritdoc cref="Generate(int, Sample, CancellationToken)"/>
    public Task<ImageBatch> GenerateAsync(int count, Sample first, CancellationToken cancellation = default)
    {
        var rows = new SeedRows(first);
        _model.Inputs.Check(Model, rows.Start);
        return Enqueue(count, () => NewBatch(count), images => Work(rows, images.Memory), cancellation);
    }

    /// <summary>
    /// Generates images one by one chosen, as <c>--seeds 0,4-6</c> does, a batch at a time as they are asked for; memory
    /// for one batch is held.
    /// </summary>
    /// <param name="samples">Which images, in the order they come.</param>
    /// <param name="truncation">As in <c>Generate</c>, for the samples that have none of their own.</param>
    /// <param name="cancellation">Ends the run under way.</param>
    /// <returns>Batches of <see cref="BatchSize"/> images, the last one of what is left.</returns>
    /// <inheritdoc cref="Generate(int, Sample, CancellationToken)" path="exception"/>
    public IEnumerable<ImageBatch> Stream(
        IEnumerable<Sample> samples, float? truncation = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(samples);
        _model.Inputs.Truncation.Check(Model, new(0, Truncation: truncation));
        return samples.Chunk(BatchSize).Select(batch => FromSamples(batch, truncation, spread: true, cancellation));
    }

    /// <summary>
    /// As <see cref="Stream"/>, and while the reader is busy with a batch, the next ones are made:
    /// <see cref="ModelOptions.ReadAhead"/> of them are held, however many images there are. The samples are read in the reader's
    /// thread, that many batches ahead.
    /// </summary>
    /// <inheritdoc cref="Stream"/>
    public IAsyncEnumerable<ImageBatch> StreamAsync(
        IEnumerable<Sample> samples, float? truncation = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(samples);
        _model.Inputs.Truncation.Check(Model, new(0, Truncation: truncation));
        return AheadOfReader.Run(
            samples.Chunk(BatchSize), (batch, stop) => FromSamples(batch, truncation, spread: false, stop),
            () => _engine.Size, () => _readAhead ?? 2 * _engine.Size, cancellation);
    }

    /// <summary>Generates images from latents of your own, for interpolation or to compare with another program.</summary>
    /// <param name="latents"><c>[N, Z]</c>; its length decides N.</param>
    /// <param name="labels"><c>[N]</c> for a conditional model, else empty.</param>
    /// <param name="truncation">As in <c>Generate</c>.</param>
    /// <param name="cancellation">Ends the run under way.</param>
    /// <inheritdoc cref="Generate(int, Sample, CancellationToken)" path="exception"/>
    public ImageBatch FromLatents(
        ReadOnlyMemory<float> latents, ReadOnlyMemory<int> labels = default, float? truncation = null,
        CancellationToken cancellation = default) => FromLatents(latents, labels, new Sample(0, Truncation: truncation), cancellation);

    /// <summary>As the other, and asks for all that a sample can, in the same way for all images.</summary>
    /// <param name="latents"><c>[N, Z]</c>; its length decides N.</param>
    /// <param name="asked">What is asked for; its seed and index mean nothing.</param>
    /// <param name="cancellation">Ends the run under way.</param>
    /// <inheritdoc cref="Generate(int, Sample, CancellationToken)" path="exception"/>
    public ImageBatch FromLatents(ReadOnlyMemory<float> latents, Sample asked, CancellationToken cancellation = default) =>
        FromLatents(latents, default, asked, cancellation);

    /// <summary>As <see cref="FromLatents(ReadOnlyMemory{float}, Sample, CancellationToken)"/>, for many callers with few images each, as
    /// <c>GenerateAsync</c> is: their images share batches. The latents are read until it is done.</summary>
    /// <param name="latents"><c>[N, Z]</c>; its length decides N.</param>
    /// <param name="asked">What is asked for; its seed and index mean nothing.</param>
    /// <param name="cancellation">Takes the images out of the queue.</param>
    /// <exception cref="QueueFullException">Too many images wait.</exception>
    /// <inheritdoc cref="Generate(int, Sample, CancellationToken)" path="exception"/>
    public Task<ImageBatch> FromLatentsAsync(ReadOnlyMemory<float> latents, Sample asked, CancellationToken cancellation = default)
    {
        var count = CountOf(latents);
        var rows = CheckedRows(latents, default, asked, count);
        return Enqueue(count, () => NewBatch(count), images => Work(rows, images.Memory), cancellation);
    }

    /// <summary>The tensors of a run, as bytes: all inputs, in the places that <see cref="BatchShape.Inputs"/> gives them, and the images as
    /// the model makes them. Through the queue, as <c>GenerateAsync</c>.</summary>
    internal Task<byte[]> RunAsync(ReadOnlyMemory<byte>[] inputs, int count, CancellationToken cancellation) =>
        Enqueue(count, () => new byte[checked(count * Loaded.Shape.Output.RowBytes)], images => new TensorWork(inputs, images),
            cancellation);

    private ImageBatch FromLatents(
        ReadOnlyMemory<float> latents, ReadOnlyMemory<int> labels, Sample asked, CancellationToken cancellation)
    {
        var images = NewBatch(CountOf(latents));
        Make(latents, labels, asked, images.Memory, spread: true, cancellation);
        return images;
    }

    private int CountOf(ReadOnlyMemory<float> latents)
    {
        var (count, rest) = Math.DivRem(latents.Length, Model.LatentSize);
        return count > 0 && rest == 0 ? count : throw Errors.WrongLatents(Model.Path, latents.Length, Model.LatentSize);
    }

    // Into the caller's memory. Free workers take a share where the work is to be spread, else the calling thread makes all the images.
    internal void Make(
        ReadOnlyMemory<float> latents, ReadOnlyMemory<int> labels, Sample asked, ImageMemory images, bool spread,
        CancellationToken cancellation = default)
    {
        var count = latents.Length / Model.LatentSize;
        _engine.Run(Work(CheckedRows(latents, labels, asked, count), images), count, _model.Shape, spread, cancellation);
    }

    private LatentRows CheckedRows(ReadOnlyMemory<float> latents, ReadOnlyMemory<int> labels, Sample asked, int count)
    {
        if (!Finite.Are(latents.Span))
            throw Errors.NotFinite(Model.Path, "latents");
        if (Model.IsConditional && asked.Label is null && labels.Length != count)
            throw Errors.WrongLabels(Model.Path, labels.Length, count);
        var rows = new LatentRows(latents, labels, asked, Model.LatentSize);
        for (var i = 0; i < Math.Max(1, labels.Length); i++)
            _model.Inputs.Check(Model, rows[i]);
        return rows;
    }

    internal void Make(
        ReadOnlyMemory<Sample> samples, float? truncation, ImageMemory images, bool spread, CancellationToken cancellation = default)
    {
        var rows = new SampleRows(samples, truncation);
        for (var i = 0; i < samples.Length; i++)
            _model.Inputs.Check(Model, rows[i]);

        _engine.Run(Work(rows, images), samples.Length, _model.Shape, spread, cancellation);
    }

    /// <summary>
    /// Closes the generator and frees the model. Runs under way are ended, and so are all calls, streams and requests that aren't done,
    /// with <see cref="ObjectDisposedException"/>. Calling it again does nothing.
    /// </summary>
    public void Dispose()
    {
        _queue.Close();
        _engine.Dispose();
    }

    private static ImageGenerator Open(ModelContent content, ImageGeneratorOptions options, GeneratorKind kind, CancellationToken stop)
    {
        var engine = new Engine(content, options, "generate", stop);
        try
        {
            var model = GeneratorModel.Read(content, engine, options, kind, stop);
            if (engine.Session.OnGpu && model.Shape.IsPadded)
                engine.WarmUp(model.Shape, stop);
            return new(engine, model, options);
        }
        catch
        {
            engine.Dispose();
            throw;
        }
    }

    // Memory for the result is allocated where there is room for it in the queue.
    private Task<TResult> Enqueue<TWork, TResult>(int count, Func<TResult> make, Func<TResult, TWork> work, CancellationToken cancellation)
        where TWork : struct, IWork
    {
        if (cancellation.IsCancellationRequested)
            return Task.FromCanceled<TResult>(cancellation);

        var activity = _engine.Telemetry.StartRequest(count);
        try
        {
            _queue.CheckRoom(count);
            var result = make();
            var request = new Request<TWork, TResult>(work(result), count, result, activity?.Context ?? default, cancellation);
            _queue.Add(request);
            return activity is null ? request.Result : Telemetry.End(activity, request.Result);
        }
        catch (Exception e)
        {
            _engine.Telemetry.Refuse(activity, e);
            throw;
        }
    }

    private ImageBatch FromSamples(Sample[] samples, float? truncation, bool spread, CancellationToken cancellation)
    {
        var images = NewBatch(samples.Length);
        Make(samples, truncation, images.Memory, spread, cancellation);
        return images;
    }

    private ImageBatch NewBatch(int count)
    {
        _engine.ThrowIfClosed();
        return count > 0 ? ImageBatch.Create(_model.Form, count, Provider) : throw Errors.WrongCount(count);
    }

    private GeneratorWork<TRows> Work<TRows>(TRows rows, ImageMemory images) where TRows : struct, IRows => new(_model, rows, images);
}
