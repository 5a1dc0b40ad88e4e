namespace Hone.Export;

/// <summary>Field numbers of onnx.proto (onnx/onnx, IR version 10), named message by message. Only what <see cref="OnnxGraph"/> writes.</summary>
internal static class OnnxSchema
{
    public static class Model { public const int IrVersion = 1, Producer = 2, ProducerVersion = 3, Graph = 7, OpsetImport = 8, Metadata = 14; }

    public static class Opset { public const int Domain = 1, Version = 2; }

    public static class Entry { public const int Key = 1, Value = 2; }

    public static class Graph { public const int Node = 1, Name = 2, Initializer = 5, Input = 11, Output = 12; }

    public static class Node { public const int Input = 1, Output = 2, Name = 3, OpType = 4, Attribute = 5, Domain = 7; }

    public static class Attribute { public const int Name = 1, Float = 2, Int = 3, String = 4, Ints = 8, Type = 20; }

    public static class AttributeType { public const int Float = 1, Int = 2, String = 3, Ints = 7; }

    public static class Tensor { public const int Dims = 1, DataType = 2, Name = 8, RawData = 9; }

    public static class DataType { public const int Float = 1, UInt8 = 2, Int8 = 3, Int32 = 6, Int64 = 7, Bool = 9, Double = 11, Int4 = 22; }

    public static class ValueInfo { public const int Name = 1, Type = 2; }

    public static class Type { public const int Tensor = 1; }

    public static class TensorType { public const int ElementType = 1, Shape = 2; }

    public static class Shape { public const int Dim = 1; }

    public static class Dim { public const int Value = 1, Parameter = 2; }
}
