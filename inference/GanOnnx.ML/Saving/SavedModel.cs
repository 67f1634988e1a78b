using GanOnnx.Inference.Runtime;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanOnnx.ML.Saving;

/// <summary>
/// A pipeline of ML.NET's own transformers that does, a row at a time, what ours does in batches: copies of columns, the model,
/// copies of columns. Any ML.NET app loads it. How ours was made is in the model's metadata.
/// </summary>
/// <param name="Path">The model file.</param>
/// <param name="Sha256">What was loaded from it.</param>
/// <param name="Settings">How ours was made.</param>
/// <param name="Inputs">The tensors and the columns that fill them.</param>
/// <param name="Outputs">The tensors and the columns that they fill.</param>
internal sealed record SavedModel(
    string Path, string Sha256, SavedSettings Settings, IReadOnlyList<(string Tensor, string Column)> Inputs,
        IReadOnlyList<(string Tensor, string Column)> Outputs)
{
    public void Save(ModelSaveContext context, DataViewSchema input)
    {
        // What is saved is what was loaded, and so checked before ML.NET loads it again.
        var content = ModelContent.Again(Path, Sha256) ?? throw Errors.CantSave(Path, "the file has another model by now");
        // A context of its own: another one's may ask for a GPU, which saving has no use for.
        var transforms = new MLContext().Transforms;
        using var model = OnnxMetadata.Append(content.Bytes, SavedSettings.Key, Settings.ToJson());
        IDataView rows = new EmptyView(input);
        List<ITransformer> steps = [];
        foreach (var (tensor, column) in Inputs)
            // ML.NET gives a scalar two axes, which a tensor with one refuses; a vector of one value gets the tensor's.
            if (input[column].Type is not VectorDataViewType)
                Add(transforms.Concatenate(tensor, column));
            else if (tensor != column)
                Add(transforms.CopyColumns(tensor, column));
        Add(transforms.ApplyOnnxModel([.. Outputs.Select(o => o.Tensor)], [.. Inputs.Select(i => i.Tensor)], model));
        foreach (var (tensor, column) in Outputs.Where(o => o.Tensor != o.Column))
            Add(transforms.CopyColumns(column, tensor));

        using var chain = new TransformerChain<ITransformer>([.. steps]);
        ((ICanSaveModel)chain).Save(context);

        void Add(IEstimator<ITransformer> step)
        {
            steps.Add(step.Fit(rows));
            rows = new EmptyView(steps[^1].GetOutputSchema(rows.Schema));
        }
    }
}
