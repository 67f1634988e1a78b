namespace GanOnnx.ContentCredentials.Tests;

public sealed class TamperTests
{
    [TestCaseSource(typeof(SignedPicture), nameof(SignedPicture.Formats))]
    public void Read_ManifestOfAnotherPicture_HoldsNot(string name)
    {
        var (signed, other) = (SignedPicture.Make(name, 1), SignedPicture.Plain(name, 6));
        var container = Containers.Container.Find(new MemoryStream(signed))!;
        var store = container.Locate(new MemoryStream(signed))!.Store;
        var place = (int)container.PlaceIn(new MemoryStream(other));
        container.Grow(other, container.LengthOf(store.Length));
        byte[] forged = [.. other[..place], .. container.Wrap(store), .. other[place..]];

        Assert.That(SignedPicture.Read(forged)!.Problems.Select(problem => problem.Code), Is.EqualTo(["assertion.dataHash.mismatch"]));
    }

    [TestCaseSource(typeof(SignedPicture), nameof(SignedPicture.Formats))]
    public void Read_PictureThatWasAddedTo_HoldsNot(string name)
    {
        byte[] longer = [.. SignedPicture.Make(name), 0];
        Assert.That(SignedPicture.Read(longer)!.Problems.Select(problem => problem.Code), Is.EqualTo(["assertion.dataHash.mismatch"]));
    }

    [Test]
    public void Read_CertificateOfAnother_HoldsNot()
    {
        SigningIdentity other;
        do
            other = SigningIdentity.Temporary();
        while (other.Certificate.Length != SignedPicture.Identity.Certificate.Length); // numbers in it may be a byte shorter
        var signed = SignedPicture.Make("a.webp");
        var replaced = other.Certificate.Span;
        var at = signed.AsSpan().IndexOf(SignedPicture.Identity.Certificate.Span);
        replaced.CopyTo(signed.AsSpan(at));
        Assert.That(SignedPicture.Read(signed)!.Holds, Is.False);
    }
}
