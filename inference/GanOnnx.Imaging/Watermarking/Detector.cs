namespace GanOnnx.Imaging.Watermarking;

/// <summary>Finds the mark, wherever its squares begin.</summary>
internal static class Detector
{
    // Of the places of a square, those whose payload is read.
    private const int Candidates = 16;

    /// <summary>The payload that agrees best with a picture, and how well: the cosine of the angle between what is there and its
    /// signs.</summary>
    public static (uint Payload, double Agreement) Read(LumaPlane plane)
    {
        var spectrum = Carrier.Analyse(plane.Fold());
        var best = (Payload: 0u, Agreement: -1.0);
        var amounts = new double[Carrier.Bits];
        foreach (var place in Places(spectrum))
        {
            Carrier.Correlate(spectrum, place % Carrier.Side, place / Carrier.Side, amounts);
            var payload = PayloadCode.Decode(amounts);
            var agreement = Agreement(amounts, PayloadCode.Encode(payload));
            if (agreement > best.Agreement)
                best = (payload, agreement);
        }
        return best;
    }

    // Where the pilot agrees best.
    private static int[] Places(double[] spectrum)
    {
        var amounts = new double[Carrier.PilotBits];
        var agreements = new double[Carrier.Side * Carrier.Side];
        for (var place = 0; place < agreements.Length; place++)
        {
            Carrier.Correlate(spectrum, place % Carrier.Side, place / Carrier.Side, amounts);
            agreements[place] = Agreement(amounts, PayloadCode.Pilot);
        }
        var places = Enumerable.Range(0, agreements.Length).ToArray();
        Array.Sort(agreements, places);
        return places[^Candidates..];
    }

    /// <summary>The cosine of the angle between amounts of bits and signs.</summary>
    public static double Agreement(ReadOnlySpan<double> amounts, ReadOnlySpan<double> signs)
    {
        var (product, squares) = (0.0, 0.0);
        for (var i = 0; i < amounts.Length; i++)
        {
            product += amounts[i] * signs[i];
            squares += amounts[i] * amounts[i];
        }
        return squares > 0 ? product / Math.Sqrt(squares * amounts.Length) : 0;
    }
}
