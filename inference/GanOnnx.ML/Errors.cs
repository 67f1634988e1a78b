using GanOnnx.Inference;
using GanOnnx.Inference.Runtime;
using GanOnnx.ML.Columns;
using GanOnnx.ML.Tensors;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanOnnx.ML;

/// <summary>Every message of the library: what was found, what is expected, what to do.</summary>
internal static class Errors
{
    // The file

    public static ModelException CantRun(string path, Exception e) =>
        new($"ONNX Runtime failed to run '{path}': {LoadFailure.Reason(e)}.", e);

    public static ModelException NoCuda(int index, string reason, Exception? e) =>
        new($"The GPU {index} can't be used: {reason}. Mend that, set FallbackToCpu, or leave GpuDeviceId out.", e);

    // Tensors

    public static ModelException NoTensor(string path, string role, string name, IEnumerable<TensorDescription> there) =>
        new($"'{path}' has no {role} '{name}'. Its {role}s are {List(there)}.");

    public static ModelException InputNotGiven(string path, string name) =>
        new($"'{path}' needs a column for its input '{name}'. Add it to the input columns.");

    public static ModelException WrongTensorType(string path, string name, string type) =>
        new($"'{path}' has '{name}' of type {type}, which ML.NET's columns can't hold in batches. "
            + "Numbers and booleans are supported; cast it in the graph.");

    public static ModelException OpenAxes(string path, TensorDescription input, DataViewSchema.Column column) =>
        new($"'{path}' leaves several axes of its input {Text(input)} open, and the column '{column.Name}' of type {column.Type} "
            + "doesn't tell them. "
            + "Give the column's type its dimensions.");

    // Columns

    public static ModelException NoColumn(string name, IEnumerable<string> there) =>
        new($"There is no column '{name}'. The columns are {string.Join(", ", there)}.");

    public static ModelException WrongColumnType(TensorColumn column, DataViewType found, string path) =>
        new($"The column '{column.Column}' holds {found}; {column.Type} is expected for the input {Text(column.Tensor)} of '{path}'.");

    public static ModelException WrongImageType(string column, DataViewType found, TensorDescription input, string path) =>
        new($"The column '{column}' holds {found}; Single or Byte is expected for the input {Text(input)} of '{path}'.");

    public static ModelException WrongSize(DataViewSchema.Column column, int expected, TensorDescription input, string path) =>
        WrongSize(column, expected, $"the input {Text(input)} of '{path}'");

    public static ModelException WrongSize(DataViewSchema.Column column, int expected, string purpose) =>
        new($"The column '{column.Name}' is {column.Type}; {expected} value{(expected == 1 ? " is" : "s are")} expected for {purpose}.");

    public static ModelException WrongInputType(string column, DataViewType item, bool isVector, string path) =>
        new($"The column '{column}' holds {(isVector ? $"vectors of {item}" : item)}; latents for '{path}', vectors of Single, "
            + "or seeds, whole numbers, are expected.");

    public static ModelException NoPrompts(string path, string column) =>
        new($"'{path}' takes no prompts. Leave the column '{column}' out.");

    public static ModelException PromptsOfLatents(string column, string input) =>
        new($"The prompts in '{column}' go with seeds, and '{input}' has latents. Give a column of seeds.");

    public static ModelException WrongPromptType(string column, DataViewType type) =>
        new($"The prompts in '{column}' are of type {type}; text is expected.");

    public static ModelException WrongLabelType(string column, DataViewType type) =>
        new($"The label column '{column}' is {type}; a class's name (String) or its number (an integer) is expected."
            + (type is KeyDataViewType ? " Take the column from before MapValueToKey." : ""));

    public static ModelException NoLabelColumn(string path, bool isLatent) =>
        new($"'{path}' is conditional{(isLatent ? "" : " but doesn't say which classes it has")}. Give a label "
            + $"column{(isLatent ? "" : ", or the classes in the options")}.");

    public static ModelException Unconditional(string path, string column) =>
        new($"'{path}' is unconditional: it takes no label. Leave the label column '{column}' out.");

    // Rows

    public static ModelException RowFails(DataViewRowId id, Exception cause) =>
        new($"Row {(id.High == 0 ? $"{id.Low}" : id)}: {cause.Message}", cause);

    public static ModelException WrongLength(string column, int found, int expected) =>
        new($"The column '{column}' has {found} values; {expected} are expected.");

    public static ModelException Negative(string column, long value) =>
        new($"The column '{column}' is {value}; at least 0 is expected.");

    public static ModelException NoClass(string path, long label) => new($"'{path}' has no class {label}.");

    // Options and arguments

    public static ModelException WrongOption(string name, int value, string expected) =>
        new($"The option {name} is {value}; {expected}.");

    public static ModelException WrongCount(long count) => new($"{count} images can't be generated. Ask for at least 1.");

    public static ModelException UnknownClasses(string path) =>
        new($"'{path}' is conditional but doesn't say which classes it has. Give labels, or the classes in the options.");

    // Saving

    public static ModelException CantSave(string path, string reason) =>
        new($"The pipeline with '{path}' can't be saved: {reason}.");

    public static ModelException DamagedPipeline(string path, string what, Exception? e) =>
        new($"'{path}' {what}. Copy it or save it again.", e);

    public static ModelException NoSchema() =>
        new("The pipeline was saved without the schema of its input. Save it with one: mlContext.Model.Save(model, data.Schema, path).");

    // Use

    public static ObjectDisposedException Closed(string path) =>
        new(null, $"The model '{path}' is closed: its transformer or data were disposed. A prediction engine does that unless "
            + "OwnsTransformer is false.");

    public static InvalidOperationException NoRow() =>
        new("The cursor is on no row. Call MoveNext first, and ask for values only while it returns true.");

    public static ArgumentException Inactive(string column) =>
        new($"The column '{column}' wasn't asked for when this cursor or row was made.");

    public static InvalidOperationException WrongGetter(string column, Type type, Type asked) =>
        new($"The column '{column}' holds {type}; a getter of {asked} can't read it.");

    // As z Single [N, 128], with ML.NET's names of types.
    private static string Text(TensorDescription tensor) =>
        $"{tensor.Name} {TypeOf(tensor)} "
            + $"[{string.Join(", ", tensor.Axes.Select((axis, i) => axis.Length is { } length ? $"{length}" : i == 0 ? "N" : "?"))}]";

    private static string TypeOf(TensorDescription tensor) => ElementTypes.ToColumn(tensor.Type)?.ToString() ?? tensor.Type;

    private static string List(IEnumerable<TensorDescription> tensors) => string.Join(", ", tensors.Select(Text));
}
