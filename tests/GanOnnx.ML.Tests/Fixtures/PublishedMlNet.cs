namespace GanOnnx.ML.Tests.Fixtures;

/// <summary>What only the published ML.NET has.</summary>
internal static class PublishedMlNet
{
    /// <summary>The stand-in's assemblies have no strong name.</summary>
    public static bool IsHere { get; } = typeof(MLContext).Assembly.GetName().GetPublicKeyToken() is { Length: > 0 };

    /// <summary>Skips the test by name where the stand-in takes ML.NET's place.</summary>
    public static void Require(string what)
    {
        if (!IsHere)
            Assert.Ignore($"Needs {what} of the published Microsoft.ML, which PackageSource=portable doesn't have. Run it with PackageSource=nuget.");
    }
}
