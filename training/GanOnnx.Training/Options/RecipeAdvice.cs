using System.Globalization;
using GanOnnx.Data;
using GanOnnx.Imaging;
using static System.FormattableString;

namespace GanOnnx.Training;

/// <summary>What a run's pictures suggest where nobody said otherwise: a preset and options, each with its reason.</summary>
/// <param name="Preset">The name of the preset to begin with, with the reason; null for the defaults.</param>
/// <param name="Options">Options beside it.</param>
public sealed record RecipeAdvice(AdvisedOption? Preset, IReadOnlyList<AdvisedOption> Options)
{
    private const string PresetKey = "preset", WaveGan = "wavegan", Mocogan = "mocogan";
    private const int Looked = 12, LookedAtSize = 32;

    // What presets and defaults have.
    private const int SmallestSize = 32;

    // Below this many the discriminator learns them by heart (Karras et al. 2020, figure 1: from a few thousand on it takes longer).
    private const int Few = 2000;

    private const int VeryFew = 100;

    // A class of fewer has too little of its own to be learnt apart.
    private const int LeastInClass = 100;

    // As many times each picture is shown: the classics' lengths on their data sets, 25 to 100.
    private const int Passes = 50;
    private const int LeastKimg = 200, MostKimg = 2000;

    // Options that a preset decides together; who says one of them has a recipe of his own. Of sounds and clips there is one alone.
    private static readonly string[] _recipe = ["task", "architecture", "loss", "regularizers", "condition"], _recipeOfMedium = ["task", "architecture"];

    // What is advised, from the first rule of each key that has a value; the reason follows it.
    private static readonly Rule[] _rules =
    [
        new(PresetKey, data => data.AreRecordings ? WaveGan : null, _ => "the data is recordings, of which it makes others"),
        new(PresetKey, data => data.AreClips ? Mocogan : null, _ => "the data is clips, of which it makes others"),
        new("condition", data => (data.AreRecordings || data.AreClips) && data.HasLabels ? "projection" : null, LabelsReason),
        new(PresetKey, data => data.Images < Few ? "small-data" : null,
            data => (data.Images == 1 ? "1 picture is" : Invariant($"{data.Images:#,0} pictures are")) + " few: StyleGAN2 with adaptive "
                + "augmentation, which keeps the discriminator from learning them by heart"
                + (data.Images < VeryFew ? Invariant($"; of fewer than {VeryFew} expect copies of them, and little that is new") : "")),
        new(PresetKey, data => data.IsGrey ? null : "dcgan-r1",
            _ => "in colour the classic DCGAN can make one picture for all latents; R1, differentiable augmentation and small batches "
                + "keep this one varied"),
        new(PresetKey, data => data.HasLabels ? "cgan" : null, LabelsReason),
        new("condition", data => data.HasLabels && !data.IsGrey && data.Images >= Few ? "projection" : null, LabelsReason),
        // The preset for colours has a larger size than the others.
        new("size", data => !data.AreClips && data.SizeOf(data.Cuda ? 128 : 64) is var size
                && (size > SmallestSize || (!data.IsGrey && data.Images >= Few)) ? size : null,
            data => $"the smallest picture has {data.Smallest} px"
                + (data.Cuda || data.SizeOf(128) == data.SizeOf(64) ? "" : ", and on a CPU larger ones take days")),
        new("channels", data => data.IsGrey && data.Channels != 1 ? 1 : null, _ => "the pictures are grey"),
        new("kimg", data => data.Images < Few || data.AreClips ? null
            : Math.Clamp((int)Math.Round(data.Images * Passes / 10_000.0) * 10, LeastKimg, MostKimg),
            data => Invariant($"{Passes} times the {data.Images:#,0} {data.What}, within {LeastKimg} and {MostKimg:#,0}")),
    ];

    private static string LabelsReason(Facts data) =>
        Invariant($"the {data.What} are in {data.Classes:#,0} classes of {data.SmallestClass:#,0} or more: with labels each can be asked for");

    /// <summary>The preset that would be advised, had not options been said that go with another recipe, and the reason; null where there
    /// is none.</summary>
    public AdvisedOption? LeftPreset { get; private init; }

    /// <summary>Whether there is nothing to advise.</summary>
    public bool IsEmpty => Preset is null && Options.Count == 0;

    /// <summary>The options as values for <see cref="TrainingOptions.With"/>.</summary>
    public IEnumerable<KeyValuePair<string, object>> Values => Options.Select(option => KeyValuePair.Create(option.Key, option.Value));

    /// <summary>What of it remains where people say some options themselves.</summary>
    /// <param name="keys">The <see cref="TrainingOption.Key"/> of each.</param>
    public RecipeAdvice Without(IEnumerable<string> keys)
    {
        var said = keys.ToHashSet();
        var recipe = Preset?.Value is WaveGan or Mocogan ? _recipeOfMedium : _recipe;
        var hasRecipe = recipe.Any(said.Contains);
        return new(hasRecipe ? null : Preset,
            [.. Options.Where(option => !said.Contains(option.Key) && !(hasRecipe && _recipe.Contains(option.Key)))])
        {
            LeftPreset = hasRecipe ? Preset : null,
        };
    }

