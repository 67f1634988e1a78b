namespace GanOnnx.ContentCredentials.Tests;

/// <summary>Damaged and hostile pictures with credentials.</summary>
[NonParallelizable]
public sealed class MutatedCredentialTests
{
    private const int FewInCi = 1500;

    private const long MostMemory = 200 << 20;

    private static readonly byte[][] _pictures = [.. SignedPicture.Formats.SelectMany(name => new[]
    {
        SignedPicture.Make(name),
        SignedPicture.Make(name, 2, Ingredient.Of(new MemoryStream(SignedPicture.Make("a.png", 3)))),
    })];

    [Test]
    public void Read_AnyMutatedPicture_GivesAReportOrACredentialExceptionInTime() => Mutations.Try(FewInCi,
        picture => SignedPicture.Read(picture) is { Actions.Count: > 0 }, e => e is CredentialException,
        random => Mutations.Mutate(_pictures, random), TimeSpan.FromSeconds(5), MostMemory);
}
