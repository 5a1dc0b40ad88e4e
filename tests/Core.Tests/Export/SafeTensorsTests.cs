using System.Text;
using Hone.Export;
using Hone.Model;

namespace Hone.Core.Tests.Export;

public class SafeTensorsTests
{
    private static readonly SafeTensor[] Some =
    [
        SafeTensor.Of("w", [1.5f, -2f, 3f, 0f, 5f, 6f], 2, 3), SafeTensor.Of("a.codes", new sbyte[] { -128, 127, 0 }, 3), SafeTensor.Of("bits", new byte[] { 4, 8 }, 2),
        SafeTensor.Of("n", new[] { int.MinValue }, 1), SafeTensor.Of("big", new[] { long.MaxValue, -1 }, 2), SafeTensor.Of("h", new[] { (Half)0.5f }, 1, 1),
        new SafeTensor("b", TensorType.BF16, [1], new byte[] { 0x80, 0x3f }), SafeTensor.Of("scalar", [7f]), SafeTensor.Of("none", Array.Empty<float>(), 0, 4),
    ];

    [Fact]
    public void WhatIsWrittenIsReadBack()
    {
        SafeTensorsFile file = SafeTensorsReader.Read(SafeTensorsWriter.Write(Some, new Dictionary<string, string> { ["kind"] = "test é" }));
        Assert.Equal(Some.Length, file.Tensors.Count);
        foreach (SafeTensor tensor in Some)
        {
            Assert.Equal(tensor.Type, file[tensor.Name].Type);
            Assert.Equal(tensor.Shape, file[tensor.Name].Shape);
            Assert.Equal(tensor.Data.ToArray(), file[tensor.Name].Data.ToArray());
        }
        Assert.Equal("test é", file.Metadata["kind"]);
        Assert.Equal([1f], file["b"].ToFloats());
        Assert.Equal([0.5f], file["h"].ToFloats());
        Assert.Equal([-128, 127, 0], file["a.codes"].Cast<sbyte>().ToArray());
    }

    [Fact]
    public void TheOrderInWhichTensorsComeDoesNotChangeTheBytes() => Assert.Equal(SafeTensorsWriter.Write(Some), SafeTensorsWriter.Write(Some.Reverse()));

    [Fact]
    public void HeaderAndTensorsAreAligned()
    {
        byte[] file = SafeTensorsWriter.Write(Some);
        int header = (int)BitConverter.ToInt64(file);
        Assert.Equal(0, header % 8);
        ReadOnlyMemory<byte> memory = file;
        foreach (SafeTensor tensor in SafeTensorsReader.Read(memory).Tensors.Values)
        {
            memory.Span.Overlaps(tensor.Data.Span, out int at);
            if (tensor.Data.Length > 0) Assert.Equal(0, at % SafeTensor.SizeOf(tensor.Type));
        }
    }

    [Fact]
    public void AKnownFileHasThePublishedLayout()
    {
        byte[] file = SafeTensorsWriter.Write([SafeTensor.Of("t", new byte[] { 1, 2 }, 2)]);
        const string header = """{"t":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}""";
        Assert.Equal([.. BitConverter.GetBytes(56L), .. Encoding.UTF8.GetBytes(header.PadRight(56)), 1, 2], file);
    }

    [Fact]
    public void ContradictoryTensorsAreNotWritten()
    {
        Assert.Throws<ArgumentException>(() => SafeTensorsWriter.Write([SafeTensor.Of("a", [1f]), SafeTensor.Of("a", [2f])]));
        Assert.Throws<ArgumentException>(() => SafeTensorsWriter.Write([SafeTensor.Of("__metadata__", [1f])]));
        Assert.Throws<ArgumentException>(() => SafeTensorsWriter.Write([new SafeTensor("a", TensorType.F32, [2], new byte[4])]));
        Assert.Throws<ArgumentException>(() => SafeTensor.Of("a", [1f, 2f], 3));
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}""", 3, "overlap")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[1],"data_offsets":[2,3]}}""", 3, "holes")]
    [InlineData("""{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}""", 3, "belong to none")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}""", 3, "lies at 0..4")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[2,1]}}""", 3, "lies at 2..1")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[-1,0]}}""", 3, "negative")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,3]}}""", 3, "expected 12")]
    [InlineData("""{"a":{"dtype":"U8","shape":[9223372036854775807,4],"data_offsets":[0,3]}}""", 3, "safetensors")]
    [InlineData("""{"a":{"dtype":"U8","shape":[99999999999999999999],"data_offsets":[0,3]}}""", 3, "safetensors")]
    [InlineData("""{"a":{"dtype":"F64","shape":[0],"data_offsets":[0,0]}}""", 0, "F64")]
    [InlineData("""{"a":{"dtype":"4","shape":[0],"data_offsets":[0,0]}}""", 0, "dtype")]
    [InlineData("""{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},"a":{"dtype":"U8","shape":[0],"data_offsets":[3,3]}}""", 3, "uplicate")]
    [InlineData("""{"a":{"dtype":"U8","dtype":"U8","shape":[3],"data_offsets":[0,3]}}""", 3, "uplicate")]
    [InlineData("""{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3],"more":1}}""", 3, "unknown field")]
    [InlineData("""{"a":{"dtype":"U8","shape":[3]}}""", 3, "needs")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1.5],"data_offsets":[0,1]}}""", 1, "safetensors")]
    [InlineData("""{"a":[1]}""", 0, "safetensors")]
    [InlineData("""{"__metadata__":{"a":1}}""", 0, "safetensors")]
    [InlineData("""{"a":{{{{{{{{{{{{""", 0, "safetensors")]
    [InlineData("""[]""", 0, "begin with")]
    [InlineData("""  {}""", 0, "begin with")]
    public void AHostileHeaderIsRefusedInOneLine(string header, int data, string says)
    {
        byte[] text = Encoding.UTF8.GetBytes(header);
        var error = Assert.Throws<HoneException>(() => SafeTensorsReader.Read((byte[])[.. BitConverter.GetBytes((long)text.Length), .. text, .. new byte[data]]));
        Assert.Contains(says, error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(100_000_001)]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    public void AHeaderLengthThatDoesNotFitIsRefused(long length) =>
        Assert.Throws<HoneException>(() => SafeTensorsReader.Read((byte[])[.. BitConverter.GetBytes(length), (byte)'{', (byte)'}']));

    [Fact]
    public void AFileCutAnywhereIsRefused()
    {
        byte[] file = SafeTensorsWriter.Write(Some);
        for (int length = 0; length < file.Length; length++) Assert.Throws<HoneException>(() => SafeTensorsReader.Read(file.AsMemory(0, length)));
    }

    [Fact]
    public void AFileWithAnyByteChangedIsReadOrRefusedButNeverCrashes()
    {
        byte[] file = SafeTensorsWriter.Write(Some);
        var chance = new Chance(1, Streams.Sampling);
        int refused = 0;
        for (int i = 0; i < 3000; i++)
        {
            byte[] broken = [.. file];
            broken[chance.Next(broken.Length)] = (byte)chance.Next(256);
            try { SafeTensorsReader.Read(broken); }
            catch (HoneException) { refused++; }
        }
        Assert.InRange(refused, 1000, 3000);
    }
}
