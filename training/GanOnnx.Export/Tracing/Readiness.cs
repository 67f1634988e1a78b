using GanOnnx.Export.Graphs;
using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Export;

/// <summary>Whether a module and its examples can be exported at all.</summary>
internal static class Readiness
{
    public static void Check(nn.Module module, IReadOnlyList<Tensor> examples)
    {
        if (module.training)
            throw new ExportException("The module is in training mode, in which its output depends on the batch. Call module.eval() "
                + "before exporting.");
        foreach (var (name, child) in module.named_modules())
            if (child.training)
                throw new ExportException($"'{name}' is in training mode, in which its output may depend on the batch. Call "
                    + "module.eval() before exporting.");
        if (examples.Count == 0)
            throw new ExportException("There is no example. Give one tensor for each of the module's inputs.");
        foreach (var example in examples)
            CheckExample(example);
        foreach (var (name, tensor) in module.state_dict())
            CheckWeight(name, tensor);
        CheckShared(module);
    }

    private static void CheckExample(Tensor example)
    {
        if (example.device_type != DeviceType.CPU)
            throw new ExportException($"The example is on {example.device}; export needs it on the CPU. Call example.cpu() first.");
        if (!(example.dtype is ScalarType.Float32 or ScalarType.Int64) || example.numel() == 0)
            throw new ExportException($"The example has {example.dtype} [{string.Join(", ", example.shape)}]; a float32 or int64 tensor "
                + "with at least one value is needed.");
    }

    private static void CheckWeight(string name, Tensor tensor)
    {
        if (tensor.device_type != DeviceType.CPU)
            throw new ExportException($"'{name}' is on {tensor.device}; export needs the module on the CPU. Call module.cpu() first.");
        using var scope = NewDisposeScope();
        if (tensor.is_floating_point() && tensor.isfinite().all().item<bool>() is false)
            throw new ExportException($"'{name}' has values that aren't finite numbers. Train again from before they appeared.");
    }

    // A module may be called twice; two modules with one tensor would be taken for two tensors by whoever reads the file.
    private static void CheckShared(nn.Module module)
    {
        var owners = new Dictionary<nint, (nn.Module Owner, string Name)>();
        foreach (var (path, owner) in module.named_modules().Prepend(("", module)))
            foreach (var (name, parameter) in owner.named_parameters(recurse: false))
            {
                var full = GraphBuilder.Join(path, name);
                if (!owners.TryAdd(parameter.Handle, (owner, full)) && owners[parameter.Handle].Owner != owner)
                    throw new ExportException($"'{owners[parameter.Handle].Name}' and '{full}' are one parameter. Give each module its "
                        + "own, or call the one module twice.");
            }
    }
}