    /// <summary>What a source of pictures suggests; nothing where its pictures' sizes aren't known, as those of arrays.</summary>
    internal static RecipeAdvice Of(IImageSource source, bool cuda)
    {
        var summary = DataSummary.Of(source, LookedAtSize);
        var smallestClass = summary.Classes.Select(c => c.Images).DefaultIfEmpty().Min();
        if (source is IRecordings)
            return Of(new Facts(source.Count, default, summary.Classes.Count, smallestClass, IsGrey: true, Channels: 1, cuda)
            {
                AreRecordings = true,
            });
        if (source is IClips)
            return Of(new Facts(source.Count, default, summary.Classes.Count, smallestClass, source.Channels == 1, source.Channels, cuda)
            {
                AreClips = true,
            });
        return summary.Smallest is not { } smallest ? new(null, [])
            : Of(new Facts(source.Count, smallest, summary.Classes.Count, smallestClass, source.Channels == 1 || IsGrey(source),
                source.Channels, cuda)
            {
                AreClips = source is ImageFiles files && AreAnimations(files),
            });
    }

    // Of some from everywhere each has as many frames as clips have; as pictures they would show the first.
    private static bool AreAnimations(ImageFiles files)
    {
        var count = Math.Min(Looked, files.Count);
        return Enumerable.Range(0, count).All(i => files.FramesOf((int)((long)i * files.Count / count)) >= ClipFrames.Default);
    }

    /// <summary>What facts suggest.</summary>
    internal static RecipeAdvice Of(Facts data)
    {
        AdvisedOption[] advised =
        [
            .. from rule in _rules
               let value = rule.Value(data)
               where value is not null
               group new AdvisedOption(rule.Key, value, rule.Reason(data)) by rule.Key into options
               select options.First(),
        ];
        return new(advised.FirstOrDefault(option => option.Key == PresetKey), [.. advised.Where(option => option.Key != PresetKey)]);
    }

    // A few from everywhere.
    private static bool IsGrey(IImageSource source)
    {
        var count = Math.Min(Looked, source.Count);
        var read = 0;
        for (var i = 0; i < count; i++)
            try
            {
                var pixels = source.Read((int)((long)i * source.Count / count), LookedAtSize, 3);
                for (var p = 0; p < pixels.Length; p += 3)
                    if (pixels[p] != pixels[p + 1] || pixels[p] != pixels[p + 2])
                        return false;
                read++;
            }
            catch (ImageException)
            {
                // Others are fine.
            }
        return read > 0;
    }

    /// <summary>What is looked at.</summary>
    /// <param name="Images">How many pictures there are.</param>
    /// <param name="Smallest">The smallest.</param>
    /// <param name="Classes">How many classes; 0 without labels.</param>
    /// <param name="SmallestClass">The pictures of the smallest class.</param>
    /// <param name="IsGrey">Whether none of some has a colour.</param>
    /// <param name="Channels">How many channels they would be read with.</param>
    /// <param name="Cuda">Whether it is trained on a GPU.</param>
    internal sealed record Facts(int Images, PictureSize Smallest, int Classes, int SmallestClass, bool IsGrey, int Channels, bool Cuda)
    {
        /// <summary>Whether they are recordings, not pictures. The default is pictures.</summary>
        public bool AreRecordings { get; init; }

        /// <summary>Whether they are clips. The default is pictures.</summary>
        public bool AreClips { get; init; }

        /// <summary>What messages call them.</summary>
        public string What => AreRecordings ? "recordings" : AreClips ? "clips" : "pictures";

        /// <summary>Whether there are several classes, each with enough to be learnt apart.</summary>
        public bool HasLabels => Classes >= 2 && SmallestClass >= LeastInClass;

        /// <summary>The largest size that networks have which no picture is enlarged to.</summary>
        public int SizeOf(int most)
        {
            var side = Math.Min(Smallest.Width, Smallest.Height);
            return side >= 128 && most >= 128 ? 128 : side >= 64 && most >= 64 ? 64 : SmallestSize;
        }
    }

    private sealed record Rule(string Key, Func<Facts, object?> Value, Func<Facts, string> Reason);
}

/// <summary>An option that is advised.</summary>
/// <param name="Key">Its <see cref="TrainingOption.Key"/>; for a preset, <c>preset</c>.</param>
/// <param name="Value">Its value.</param>
/// <param name="Reason">Why, without a period at the end.</param>
public sealed record AdvisedOption(string Key, object Value, string Reason)
{
    /// <summary>The value as it is written.</summary>
    public string Text => Convert.ToString(Value, CultureInfo.InvariantCulture)!;
}
