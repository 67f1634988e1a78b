using System.Text;

namespace GanOnnx.ContentCredentials.Boxes;

/// <summary>The type UUIDs and labels of boxes, C2PA specification 2.2, section 11.1.4.</summary>
internal static class Kinds
{
    public const string CborType = "cbor";

    public const string StoreLabel = "c2pa", AssertionsLabel = "c2pa.assertions", ClaimLabel = "c2pa.claim.v2",
        OldClaimLabel = "c2pa.claim", SignatureLabel = "c2pa.signature", ActionsLabel = "c2pa.actions", IngredientLabel = "c2pa.ingredient",
        DataHashLabel = "c2pa.hash.data", AnyHashLabel = "c2pa.hash.";

    public static Guid Store { get; } = Of("c2pa");

    public static Guid Manifest { get; } = Of("c2ma");

    public static Guid UpdateManifest { get; } = Of("c2um");

    public static Guid CompressedManifest { get; } = Of("c2cm");

    public static Guid Assertions { get; } = Of("c2as");

    public static Guid Claim { get; } = Of("c2cl");

    public static Guid Signature { get; } = Of("c2cs");

    public static Guid Cbor { get; } = Of("cbor");

    private static Guid Of(string letters) => new(
        [.. Encoding.Latin1.GetBytes(letters), 0x00, 0x11, 0x00, 0x10, 0x80, 0x00, 0x00, 0xAA, 0x00, 0x38, 0x9B, 0x71], bigEndian: true);
}
