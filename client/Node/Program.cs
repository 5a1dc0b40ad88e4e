using System.CommandLine;
using Hone.Model;
using Hone.Node;

const int failed = 1, usage = 2;
try
{
    RootCommand root = NodeCommand.Create((options, cancel) => NodeSession.RunAsync(options, Console.Out, cancel));
    ParseResult parsed = root.Parse(args);
    if (parsed.Errors.Count > 0) throw new SpecException($"{parsed.Errors[0].Message.TrimEnd('.')}; see 'hone-node --help'");
    return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(10) });
}
catch (OperationCanceledException)
{
    return 0;
}
catch (Exception e)
{
    Console.Error.WriteLine($"hone-node: {e.Message.ReplaceLineEndings(" ")}");
    return e is SpecException ? usage : failed;
}
