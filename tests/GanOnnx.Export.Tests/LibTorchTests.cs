using System.Runtime.InteropServices;
using GanOnnx.Export.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Export.Tests;

/// <summary>What is done before libtorch loads, and that what it computes then is right on this machine.</summary>
public sealed partial class LibTorchTests
{
    private const string Needed = "GLIBCXX_3.4.32";

    // Sums of a few dozen products.
    private const double Tolerance = 1e-5;

    // Below what glibc maps without exception, 32 MiB.
    private const int LargeBlock = 30 << 20;

    [TestCase("MKL_CBWR", "AUTO,STRICT")]
    [TestCase("GOMP_SPINCOUNT", "30000")]
    public void Prepare_SetsWhatNativeCodeReads(string name, string value)
    {
        LibTorch.Prepare();

        Assert.That(GetEnvironment(name), Is.EqualTo(Environment.GetEnvironmentVariable(name)).And.EqualTo(value),
            "or the environment of the tests has another");
    }

    [Test]
    public void Prepare_LargeBlocks_ComeFromTheHeapThatKeepsThem()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Ignore("glibc's heap is Linux's.");
        LibTorch.Prepare();

        var before = Heap().MappedBlocks;
        var block = NativeAllocate(LargeBlock);
        var after = Heap().MappedBlocks;
        NativeFree(block);

        Assert.That(block, Is.Not.Zero);
        Assert.That(after, Is.EqualTo(before), "a block that the system maps goes back to it when it is freed");
    }

    [Test]
    public void MakeOptional_TorchSharpsLibrary_ChangesOneFlag()
    {
        var before = File.ReadAllBytes(NativeLibraryPath());
        var after = (byte[])before.Clone();

        Assert.That(ElfVersions.MakeOptional(after, Needed));
        int[] changed = [.. Enumerable.Range(0, before.Length).Where(i => before[i] != after[i])];
        Assert.That(changed, Has.Length.EqualTo(1));
        Assert.That(after[changed[0]] ^ before[changed[0]], Is.EqualTo(2), "VER_FLG_WEAK");
    }

    [Test]
    public void MakeOptional_AVersionThatIsNotNeeded_ChangesNothing()
    {
        var before = File.ReadAllBytes(NativeLibraryPath());
        var after = (byte[])before.Clone();

        Assert.That(ElfVersions.MakeOptional(after, "GLIBCXX_9.9.99"), Is.False);
        Assert.That(after, Is.EqualTo(before));
    }

    [Test]
    public void MakeOptional_ADamagedFile_Returns()
    {
        var library = File.ReadAllBytes(NativeLibraryPath());
        var random = new Random(1);
        for (var i = 0; i < 300; i++)
        {
            var damaged = library[..random.Next(1, library.Length)];
            for (var n = 0; n < 20; n++)
                damaged[random.Next(Math.Min(damaged.Length, 1000))] = (byte)random.Next(256);
            Assert.That(() => ElfVersions.MakeOptional(damaged, Needed), Throws.Nothing);
        }
    }

    // Another version of the package has its functions elsewhere: without them training takes two to four times as long on some
    // virtual machines.
    [Test]
    public void OneDnn_OfThePackage_IsKnown()
    {
        if (OperatingSystem.IsLinux())
            Assert.That(OneDnn.IsKnown(TorchSharpLibrary.LibTorch!));
        else
            Assert.Ignore("Only Linux is told.");
    }

    [Test]
    public unsafe void OneDnn_IsOn()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Ignore("Only on Linux it is ever switched off.");
            return;
        }
        var libtorch = NativeLibrary.Load(TorchSharpLibrary.LibTorch!);
        var context = ((delegate* unmanaged[Cdecl]<nint>)NativeLibrary.GetExport(libtorch, "_ZN2at13globalContextEv"))();
        var isOn = (delegate* unmanaged[Cdecl]<nint, byte>)NativeLibrary.GetExport(libtorch, "_ZNK2at7Context17userEnabledMkldnnEv");
        Assert.That(isOn(context), Is.EqualTo(1));
    }

    // oneDNN on some virtual machines: the images of a batch came out wrong, one at a time right.
    [TestCase(2, 3, 3)]
    [TestCase(1, 1, 4)]
    [TestCase(5, 17, 3)]
    public void ConvTranspose2d_OfABatch_IsThatOfEachImage(int from, int to, int kernel)
    {
        using var scope = NewDisposeScope();
        using var module = nn.ConvTranspose2d(from, to, kernel, stride: 2, padding: 1);
        AssertEachAlone(module, randn(7, from, 5, 5));
    }

    [TestCase(2, 3, 3)]
    [TestCase(1, 1, 4)]
    [TestCase(5, 17, 3)]
    public void Conv2d_OfABatch_IsThatOfEachImage(int from, int to, int kernel)
    {
        using var scope = NewDisposeScope();
        using var module = nn.Conv2d(from, to, kernel, padding: 1);
        AssertEachAlone(module, randn(7, from, 9, 9));
    }

    [Test]
    public void Lstm_OfABatch_IsThatOfEachSequence()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var module = nn.LSTM(3, 5, batchFirst: true);
        var sequences = randn(4, 6, 3);
        var (all, _, _) = module.call(sequences);
        for (var i = 0; i < 4; i++)
            Assert.That(Values(all[i]), Is.EqualTo(Values(module.call(sequences[i].unsqueeze(0)).Item1[0])).Within(Tolerance));
    }

    private static void AssertEachAlone(nn.Module<Tensor, Tensor> module, Tensor images)
    {
        using var noGrad = no_grad();
        var all = module.call(images);
        for (var i = 0; i < images.shape[0]; i++)
            Assert.That(Values(all[i]), Is.EqualTo(Values(module.call(images[i].unsqueeze(0))[0])).Within(Tolerance));
    }

    private static float[] Values(Tensor tensor) => tensor.contiguous().data<float>().ToArray();

    private static string NativeLibraryPath()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Ignore("Only Linux has such libraries.");
        var folders = ((string)AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES")!).Split(Path.PathSeparator);
        return folders.Select(folder => Path.Combine(folder, "libLibTorchSharp.so")).First(File.Exists);
    }

    private static string? GetEnvironment(string name) =>
        OperatingSystem.IsWindows() ? Environment.GetEnvironmentVariable(name) : Marshal.PtrToStringUTF8(NativeGetEnvironment(name));

    [LibraryImport("libc", EntryPoint = "getenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint NativeGetEnvironment(string name);

    [LibraryImport("libc", EntryPoint = "mallinfo2")]
    private static partial HeapState Heap();

    [LibraryImport("libc", EntryPoint = "malloc")]
    private static partial nint NativeAllocate(nint size);

    [LibraryImport("libc", EntryPoint = "free")]
    private static partial void NativeFree(nint block);

    // mallinfo2 of malloc.h.
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct HeapState
    {
        public readonly nint Arena, FreeBlocks, FastBlocks, MappedBlocks, MappedBytes, Unused, FastBytes, UsedBytes, FreeBytes, TopBytes;
    }
}
