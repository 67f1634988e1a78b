using GanOnnx.Video;

namespace GanOnnx.Trust;

/// <summary>Tells what an MP4 file says of its origin. Such files aren't signed, and have lost what could be compared.</summary>
internal static class Mp4Verifier
{
    /// <summary>Checks one file, which may be anybody's.</summary>
    public static VerifiedPicture Verify(string path)
    {
        try
        {
            return VideoFile.ReadMp4Provenance(path) is not { } claimed ? new(path, Verdict.Unmarked, [], null, null, null, [], null, null)
                : new(path, Verdict.Unproven, [Marks.Told(claimed),
                    "made again: no, an MP4 file has lost pixels, and can't be compared."], claimed, null, null, [], null, null);
        }
        catch (VideoException e)
        {
            return new(path, Verdict.Unreadable, [e.Message], null, null, null, [], null, null);
        }
    }
}
