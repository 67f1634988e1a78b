using System.Diagnostics.Metrics;
using GanOnnx.Inference;

namespace GanOnnx.Tests.Shared.Models;

/// <summary>What the library's meter tells of one model while this lives.</summary>
internal sealed class Measurements : IDisposable
{
    private readonly List<Measured> _all = [];
    private readonly MeterListener _listener = new();

    public Measurements(string model)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == InferenceTelemetry.MeterName)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();

        void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var measured = new Measured(instrument.Name, instrument.Unit, value, new(tags.ToArray()));
            if (!model.Equals(measured.Tags["ganonnx.model"]))
                return;
            lock (_all)
                _all.Add(measured);
        }
    }

    public Measured[] Of(string instrument)
    {
        _listener.RecordObservableInstruments();
        lock (_all)
        {
            Measured[] found = [.. _all.Where(measured => measured.Instrument == instrument)];
            _all.RemoveAll(measured => measured.Instrument == instrument);
            return found;
        }
    }

    public double[] Values(string instrument) => [.. Of(instrument).Select(measured => measured.Value)];

    public void Dispose() => _listener.Dispose();
}

/// <summary>One measurement.</summary>
internal sealed record Measured(string Instrument, string? Unit, double Value, Dictionary<string, object?> Tags);
