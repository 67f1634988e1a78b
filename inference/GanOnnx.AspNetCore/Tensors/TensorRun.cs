using System.Runtime.InteropServices;
using GanOnnx.AspNetCore.Models;
using GanOnnx.AspNetCore.Requests;
using GanOnnx.Inference;
using GanOnnx.Inference.Images;
using GanOnnx.Inference.Runtime;

namespace GanOnnx.AspNetCore.Tensors;

/// <summary>
/// Runs models on the tensors of a request: names, shapes and types are the model's own. Generators' rows go through the queue, a batch at
/// a time, so that many of them take no more room than others.
/// </summary>
internal static class TensorRun
{
    /// <summary>The tensor that a model makes.</summary>
    /// <param name="model">The model.</param>
    /// <param name="inputs">All of its inputs.</param>
    /// <param name="outputs">Which outputs are asked for; none for all.</param>
    /// <param name="options">Limits.</param>
    /// <param name="deadline">The request's.</param>
    /// <exception cref="RequestException">They aren't what the model takes.</exception>
    public static async Task<Tensor> Run(LoadedModel model, IReadOnlyList<Tensor> inputs, IReadOnlyList<string> outputs,
        GanOnnxOptions options, Deadline deadline)
    {
        foreach (var (i, tensor) in inputs.Index())
            if (inputs.Take(i).Any(other => other.Name == tensor.Name))
                throw Errors.Twice(tensor.Name);
        var made = model.Rows is { } generator ? await Generate(model, generator, inputs, options, deadline).ConfigureAwait(false)
            : await Translate(model, model.Translator!, inputs, options, deadline).ConfigureAwait(false);
        return outputs.FirstOrDefault(name => name != made.Name) is { } other ? throw Errors.NoOutput(model.Name, other, made.Name) : made;
    }

    private static async Task<Tensor> Generate(LoadedModel model, ImageGenerator generator, IReadOnlyList<Tensor> inputs,
        GanOnnxOptions options, Deadline deadline)
    {
        var (shape, form) = (generator.Loaded.Shape, generator.Loaded.Form.Shape);
        var given = shape.Inputs.Select(spec => Find(model, inputs, spec.Name)).ToArray();
        if (inputs.Count > given.Length)
            throw Errors.NoInput(model.Name, inputs.First(tensor => !given.Contains(tensor)).Name, shape.Inputs.Select(spec => spec.Name));
        var count = CountOf(given, shape.Inputs);
        CheckPixels(count, form, options);
        for (var i = 0; i < given.Length; i++)
            Check(given[i], shape.Inputs[i], count);
        CheckLabels(generator, given);

        using var place = count > shape.Size ? await model.Place(deadline.Token).ConfigureAwait(false) : null;
        var output = shape.Output;
        var made = new byte[count * output.RowBytes];
        for (var first = 0; first < count; first += shape.Size)
        {
            var rows = Math.Min(shape.Size, count - first);
            var slices = shape.Inputs.Select((spec, i) => spec.IsShared ? given[i].Bytes
                : given[i].Bytes.Slice(first * spec.RowBytes, rows * spec.RowBytes)).ToArray();
            var part = await generator.RunAsync(slices, rows, deadline.Token).ConfigureAwait(false);
            part.CopyTo(made, first * output.RowBytes);
        }
        return new(output.Name, Tensor.NameOf(output.Type), output.Shape(count), made);
    }

    private static async Task<Tensor> Translate(LoadedModel model, ImageTranslator translator, IReadOnlyList<Tensor> inputs,
        GanOnnxOptions options, Deadline deadline)
    {
        var source = translator.Loaded.Source;
        if (inputs.FirstOrDefault(tensor => tensor.Name != source.Tensor.Name) is { } other)
            throw Errors.NoInput(model.Name, other.Name, [source.Tensor.Name]);
        var tensor = Find(model, inputs, source.Tensor.Name);
        var image = ImageOf(tensor, source);
        var count = (int)Math.Min(tensor.Shape[0], int.MaxValue);
        CheckPixels(count, image, options);
        var translation = translator.Loaded.For(image);
        CheckPixels(count, translation.To.Shape, options);
        Check(tensor, translation.Shape.Inputs[0], count);
        using var place = await model.Place(deadline.Token).ConfigureAwait(false);
        var made = await Task.Run(() => translator.Run(translation, tensor.Bytes, count, deadline.Token), deadline.Token)
            .ConfigureAwait(false);
        var output = translation.Shape.Output;
        return new(output.Name, Tensor.NameOf(output.Type), output.Shape(count), made);
    }

