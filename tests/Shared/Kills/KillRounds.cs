using System.Globalization;

namespace GanOnnx.Tests.Shared.Kills;

/// <summary>Something that is killed and looked at.</summary>
internal interface IKilled
{
    string Name { get; }

    /// <summary>Kills it at a random moment, goes on with it where that is possible, and throws where something is lost or half
    /// written.</summary>
    /// <returns>How often it was killed; 0 where it ended before.</returns>
    int KillOnce(Random random);
}

/// <summary>Kills in turn until there were as many as asked for.</summary>
internal static class KillRounds
{
    /// <param name="kills">At least as many.</param>
    /// <param name="seed">Decides the moments.</param>
    /// <param name="subjects">What is killed.</param>
    /// <param name="progress">Is told how often each was killed so far.</param>
    /// <returns>How often each was killed.</returns>
    public static string Run(int kills, int seed, IReadOnlyList<IKilled> subjects, Action<string>? progress = null)
    {
        var random = new Random(seed);
        var counts = new int[subjects.Count];
        while (counts.Sum() < kills)
        {
            // The one that was killed least.
            var next = Array.IndexOf(counts, counts.Min());
            counts[next] += subjects[next].KillOnce(random);
            progress?.Invoke(Text());
        }
        return Text();

        string Text() => string.Join(", ",
            subjects.Select((subject, i) => string.Create(CultureInfo.InvariantCulture, $"{subject.Name}: {counts[i]} kills")));
    }

    /// <summary>What the programs do: train three architectures, export, generate, interpolate.</summary>
    public static IReadOnlyList<IKilled> Programs(string home)
    {
        IKilled[] runs =
        [
            new KilledTraining(home, "mlp", "--width", "4"),
            new KilledTraining(home, "dcgan", "--width", "4"),
            new KilledTraining(home, "stylegan2", "--width", "2", "--latent", "16"),
        ];
        return
        [
            .. runs,
            new KilledWriting(home, "export",
                folder => Victim.Start("export", Path.Combine(home, "train mlp unbroken"), "--out", Path.Combine(folder, "m.onnx")),
                folder => Victim.Start("export", Path.Combine(home, "train dcgan unbroken"), "--out", Path.Combine(folder, "m.onnx"))),
            Generating(home),
            new KilledWriting(home, "interpolate",
                folder => Victim.Start("interpolate", "fashion-dcgan", "--seeds", "1,5", "--out", Path.Combine(folder, "walk.gif"), "--unsigned"),
                folder => Victim.Start("interpolate", "fashion-wgan-gp", "--seeds", "2,6", "--out", Path.Combine(folder, "walk.gif"), "--unsigned")),
        ];
    }

    /// <summary>A folder of pictures. Unsigned: a signature is another each time, and files are compared.</summary>
    public static IKilled Generating(string home) => new KilledWriting(home, "generate",
        folder => Victim.Start("generate", "fashion-dcgan", "--seeds", "0-19", "--batch", "2", "--out", folder, "--unsigned"),
        folder => Victim.Start("generate", "fashion-wgan-gp", "--seeds", "0-19", "--batch", "2", "--out", folder, "--unsigned"));
}
