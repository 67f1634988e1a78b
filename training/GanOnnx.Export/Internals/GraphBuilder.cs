using System.Runtime.InteropServices;
using GanOnnx.Export.Onnx;
using Google.Protobuf;
using TorchSharp;

namespace GanOnnx.Export.Internals;

/// <summary>A value in the graph and what it is for the example input: the shape is known at every step.</summary>
internal sealed record Value(string Name, torch.Tensor Example);

/// <summary>Collects nodes and initializers. Names come from the module's tree, so they are stable and readable.</summary>
internal sealed class GraphBuilder
{
    public GraphProto Proto { get; } = new();

    /// <summary>Adds an operator with one output, named like the node.</summary>
    public string Add(string operatorType, string name, IEnumerable<string> inputs, params ReadOnlySpan<AttributeProto> attributes)
    {
        var node = new NodeProto { OpType = operatorType, Name = name };
        node.Input.AddRange(inputs);
        node.Output.Add(name);
        foreach (var attribute in attributes)
            node.Attribute.Add(attribute);
        Proto.Node.Add(node);
        return name;
    }

    /// <summary>Adds a weight.</summary>
    public string Initializer(string name, torch.Tensor tensor)
    {
        using var scope = torch.NewDisposeScope();
        var proto = new TensorProto
        {
            Name = name,
            DataType = (int)TensorProto.Types.DataType.Float,
            RawData = ByteString.CopyFrom(tensor.detach().contiguous().bytes),
        };
        proto.Dims.AddRange(tensor.shape);
        Proto.Initializer.Add(proto);
        return name;
    }

    /// <summary>Adds a constant list of integers, as Reshape's shape.</summary>
    public string Initializer(string name, ReadOnlySpan<long> values)
    {
        var proto = new TensorProto
        {
            Name = name,
            DataType = (int)TensorProto.Types.DataType.Int64,
            RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(values)),
        };
        proto.Dims.Add(values.Length);
        Proto.Initializer.Add(proto);
        return name;
    }

    /// <summary>Gives the last node's output the graph output's name; a graph without nodes gets an Identity.</summary>
    public void RenameOutput(Value value, string name)
    {
        if (Proto.Node.LastOrDefault() is { } last && last.Output[0] == value.Name)
            last.Output[0] = name;
        else
            Add("Identity", name, [value.Name]);
    }

    public static AttributeProto Attribute(string name, long value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.Int, I = value };

    public static AttributeProto Attribute(string name, float value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.Float, F = value };

    public static AttributeProto Attribute(string name, IEnumerable<long> values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Ints };
        attribute.Ints.AddRange(values);
        return attribute;
    }
}
