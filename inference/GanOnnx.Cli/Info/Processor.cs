using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using System.Text;

namespace GanOnnx.Cli.Info;

/// <summary>The processor and what it can do that makes networks faster.</summary>
internal static class Processor
{
    private const int ExtendedLeaves = unchecked((int)0x80000000), FirstNameLeaf = unchecked((int)0x80000002), NameLeaves = 3,
        FeaturesLeaf = 7;

    /// <summary>Its name; where it doesn't tell, its architecture.</summary>
    public static string Name
    {
        get
        {
            if (!X86Base.IsSupported || X86Base.CpuId(ExtendedLeaves, 0).Eax < FirstNameLeaf + NameLeaves - 1)
                return RuntimeInformation.ProcessArchitecture.ToString();
            var name = new List<byte>();
            for (var leaf = 0; leaf < NameLeaves; leaf++)
            {
                var (eax, ebx, ecx, edx) = X86Base.CpuId(FirstNameLeaf + leaf, 0);
                foreach (var register in (int[])[eax, ebx, ecx, edx])
                    name.AddRange(BitConverter.GetBytes(register));
            }
            return Encoding.ASCII.GetString([.. name]).TrimEnd('\0').Trim();
        }
    }

    /// <summary>Of AVX2, AVX-512, their instructions for 8-bit integers (VNNI) and bfloat16, and ARM's: those that it has.</summary>
    public static IReadOnlyList<string> Features =>
    [
        .. X86Base.IsSupported && X86Base.CpuId(0, 0).Eax >= FeaturesLeaf ? X86Features() : [],
        .. AdvSimd.IsSupported ? ["neon"] : Array.Empty<string>(),
        .. Dp.IsSupported ? ["dotprod"] : Array.Empty<string>(),
    ];

    // Whether the system saves the registers, .NET knows; of VNNI and bfloat16 the processor tells.
    private static IEnumerable<string> X86Features()
    {
        var (subleaves, _, ecx, _) = X86Base.CpuId(FeaturesLeaf, 0);
        var more = subleaves >= 1 ? X86Base.CpuId(FeaturesLeaf, 1).Eax : 0;
        if (Avx2.IsSupported)
            yield return "avx2";
        if (Avx2.IsSupported && Bit(more, 4))
            yield return "avx-vnni";
        if (!Avx512F.IsSupported)
            yield break;
        yield return "avx512";
        if (Bit(ecx, 11))
            yield return "avx512-vnni";
        if (Bit(more, 5))
            yield return "avx512-bf16";
    }

    private static bool Bit(int register, int bit) => (register >> bit & 1) == 1;
}
