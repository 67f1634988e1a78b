using GanOnnx.Export.Converters;
using static TorchSharp.torch;

namespace GanOnnx.Export.Tests.Coverage;

/// <summary>No type of TorchSharp is forgotten: each is exported, or the reason why it isn't is written down.</summary>
public sealed class InventoryTests
{
    private static readonly string[] Containers =
        ["Sequential", "ModuleList", "ModuleDict", "ParameterList", "ParameterDict", "Module", "HookableModule", "HookableScriptModule"];

    [Test]
    public void EveryModuleType_IsExportedOrHasAReason()
    {
        var types = typeof(nn.Module).Assembly.GetExportedTypes().Where(t => t.IsAssignableTo(typeof(nn.Module)) && !t.IsAbstract).ToList();
        var known = KnownModules.Converters.Keys.Select(t => t.Name).Concat(KnownModules.NotCovered.Keys).Concat(Containers);

        Assert.That(types.Select(t => t.Name.Split('`')[0]).Distinct().Except(known), Is.Empty);
        Assert.That(types, Has.Count.GreaterThan(50));
    }

    [Test]
    public void Reasons_AreTheRestOfASentence() =>
        Assert.That(KnownModules.NotCovered.Values, Is.All.Matches("^[a-zT].*[.]$"), "starts small, or with a name");

    [Test]
    public void NoType_IsBothExportedAndNot() =>
        Assert.That(KnownModules.Converters.Keys.Select(t => t.Name).Intersect(KnownModules.NotCovered.Keys), Is.Empty);
}
