using Hone.Model;

namespace Hone.Devices.Cpu.Vision;

/// <summary>
/// The tokens of all images of a run, one image after the other, and in an image the class token, the patches in their order, the packages. What comes next is laid out beside it and then takes its place.
/// Letters: R rows of all images, C width, T tokens of an image at most, W words of 64 places.
/// </summary>
internal sealed unsafe class VisionBatch
{
    /// <summary>Places in a word of links.</summary>
    public const int WordBits = 64;

    private RowBuffer _x, _spare;
    private readonly RowBuffer _normed;
    private Buffer64<int> _places, _nextPlaces;
    private Buffer64<ulong> _links, _nextLinks;
    private int[] _starts, _nextStarts;

    /// <param name="images">At most.</param>
    /// <param name="rows">R at most.</param>
    /// <param name="floats">R rows of the widest stage.</param>
    /// <param name="places">Places of the largest grid.</param>
    /// <param name="links">Whether tokens may be kept from seeing each other.</param>
    public VisionBatch(int images, int rows, long floats, int places, bool links)
    {
        (_x, _spare, _normed) = (new RowBuffer(floats), new RowBuffer(floats), new RowBuffer(floats));
        (_places, _nextPlaces, From) = (new Buffer64<int>(rows), new Buffer64<int>(rows), new int[rows]);
        Words = links ? (places + WordBits - 1) / WordBits : 0;
        (_links, _nextLinks) = (new Buffer64<ulong>(checked(rows * Words)), new Buffer64<ulong>(checked(rows * Words)));
        (_starts, _nextStarts) = (new int[images + 1], new int[images + 1]);
    }

    public int Images { get; private set; }

    /// <summary>C.</summary>
    public int Width { get; private set; }

    /// <summary>Side of the grid.</summary>
    public int Grid { get; private set; }

    /// <summary>R.</summary>
    public int Rows => _starts[Images];

    /// <summary>[R][C].</summary>
    public TokenRows X { get; private set; }

    /// <summary>[R][C], what layers read.</summary>
    public TokenRows Normed { get; private set; }

    /// <summary>[next R][next C], what will take the place of <see cref="X"/>.</summary>
    public TokenRows Next { get; private set; }

    /// <summary>[next R]: the row that a next one comes from; what a negative number means is its planner's affair.</summary>
    public int[] From { get; }

    /// <summary>W, or 0 where every token sees every other for ever.</summary>
    public int Words { get; }

    /// <summary>Whether only linked patches see each other.</summary>
    public bool Linked { get; private set; }

    /// <summary>[images]: the first row of an image.</summary>
    public int Start(int image) => _starts[image];

    public int Count(int image) => _starts[image + 1] - _starts[image];

    public int NextCount(int image) => _nextStarts[image + 1] - _nextStarts[image];

    public int NextStart(int image) => _nextStarts[image];

    public int NextRows => _nextStarts[Images];

    /// <summary>A row's place in the grid, or <see cref="VisionToken.Class"/> or <see cref="VisionToken.Package"/>.</summary>
    public int Place(int row) => _places.Pointer[row];

    public int NextPlace(int row) => _nextPlaces.Pointer[row];

    /// <summary>[W]: a bit for each place that a row's patch sees.</summary>
    public ulong* Links(int row) => _links.Pointer + (nint)row * Words;

    public ulong* NextLinks(int row) => _nextLinks.Pointer + (nint)row * Words;

    /// <summary>So many images, each with the class token where there is one, and a patch at every place.</summary>
    public void Begin(int images, int width, int grid, bool classToken)
    {
        (Images, Width, Grid, Linked) = (images, width, grid, false);
        int first = classToken ? 1 : 0, count = first + grid * grid;
        for (int image = 0; image <= images; image++) _starts[image] = image * count;
        for (int row = 0; row < images * count; row++) _places.Pointer[row] = row % count - first;   // the class token's is -1
        (X, Normed) = (_x.As(Rows, width), _normed.As(Rows, width));
    }

    /// <summary>The next rows begin.</summary>
    public void Plan() => _nextStarts[0] = 0;

    /// <summary>One more row of an image, whose rows follow those of the image before.</summary>
    public void Add(int row, int from, int place) => (From[row], _nextPlaces.Pointer[row]) = (from, place);

    /// <summary>The image has its rows.</summary>
    public void Close(int image, int rows) => _nextStarts[image + 1] = rows;

    /// <summary>All images have theirs: <see cref="Next"/> is there to be written.</summary>
    public void Lay(int width) => Next = _spare.As(NextRows, width);

    /// <summary>What was laid out takes the place of what was there.</summary>
    public void Turn(int width, int grid, bool linked)
    {
        (Width, Grid, Linked) = (width, grid, linked);
        (_x, _spare) = (_spare, _x);
        (_places, _nextPlaces) = (_nextPlaces, _places);
        (_links, _nextLinks) = (_nextLinks, _links);
        (_starts, _nextStarts) = (_nextStarts, _starts);
        (X, Normed) = (Next, _normed.As(Rows, width));
    }
}
