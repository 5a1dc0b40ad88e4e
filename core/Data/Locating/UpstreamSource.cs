using System.Net;
using System.Net.Http.Headers;

namespace Hone.Data;

/// <summary>The publisher's own addresses over HTTP. A broken transfer is taken up where it stopped, up to three times.</summary>
internal sealed class UpstreamSource(IReadOnlyList<string> addresses, Surroundings surroundings) : ISource
{
    private const int Attempts = 4;

    public string Name => "the upstream address";

    public async Task FetchAsync(IReadOnlyList<DataFile> files, string scratch, IProgress<FetchProgress>? progress, CancellationToken cancel)
    {
        foreach (DataFile file in files)
        {
            var reasons = new List<string>();
            foreach (string address in addresses)
            {
                string path = Path.Combine(scratch, file.Name);
                try
                {
                    await DownloadAsync(new Uri(address + file.Name), path, progress, cancel).ConfigureAwait(false);
                    reasons.Clear();
                    break;
                }
                catch (SourceException e)
                {
                    File.Delete(path);
                    reasons.Add($"{address}{file.Name}: {e.Message}");
                }
            }
            if (reasons.Count > 0) throw new SourceException(string.Join("; ", reasons));
        }
    }

    private async Task DownloadAsync(Uri uri, string path, IProgress<FetchProgress>? progress, CancellationToken cancel)
    {
        await using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read);
        TimeSpan pause = surroundings.RetryPause;
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                await TransferAsync(uri, file, progress, cancel).ConfigureAwait(false);
                file.Flush(flushToDisk: true);
                return;
            }
            catch (BrokenTransferException) when (attempt < Attempts)
            {
                await Task.Delay(pause, surroundings.Time, cancel).ConfigureAwait(false);
                pause *= 2;
            }
            catch (BrokenTransferException e)
            {
                throw new SourceException($"{e.Message} ({Attempts} attempts)", e);
            }
        }
    }

    /// <summary>Asks for what the file still lacks and appends it.</summary>
    private async Task TransferAsync(Uri uri, FileStream file, IProgress<FetchProgress>? progress, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        if (file.Length > 0) request.Headers.Range = new RangeHeaderValue(file.Length, null);
        using HttpResponseMessage response = await SendAsync(request, cancel).ConfigureAwait(false);
        bool resumed = response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange?.From == file.Length;
        if (!resumed)
        {
            file.SetLength(0); // the server sends the whole file, or nothing of use
            if (response.StatusCode is HttpStatusCode.RequestedRangeNotSatisfiable or HttpStatusCode.PartialContent || (int)response.StatusCode >= 500)
                throw new BrokenTransferException($"the server answered {(int)response.StatusCode}");
            if (response.StatusCode != HttpStatusCode.OK) throw new SourceException($"the server answered {(int)response.StatusCode} {response.ReasonPhrase}");
        }
        file.Seek(0, SeekOrigin.End);

        long? total = file.Length + response.Content.Headers.ContentLength;
        string what = $"downloading {Path.GetFileName(uri.LocalPath)}";
        using Stream body = await GuardAsync(() => response.Content.ReadAsStreamAsync(cancel), cancel).ConfigureAwait(false);
        byte[] buffer = new byte[1 << 17];
        while (await ReadAsync(body, buffer, cancel).ConfigureAwait(false) is var read and > 0)
        {
            await file.WriteAsync(buffer.AsMemory(0, read), cancel).ConfigureAwait(false);
            progress?.Report(new FetchProgress(what, file.Length, total));
        }
        if (file.Length < total) throw new BrokenTransferException($"the connection ended after {file.Length} of {total} bytes");
    }

    private Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancel) =>
        GuardAsync(() => surroundings.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel), cancel);

    /// <summary>One read that must bring something before the stall limit.</summary>
    private async Task<int> ReadAsync(Stream body, byte[] buffer, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(surroundings.Stall, surroundings.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        return await GuardAsync(() => body.ReadAsync(buffer, both.Token).AsTask(), cancel).ConfigureAwait(false);
    }

    /// <summary>Turns what a network can do into a broken transfer; the user's own cancellation passes.</summary>
    private static async Task<T> GuardAsync<T>(Func<Task<T>> action, CancellationToken cancel)
    {
        try
        {
            return await action().ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw new BrokenTransferException("the connection stalled", e);
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.NameResolutionError)
        {
            throw new SourceException(e.Message.TrimEnd('.'), e); // no network: waiting for it would only keep the user waiting
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new BrokenTransferException(e.Message.TrimEnd('.'), e);
        }
    }

    /// <summary>A transfer that may go on where it stopped.</summary>
    private sealed class BrokenTransferException(string message, Exception? inner = null) : Exception(message, inner);
}
