using System.ComponentModel;
using System.Globalization;

namespace GanOnnx.Inference.Runtime;

internal enum DeviceKind
{
    Auto,
    Cpu,
    Cuda,
}

/// <summary>Lets configuration files and designers write a device as text.</summary>
internal sealed class DeviceConverter : TypeConverter
{
    public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) => sourceType == typeof(string);

    public override object? ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) =>
        value is string text ? Device.Parse(text) : base.ConvertFrom(context, culture, value);
}
