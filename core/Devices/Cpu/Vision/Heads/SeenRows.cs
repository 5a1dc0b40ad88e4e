namespace Hone.Devices.Cpu.Vision.Heads;

/// <summary>Which tokens of its image each token sees, where that is not all of them: those of its window, or those that it is linked to. Each worker has working memory of its own.</summary>
internal sealed unsafe class SeenRows
{
    private readonly int _tokens, _numbers;
    private readonly Buffer64<int> _tables, _order;

    /// <param name="parts">Workers.</param>
    /// <param name="tokens">Of an image at most.</param>
    /// <param name="numbers">Places of the largest grid, or numbers of windows where those are more.</param>
    public SeenRows(int parts, int tokens, int numbers)
    {
        (_tokens, _numbers) = (tokens, numbers + 1);
        (_tables, _order) = (new Buffer64<int>(checked(parts * _numbers)), new Buffer64<int>(checked(parts * tokens)));
    }

    /// <summary>To be called before the first token of an image is asked about.</summary>
    public void Enter(int part, VisionBatch batch, int image, WindowBias? window)
    {
        int* table = Table(part), order = Order(part);
        int start = batch.Start(image), count = batch.Count(image), grid = batch.Grid;
        if (window is null)
        {
            new Span<int>(table, grid * grid).Fill(-1);   // [places]: the token there
            for (int i = 0; i < count; i++)
                if (batch.Place(start + i) is >= 0 and int place) table[place] = i;
            return;
        }
        // [numbers + 1]: where a window's tokens begin in the order by windows.
        int numbers = window.Numbers(grid);
        new Span<int>(table, numbers + 1).Clear();
        for (int i = 0; i < count; i++) table[window.Number(grid, batch.Place(start + i)) + 1]++;
        for (int number = 0; number < numbers; number++) table[number + 1] += table[number];
        for (int i = 0; i < count; i++) order[table[window.Number(grid, batch.Place(start + i))]++] = i;
        for (int number = numbers; number > 0; number--) table[number] = table[number - 1];
        table[0] = 0;
    }

    /// <summary>Lists the tokens of an image that one of it sees; returns how many.</summary>
    public int List(int part, VisionBatch batch, int image, int token, WindowBias? window, int* list)
    {
        int start = batch.Start(image), count = batch.Count(image), place = batch.Place(start + token), listed = 0;
        int* table = Table(part);
        if (window is not null)
        {
            int number = window.Number(batch.Grid, place);
            for (int at = table[number]; at < table[number + 1]; at++) list[listed++] = Order(part)[at];
            return listed;
        }
        if (place < 0)
        {
            for (int i = 0; i < count; i++) list[i] = i;
            return count;
        }
        // The class token, the linked patches that are still there, the packages.
        for (int i = 0; i < count && batch.Place(start + i) < 0; i++) list[listed++] = i;
        ulong* links = batch.Links(start + token);
        for (int word = 0; word < batch.Words; word++)
            for (ulong bits = links[word]; bits != 0; bits &= bits - 1)
                if (table[word * VisionBatch.WordBits + System.Numerics.BitOperations.TrailingZeroCount(bits)] is >= 0 and int seen) list[listed++] = seen;
        for (int i = count - 1; i > 0 && batch.Place(start + i) < 0; i--) list[listed++] = i;
        return listed;
    }

    private int* Table(int part) => _tables.Pointer + (nint)part * _numbers;

    private int* Order(int part) => _order.Pointer + (nint)part * _tokens;
}
