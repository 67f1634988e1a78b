namespace GanOnnx.Imaging;

/// <summary>What a detector says of a picture.</summary>
public enum DetectionAnswer
{
    /// <summary>It can't tell: the picture is unlike those it learnt from, too small, or between the two.</summary>
    CannotTell,

    /// <summary>It looks generated.</summary>
    Generated,

    /// <summary>It looks real.</summary>
    Real,
}

/// <summary>What a detector found.</summary>
/// <param name="Answer">What it says.</param>
/// <param name="Probability">That the picture was generated, 0 … 1, if it is one of the kinds that the detector learnt from; null where it
/// wasn't looked at.</param>
/// <param name="Familiarity">That it is of one of those kinds, 0 … 1; null where it wasn't looked at.</param>
public sealed record Detection(DetectionAnswer Answer, double? Probability, double? Familiarity);