    private static ImageShape ImageOf(Tensor tensor, ImageTensor source)
    {
        if (tensor.Shape.Length != source.Tensor.Axes.Count || tensor.Shape.Any(length => length is < 1 or > int.MaxValue))
            throw Errors.WrongShape(tensor, $"{source.Tensor}");
        return tensor.Shape switch
        {
            [_, var c, var h, var w] when source.Layout == ChannelLayout.First => new((int)c, (int)h, (int)w),
            [_, var h, var w, var c] => new((int)c, (int)h, (int)w),
            [_, var h, var w] => new(1, (int)h, (int)w),
            _ => source.Shape ?? throw Errors.WrongShape(tensor, $"{source.Tensor}"),
        };
    }

    private static Tensor Find(LoadedModel model, IReadOnlyList<Tensor> inputs, string name) =>
        inputs.FirstOrDefault(tensor => tensor.Name == name)
            ?? throw Errors.InputMissing(model.Name, name, model.Description.Inputs.Select(input => $"{input}"));

    private static int CountOf(Tensor[] given, IReadOnlyList<TensorSpec> specs)
    {
        for (var i = 0; i < given.Length; i++)
            if (!specs[i].IsShared)
                return given[i].Shape is [>= 1 and <= int.MaxValue, ..] ? (int)given[i].Shape[0]
                    : throw Errors.WrongShape(given[i], Text(specs[i]));
        return 1;
    }

    private static void Check(Tensor tensor, TensorSpec spec, int count)
    {
        if (tensor.Datatype != Tensor.NameOf(spec.Type))
            throw Errors.WrongDatatype(tensor, Tensor.NameOf(spec.Type));
        if (!tensor.Shape.AsSpan().SequenceEqual(spec.Shape(count)))
            throw Errors.WrongShape(tensor, Text(spec));
        var bytes = (spec.IsShared ? 1L : count) * spec.RowBytes;
        if (tensor.Bytes.Length != bytes)
            throw Errors.WrongLength(tensor, bytes);
        if (tensor.Datatype == "FP32" && !Finite.Are(MemoryMarshal.Cast<byte, float>(tensor.Bytes.Span)))
            throw Errors.NotFinite(tensor.Name);
    }

    // A row of a table that isn't there: ONNX Runtime would fail, and all that shares the batch again.
    private static void CheckLabels(ImageGenerator generator, Tensor[] given)
    {
        var label = generator.Loaded.Inputs.Label;
        if (!label.IsTaken || label.Tensors[0].RowLength > 1)
            return;
        var tensor = given[label.First];
        var values = tensor.Bytes.Span;
        if (tensor.Datatype == "INT64")
            foreach (var value in MemoryMarshal.Cast<byte, long>(values))
                generator.Model.CheckLabel(value);
        else
            foreach (var value in MemoryMarshal.Cast<byte, int>(values))
                generator.Model.CheckLabel(value);
    }

    private static void CheckPixels(int count, ImageShape image, GanOnnxOptions options)
    {
        if ((long)count * image.Height > options.MaxPixels || (long)count * image.Height * image.Width > options.MaxPixels)
            throw Errors.TooManyTensorPixels(count, image, options.MaxPixels);
    }

    private static string Text(TensorSpec spec) => $"[{string.Join(", ", spec.IsShared ? spec.Row.Select(length => $"{length}")
        : spec.Row.Select(length => $"{length}").Prepend("N"))}]";
}
