using System.Globalization;
using GanOnnx.Tests.Shared.Translation;

namespace GanOnnx.Benchmarks;

/// <summary>Every task × loss × norm from image to image that is offered: trains, resumes to the bit, exports, agrees with ONNX
/// Runtime.</summary>
internal static class CombinationRun
{
    private const int Steps = 100;

    /// <summary>Prints a line for each.</summary>
    /// <param name="size">Height and width of the images.</param>
    /// <returns>0 where nothing is wrong, else 1.</returns>
    public static int Run(int size)
    {
        var all = Combination.All(size);
        Console.WriteLine($"{all.Count} combinations, {Steps} steps of {size} × {size}, half of them again from a checkpoint");
        Console.WriteLine("| combination | largest difference to ONNX Runtime | |");
        Console.WriteLine("|---|---|---|");
        var folder = Directory.CreateTempSubdirectory("ganonnx-combinations-").FullName;
        try
        {
            var wrong = all.Count(combination => !IsRight(combination, folder));
            Console.WriteLine($"{all.Count - wrong} of {all.Count} are right.");
            return wrong == 0 ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static bool IsRight(Combination combination, string folder)
    {
        var (wrong, difference) = combination.Check(Steps, folder);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {combination} | {difference:0.0e0} | {wrong ?? "right"} |"));
        return wrong is null;
    }
}
