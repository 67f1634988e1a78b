using System.Buffers.Binary;
using System.Diagnostics;
using System.Formats.Cbor;
using GanOnnx.ContentCredentials.Boxes;
using GanOnnx.ContentCredentials.Containers;

namespace GanOnnx.ContentCredentials.Tests;

/// <summary>Manifest stores that were made to do harm, in a picture.</summary>
public sealed class HostileTests
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(5);

    private static IEnumerable<TestCaseData> Stores()
    {
        yield return Case("empty", [0, 0, 0, 8, .. "jumb"u8], "a superbox has no description");
        yield return Case("another kind", JumbfWriter.Superbox(Kinds.Manifest, "c2pa"), "the store is of another kind");
        yield return Case("a box of no length", Store([0, 0, 0, 0, .. "jumb"u8]), "a box says that it has 0 bytes");
        yield return Case("a box longer than what it is in", Store([0, 0, 1, 0, .. "jumb"u8]), "a box says that it has 256 bytes");
        yield return Case("a box of 4 GB", Store([255, 255, 255, 255, .. "jumb"u8]), "a box says that it has 4294967295 bytes");
        yield return Case("boxes in boxes", Store(Nested(2000)), "boxes are nested more than 8 deep");
        yield return Case("many boxes", Store(Repeated([0, 0, 0, 8, .. "free"u8], 5000)), "or are more than 4096");
        yield return Case("two manifests of a name", Store([.. Manifest([]), .. Manifest([])]), "two manifests have one name");
        yield return Case("CBOR without end", Store(Manifest(Repeated([0x81], 100_000))), "CBOR is nested more than 16 deep");
        yield return Case("CBOR tags without end", Store(Manifest([0xA1, 0x61, (byte)'a', .. Repeated([0xC1], 200_000)])), "too many tags");
        yield return Case("CBOR of a great length", Store(Manifest([0x9B, 0x3F, .. Repeated([0xFF], 7)])), "CBOR can't be read");
        yield return Case("CBOR text of a great length", Store(Manifest([0x7B, 0, 0, 0, 1, 0, 0, 0, 0])), "CBOR can't be read");
        yield return Case("CBOR of many items", Store(Manifest([0x9A, 0, 3, 0, 0, .. Repeated([0x01], 3 << 16)])), "more than 100000 items");
        yield return Case("CBOR with a key twice", Store(Manifest([0xA2, 0x61, 0x61, 1, 0x61, 0x61, 2])), "CBOR can't be read");
        yield return Case("a claim that is no map", Store(Manifest([0x01])), "a CBOR value is no map");
        yield return Case("references to nothing", Store(Manifest(Claim("self#jumbf=c2pa.assertions/none"))), "'none' is missing");
        yield return Case("references to the manifest itself", Store(Manifest(Claim($"self#jumbf=/c2pa/{Label}"))), "isn't in its manifest");
        yield return Case("no claim", Store(JumbfWriter.Superbox(Kinds.Manifest, Label)), "has 0 claims");

        static TestCaseData Case(string name, byte[] store, string reason) => new TestCaseData(store, reason).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Stores))]
    public void Read_HostileStore_SaysWhatIsWrong(byte[] store, string reason)
    {
        // A segment of a JPEG that doesn't begin as credentials do is something else.
        var isStore = store.AsSpan().IndexOf("c2pa"u8) == 2 * JumbfBox.HeaderLength;
        foreach (var name in SignedPicture.Formats.Where(name => isStore || !name.EndsWith("jpg", StringComparison.Ordinal)))
        {
            var time = Stopwatch.StartNew();
            var report = SignedPicture.Read(With(name, store))!;
            Assert.That(report.Problems.Select(problem => problem.Message), Has.Some.Contains(reason), name);
            Assert.That(time.Elapsed, Is.LessThan(_limit));
        }
    }

    [TestCaseSource(typeof(SignedPicture), nameof(SignedPicture.Formats))]
    public void Read_TwoStores_HoldsNot(string name)
    {
        var picture = With(name, Store(Manifest([])));
        var container = Container.Find(new MemoryStream(picture))!;
        var store = container.Locate(new MemoryStream(picture))!.Store;
        var place = (int)container.PlaceIn(new MemoryStream(picture));
        byte[] twice = [.. picture[..place], .. container.Wrap(store), .. picture[place..]];
        Assert.That(SignedPicture.Read(twice)!.Problems.Single().Message, Does.Contain("two manifest stores"));
    }

    [Test]
    public void Read_StoreThatSaysItIsHuge_IsRefusedUnread()
    {
        var png = With("a.png", Store([]));
        BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan((int)Container.Find(new MemoryStream(png))!.PlaceIn(new MemoryStream(png))),
            int.MaxValue);
        Assert.That(SignedPicture.Read(png)!.Problems.Single().Message, Does.Contain("2147483647 bytes, more than 16777216"));
    }

    /// <summary>A bit here and there, but for the descriptions of boxes, which only say what comes.</summary>
    [TestCaseSource(typeof(SignedPicture), nameof(SignedPicture.Formats))]
    public void Read_PictureWithABitChanged_HoldsNot(string name)
    {
        var signed = SignedPicture.Make(name);
        var located = Container.Find(new MemoryStream(signed))!.Locate(new MemoryStream(signed))!;
        var unnoticed = new List<int>();
        for (var at = 0; at < signed.Length; at += 3)
        {
            var changed = signed.ToArray();
            changed[at] ^= (byte)(1 << at % 8);
            try
            {
                if (SignedPicture.Read(changed) is { Holds: true })
                    unnoticed.Add(at);
            }
            catch (CredentialException)
            {
                // the first bytes
            }
        }
        // What says that a box has a label, and how its segments are numbered in a JPEG.
        Assert.That(unnoticed, Has.Count.LessThan(10).And.All.InRange(located.Start, located.Start + located.Length));
    }

    // That of the store: header, type UUID, toggles, label.
    private const int DescriptionLength = JumbfBox.HeaderLength + 16 + 1 + 5;

    private static readonly byte[] Odd = [0, 0, 0, 9, .. "free"u8, 0];

    private const string Label = "urn:c2pa:00000000-0000-4000-8000-000000000000";

    private static byte[] With(string name, byte[] store)
    {
        if (store.Length % 2 != 0 && store.Length > 2 * JumbfBox.HeaderLength)
            store = JumbfWriter.Superbox(Kinds.Store, Kinds.StoreLabel, store[(JumbfBox.HeaderLength + DescriptionLength)..], Odd);
        var picture = SignedPicture.Plain(name);
        var container = Container.Find(new MemoryStream(picture))!;
        var place = (int)container.PlaceIn(new MemoryStream(picture));
        container.Grow(picture, container.LengthOf(store.Length));
        return [.. picture[..place], .. container.Wrap(store), .. picture[place..]];
    }

    private static byte[] Store(byte[] content) => JumbfWriter.Superbox(Kinds.Store, Kinds.StoreLabel, content);

    private static byte[] Manifest(byte[] claim) => JumbfWriter.Superbox(Kinds.Manifest, Label,
        JumbfWriter.Superbox(Kinds.Assertions, Kinds.AssertionsLabel), JumbfWriter.Cbor(Kinds.Claim, Kinds.ClaimLabel, claim));

    private static byte[] Claim(string uri)
    {
        var writer = new CborWriter();
        writer.WriteStartMap(1);
        writer.WriteTextString("created_assertions");
        writer.WriteStartArray(1);
        writer.WriteStartMap(2);
        writer.WriteTextString("url");
        writer.WriteTextString(uri);
        writer.WriteTextString("hash");
        writer.WriteByteString(new byte[32]);
        writer.WriteEndMap();
        writer.WriteEndArray();
        writer.WriteEndMap();
        return writer.Encode();
    }

    private static byte[] Nested(int depth)
    {
        byte[] box = [];
        for (var i = 0; i < depth; i++)
            box = JumbfWriter.Superbox(Kinds.Manifest, "a", box);
        return box;
    }

    private static byte[] Repeated(byte[] piece, int times) => [.. Enumerable.Repeat(piece, times).SelectMany(bytes => bytes)];
}
