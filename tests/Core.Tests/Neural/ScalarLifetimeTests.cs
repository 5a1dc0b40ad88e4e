using System.Reflection;
using System.Reflection.Emit;
using Hone.Neural.Vit;
using TorchSharp;

namespace Hone.Core.Tests.Neural;

/// <summary>Why: see the remarks of <see cref="Hone.Neural.Elastic.Arithmetic"/>.</summary>
public class ScalarLifetimeTests
{
    // These make a Scalar of 1 on the way.
    private static readonly string[] Sums = ["op_Addition", "op_Subtraction", "add", "add_", "sub", "sub_", "subtract"];

    private static readonly Dictionary<short, OpCode> Codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(f => (OpCode)f.GetValue(null)!).ToDictionary(o => o.Value);

    [Fact]
    public void NoNumberIsHandedToTorchWhichACollectionCouldFreeDuringTheCall()
    {
        Assembly neural = typeof(QuasarVitConfig).Assembly;
        string[] found = [.. neural.GetTypes().Where(t => t.FullName != "Hone.Neural.Elastic.Arithmetic").SelectMany(Methods).SelectMany(m => Calls(m).Where(Risky).Select(c => $"{m.DeclaringType!.Name}.{m.Name} calls {c.Name}")).Distinct()];
        Assert.True(found.Length == 0, "use Hone.Neural.Elastic.Arithmetic instead: " + string.Join("; ", found));
    }

    [Fact]
    public void TheSearchFindsAnOperatorThatMakesANumber() =>
        Assert.Contains(Calls(GetType().GetMethod(nameof(Sample), BindingFlags.NonPublic | BindingFlags.Static)!), Risky);

    private static torch.Tensor Sample(torch.Tensor a, torch.Tensor b) => a + b;

    private static bool Risky(MethodBase called) => called.DeclaringType is { } type && type.Assembly == typeof(torch.Tensor).Assembly
        && (called.GetParameters().Any(p => p.ParameterType == typeof(Scalar)) || (called.Name == "op_Implicit" && ((MethodInfo)called).ReturnType == typeof(Scalar))
            || (type == typeof(torch.Tensor) && Sums.Contains(called.Name)));

    private static IEnumerable<MethodBase> Methods(Type type)
    {
        const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        return type.GetMethods(All).Concat<MethodBase>(type.GetConstructors(All));
    }

    private static IEnumerable<MethodBase> Calls(MethodBase method)
    {
        byte[] il = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        Type[]? types = method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : null, own = method.IsGenericMethod ? method.GetGenericArguments() : null;
        for (int at = 0; at < il.Length;)
        {
            short value = il[at++];
            if (value == 0xFE) value = (short)(0xFE00 | il[at++]);
            OpCode code = Codes[value];
            if (code.OperandType == OperandType.InlineMethod) yield return method.Module.ResolveMethod(BitConverter.ToInt32(il, at), types, own)!;
            at += code.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(il, at)),
                _ => 4,
            };
        }
    }
}
