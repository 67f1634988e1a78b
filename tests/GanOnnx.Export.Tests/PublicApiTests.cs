using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using GanOnnx.Export.Tests.Fixtures;

namespace GanOnnx.Export.Tests;

/// <summary>
/// The library's public API, as approved in <c>PublicApi.txt</c>. That each member is documented is checked by the build:
/// the compiler's warnings about missing documentation are errors.
/// </summary>
public sealed class PublicApiTests
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly NullabilityInfoContext _nullability = new();

    [Test]
    public void PublicApi_IsTheApprovedOne() => ApprovedFile.AssertSame("tests/GanOnnx.Export.Tests/PublicApi.txt", Text());

    private static string Text()
    {
        var text = new StringBuilder();
        foreach (var type in typeof(OnnxExporter).Assembly.GetExportedTypes().OrderBy(t => t.FullName, StringComparer.Ordinal))
        {
            text.Append($"{Header(type)}\n");
            foreach (var member in Members(type).Order(StringComparer.Ordinal))
                text.Append($"    {member}\n");
        }
        return text.ToString();
    }

    private static string Header(Type type)
    {
        if (typeof(Delegate).IsAssignableFrom(type))
            return $"delegate {Signature(type.GetMethod("Invoke")!, Name(type))}";
        var kind = type.IsEnum ? "enum" : type.IsInterface ? "interface" : type.GetMethod("<Clone>$") is not null ? "record" : "class";
        var modifier = type.IsEnum || type.IsInterface ? "" : type.IsAbstract ? type.IsSealed ? "static " : "abstract " : type.IsSealed ? "sealed " : "";
        var bases = type.BaseType is { } parent && parent != typeof(object) && !type.IsEnum ? $" : {Name(parent)}" : "";
        return $"{modifier}{kind} {Name(type)}{bases}";
    }

    private static IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum)
            return Enum.GetNames(type).Select(name => $"{name} = {(int)Enum.Parse(type, name)}");
        if (typeof(Delegate).IsAssignableFrom(type))
            return [];
        return type.GetMembers(Declared).Where(m => !IsGenerated(m)).Select(Member).OfType<string>();
    }

    // What the compiler writes for a record.
    private static bool IsGenerated(MemberInfo member) =>
        member.IsDefined(typeof(CompilerGeneratedAttribute)) || member.Name is "EqualityContract" or "<Clone>$";

    /// <summary>A member as text; null where nobody outside can use it.</summary>
    private static string? Member(MemberInfo member) => member switch
    {
        ConstructorInfo c when IsVisible(c) => $"{Access(c)}{c.DeclaringType!.Name}({Parameters(c)})",
        MethodInfo m when IsVisible(m) && (!m.IsSpecialName || m.Name.StartsWith("op_", StringComparison.Ordinal)) => Access(m) + Signature(m, m.Name),
        PropertyInfo p when p.GetMethod is { } get && IsVisible(get) => $"{Access(get)}{Name(_nullability.Create(p))} {p.Name} {{ get; {Setter(p)}}}",
        FieldInfo { IsPublic: true, IsLiteral: true } f => $"const {Name(f.FieldType)} {f.Name} = {f.GetRawConstantValue()}",
        FieldInfo { IsPublic: true } f => $"{(f.IsStatic ? "static " : "")}{Name(f.FieldType)} {f.Name}",
        _ => null,
    };

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static string Access(MethodBase method) =>
        (method.IsPublic ? "" : "protected ") + (method.IsStatic ? "static " : "")
        + (method.IsAbstract ? "abstract " : method is MethodInfo m && m.GetBaseDefinition() != m ? m.IsFinal ? "sealed override " : "override " : method.IsVirtual && !method.IsFinal ? "virtual " : "");

    private static string Setter(PropertyInfo property) =>
        property.SetMethod is not { } set || !IsVisible(set) ? ""
        : set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? "init; " : "set; ";

    private static string Signature(MethodInfo method, string name) =>
        $"{Name(_nullability.Create(method.ReturnParameter))} {name}({(method.IsDefined(typeof(ExtensionAttribute)) ? "this " : "")}{Parameters(method)})";

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(p =>
        (p.IsDefined(typeof(ParamArrayAttribute)) || p.IsDefined(typeof(ParamCollectionAttribute)) ? "params " : "")
        + $"{Name(_nullability.Create(p))} {p.Name}" + (p.HasDefaultValue ? $" = {p.DefaultValue ?? "null"}" : "")));

    private static string Name(NullabilityInfo info) =>
        info.ElementType is { } element ? $"{Name(element)}[]{Mark(info)}"
        : info.GenericTypeArguments is { Length: > 0 } arguments && Nullable.GetUnderlyingType(info.Type) is null
            ? $"{Bare(info.Type)}<{string.Join(", ", arguments.Select(Name))}>{Mark(info)}"
            : Name(info.Type) + (info.Type.IsValueType ? "" : Mark(info));

    private static string Mark(NullabilityInfo info) => info.ReadState == NullabilityState.Nullable && !info.Type.IsValueType ? "?" : "";

    private static string Name(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return $"{Name(underlying)}?";
        if (type.IsArray)
            return $"{Name(type.GetElementType()!)}[]";
        return type.IsGenericType ? $"{Bare(type)}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>" : Bare(type);
    }

    private static string Bare(Type type) => Type.GetTypeCode(type) switch
    {
        _ when type.IsEnum => type.Name,
        TypeCode.Boolean => "bool",
        TypeCode.Int32 => "int",
        TypeCode.Int64 => "long",
        TypeCode.Single => "float",
        TypeCode.Double => "double",
        TypeCode.String => "string",
        _ when type == typeof(void) => "void",
        _ => type.Name.Split('`')[0],
    };
}
