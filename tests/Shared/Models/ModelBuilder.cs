using System.Runtime.InteropServices;
using GanOnnx.Inference;
using GanOnnx.Onnx;
using Google.Protobuf;

namespace GanOnnx.Tests.Shared.Models;

/// <summary>Builds small ONNX models, a line per operator.</summary>
internal sealed class ModelBuilder
{
    public ModelProto Model { get; } = new()
    {
        IrVersion = 8,
        OpsetImport = { new OperatorSetIdProto { Domain = "", Version = 17 } },
        Graph = new GraphProto { Name = "test" },
    };

    /// <summary>Dimensions are a number, or a name where the length is dynamic.</summary>
    public ModelBuilder Input(string name, TensorProto.Types.DataType type, params object[] dimensions)
    {
        Model.Graph.Input.Add(Value(name, type, dimensions));
        return this;
    }

    public ModelBuilder Output(string name, TensorProto.Types.DataType type, params object[] dimensions)
    {
        Model.Graph.Output.Add(Value(name, type, dimensions));
        return this;
    }

    public ModelBuilder Node(string op, string[] inputs, string output, params AttributeProto[] attributes)
    {
        Model.Graph.Node.Add(new NodeProto { OpType = op, Input = { inputs }, Output = { output }, Attribute = { attributes } });
        return this;
    }

    public ModelBuilder Weights(string name, long[] dimensions, float scale, int seed)
    {
        var random = new Random(seed);
        var values = new float[dimensions.Aggregate(1L, (a, b) => a * b)];
        for (var i = 0; i < values.Length; i++)
            values[i] = scale * (float)(2 * random.NextDouble() - 1);
        return Tensor(name, TensorProto.Types.DataType.Float, dimensions, MemoryMarshal.AsBytes<float>(values));
    }

    public ModelBuilder Integers(string name, params long[] values) =>
        Tensor(name, TensorProto.Types.DataType.Int64, [values.Length], MemoryMarshal.AsBytes<long>(values));

    public ModelBuilder Floats(string name, params float[] values) =>
        Tensor(name, TensorProto.Types.DataType.Float, [values.Length], MemoryMarshal.AsBytes<float>(values));

    public ModelBuilder Scalar(string name, float value) =>
        Tensor(name, TensorProto.Types.DataType.Float, [], MemoryMarshal.AsBytes<float>(new[] { value }));

    public ModelBuilder Metadata(ModelMetadata metadata)
    {
        foreach (var (key, value) in metadata.ToProperties())
            Model.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });
        return this;
    }

    public static AttributeProto Ints(string name, params long[] values) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.Ints, Ints = { values } };

    public static AttributeProto Int(string name, long value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.Int, I = value };

    public static AttributeProto Text(string name, string value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.String, S = ByteString.CopyFromUtf8(value) };

    private ModelBuilder Tensor(string name, TensorProto.Types.DataType type, long[] dimensions, ReadOnlySpan<byte> data)
    {
        Model.Graph.Initializer.Add(new TensorProto
        {
            Name = name,
            DataType = (int)type,
            Dims = { dimensions },
            RawData = ByteString.CopyFrom(data)
        });
        return this;
    }

    private static ValueInfoProto Value(string name, TensorProto.Types.DataType type, object[] dimensions)
    {
        var shape = new TensorShapeProto();
        foreach (var dimension in dimensions)
            shape.Dim.Add(dimension is int length
                ? new TensorShapeProto.Types.Dimension { DimValue = length }
                : new TensorShapeProto.Types.Dimension { DimParam = (string)dimension });
        return new() { Name = name, Type = new() { TensorType = new() { ElemType = (int)type, Shape = shape } } };
    }
}
