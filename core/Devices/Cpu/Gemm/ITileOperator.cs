namespace Hone.Devices.Cpu.Gemm;

/// <summary>
/// What a tile needs to know of a number format and an instruction set: how inputs times weights are added to a vector of sums. A step is what one load of weights covers of K.
/// </summary>
/// <typeparam name="TInput">One step of one row of X, the same for all outputs.</typeparam>
/// <typeparam name="TWeights">One step of W for the outputs of a vector.</typeparam>
/// <typeparam name="TSums">The sums of a vector.</typeparam>
internal unsafe interface ITileOperator<TInput, TWeights, TSums>
{
    /// <summary>Elements of K in a step.</summary>
    static abstract int Step { get; }

    /// <summary>Bytes of an element of X as the kernel reads it.</summary>
    static abstract int InputBytes { get; }

    /// <summary>Bytes of a step of W for one vector: its part of a panel.</summary>
    static abstract int WeightBytes { get; }

    /// <summary>Steps whose sums fit the form that they are kept in.</summary>
    static virtual int MostSteps => int.MaxValue;

    static abstract TInput Input(byte* x);

    static abstract TWeights Weights(byte* panel);

    static abstract TSums Accumulate(TInput x, TWeights w, TSums sums);
}
