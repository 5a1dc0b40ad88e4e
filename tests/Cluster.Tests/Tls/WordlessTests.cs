using System.IO.Pipelines;
using Hone.Cluster.Tests.Running;
using Hone.Contracts.Tls;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hone.Cluster.Tests.Tls;

/// <summary>Who only looks whether a member listens is no refused peer; who speaks without TLS is.</summary>
public sealed class WordlessTests : IDisposable
{
    private readonly Scratch _scratch = new();
    private readonly TestAuthority _ours;

    public WordlessTests() => _ours = new TestAuthority(_scratch.Folder, "ours");

    public void Dispose()
    {
        _ours.Dispose();
        _scratch.Dispose();
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("GET / HTTP/1.1\r\n\r\n", 1)]
    public async Task OnlyAPeerThatSaysSomethingIsRefused(string says, int told)
    {
        using var lines = new Lines();
        using ServiceProvider services = new ServiceCollection().AddLogging(log => log.AddProvider(lines)).BuildServiceProvider();
        var connections = new ConnectionBuilder(services);
        new ClusterTls(new ClusterCertificates(_ours.Good()), TimeSpan.FromSeconds(5)).Accept(connections);
        bool reached = false;
        connections.Run(_ => { reached = true; return Task.CompletedTask; });
        Pipe toSilo = new(), fromSilo = new();
        await toSilo.Writer.WriteAsync(System.Text.Encoding.ASCII.GetBytes(says));
        await toSilo.Writer.CompleteAsync();
        await using var context = new DefaultConnectionContext("any", new Ends(toSilo.Reader, fromSilo.Writer), new Ends(fromSilo.Reader, toSilo.Writer));
        await connections.Build()(context).WaitAsync(TimeSpan.FromSeconds(20));
        Assert.False(reached);
        Assert.Equal(told, lines.Count);
    }

    private sealed record Ends(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    private sealed class Lines : ILoggerProvider, ILogger
    {
        public int Count { get; private set; }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel >= LogLevel.Warning) Count++;
        }

        public void Dispose()
        {
        }
    }
}
