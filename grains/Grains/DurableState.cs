namespace Hone.Grains;

/// <summary>State that memory takes over only as storage does.</summary>
internal static class DurableState
{
    /// <summary>Writes the next state; when that fails, memory keeps the last one and the error passes through.</summary>
    public static async Task Write<T>(this IPersistentState<T> state, T next)
    {
        T last = state.State;
        state.State = next;
        try
        {
            await state.WriteStateAsync();
        }
        catch
        {
            state.State = last;
            throw;
        }
    }
}
