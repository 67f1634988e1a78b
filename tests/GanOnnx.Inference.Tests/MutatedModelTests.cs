using System.Buffers.Binary;
using GanOnnx.Onnx;
using GanOnnx.Tests.Shared.Models;
using Google.Protobuf;
using static GanOnnx.Onnx.TensorProto.Types;

namespace GanOnnx.Inference.Tests;

/// <summary>Damaged models are loaded and run, or refused with a <see cref="ModelException"/>, in time and in little memory.</summary>
public sealed class MutatedModelTests : IDisposable
{
    private static readonly byte[][] Files =
    [
        .. new[]
        {
            TestModels.Generator(TestModels.Metadata), TestModels.Conditional(["zero", "one", "two"], 3), TestModels.Styled("cat", "dog"),
            TestModels.Truncated(), ForeignModels.Tiny(), ForeignModels.Generator(0, 255, last: true, bytes: true),
            ForeignModels.Upscaler("N", 3, "H", "W"), HostileModels.Endless(isTold: false), HostileModels.ZeroStrideOfAFunction(),
        }.Select(builder => builder.Model.ToByteArray()),
    ];

    private readonly ModelFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Test]
    public void Load_AMutatedModel_RunsOrIsRefused()
    {
        var options = new ImageGeneratorOptions
        {
            Device = Device.Cpu,
            Threads = 1,
            ParallelBatches = 1,
            // Some of them never end.
            Timeout = TimeSpan.FromSeconds(0.5),
        };
        Mutations.Try(200, file =>
        {
            using var generator = ImageGenerator.Load(_folder.Save(file, "mutated.onnx"), options);
            generator.Generate(2, label: generator.Model.IsConditional ? 0 : null);
            return true;
        }, e => e is ModelException, random => random.Next(4) == 0 ? Mutations.Mutate(Files, random)
            : MutateGraph(ModelProto.Parser.ParseFrom(Files[random.Next(Files.Length)]), random).ToByteArray(),
                limit: TimeSpan.FromSeconds(10), mostMemory: 4L << 30);
    }

    // Whole files that lie: what damage by the byte seldom reaches.
    private static ModelProto MutateGraph(ModelProto model, Random random)
    {
        string[] operators = ["Conv", "ConvTranspose", "MaxPool", "Resize", "Div", "Mod", "Gather", "Reshape", "Pad", "Tile", "Expand", "Loop",
            "DepthToSpace", "SpaceToDepth", "InstanceNormalization", "LayerNormalization", "Einsum", "Split", "Range", "OneHot", "TopK"];
        string[] attributes = ["strides", "dilations", "pads", "kernel_shape", "group", "axis", "blocksize", "output_padding", "perm", "to"];
        var graph = model.Graph;
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            var node = graph.Node[random.Next(graph.Node.Count)];
            var weight = graph.Initializer.Count > 0 ? graph.Initializer[random.Next(graph.Initializer.Count)] : new();
            switch (random.Next(9))
            {
                case 0 when node.Attribute.Count > 0:
                    var attribute = node.Attribute[random.Next(node.Attribute.Count)];
                    if (attribute.Ints.Count > 0)
                        attribute.Ints[random.Next(attribute.Ints.Count)] = Lie(random);
                    else
                        attribute.I = Lie(random);
                    break;
                case 1: node.Attribute.Add(ModelBuilder.Ints(attributes[random.Next(attributes.Length)], Lie(random), Lie(random))); break;
                case 2: node.Attribute.Add(ModelBuilder.Int(attributes[random.Next(attributes.Length)], Lie(random))); break;
                case 3 when weight.Dims.Count > 0: weight.Dims[random.Next(weight.Dims.Count)] = Lie(random); break;
                case 4 when weight.DataType == (int)DataType.Int64 && weight.RawData.Length >= sizeof(long):
                    var bytes = weight.RawData.ToByteArray();
                    BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(random.Next(bytes.Length / sizeof(long)) * sizeof(long)),
                        Lie(random));
                    weight.RawData = ByteString.CopyFrom(bytes);
                    break;
                case 5: node.OpType = operators[random.Next(operators.Length)]; break;
                case 6 when node.Input.Count > 0:
                    node.Input[random.Next(node.Input.Count)] = graph.Initializer.Count > 0 && random.Next(2) == 0 ? weight.Name
                        : graph.Input[0].Name;
                    break;
                case 7 when graph.Input[0].Type.TensorType.Shape.Dim.Count > 1:
                    graph.Input[0].Type.TensorType.Shape.Dim[random.Next(2)] = new() { DimValue = Lie(random) };
                    break;
                default: node.Domain = random.Next(8) == 0 ? "com.microsoft" : node.Domain; break;
            }
        }
        return model;
    }

    private static long Lie(Random random)
    {
        long[] lies = [0, 1, 2, 3, -1, -2, 255, 65_536, 1_000_000, int.MaxValue, uint.MaxValue, long.MaxValue, long.MinValue, 1L << 40];
        return lies[random.Next(lies.Length)];
    }
}
