using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace ReasonRank.Benchmarks;

/// <summary>What one try of a client came to.</summary>
/// <param name="Status">0 when the connection failed.</param>
/// <param name="RetryAfter">The header as it came; null without one.</param>
/// <param name="Tokens">Prompt and completion tokens of a ranking.</param>
internal sealed record Attempt(HttpStatusCode Status, string? RetryAfter, int Tokens)
{
    public bool IsRefusal => Status == HttpStatusCode.TooManyRequests;

    /// <summary>A whole number of seconds, 1 or more; null for anything else.</summary>
    public TimeSpan? Wait => int.TryParse(RetryAfter, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds >= 1
        ? TimeSpan.FromSeconds(seconds)
        : null;
}

/// <summary>
/// Asks for rankings from any loopback address, which is what the service tells clients without a key apart by. One connection a request,
/// and as little work as can be: it shares the machine with the service.
/// </summary>
internal static class OverloadClient
{
    /// <summary>A whole request as bytes.</summary>
    public static byte[] Request(object body)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(body);
        var head = $"POST /rerank HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {json.Length}\r\n\r\n";
        return [.. Encoding.ASCII.GetBytes(head), .. json];
    }

    /// <param name="port">The service's.</param>
    /// <param name="client">Less than a million: 127.1.0.0 and what follows are the clients' addresses.</param>
    public static async Task<Attempt> AskAsync(int port, int client, ReadOnlyMemory<byte> request)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Bind(new IPEndPoint(new IPAddress([127, (byte)(1 + (client >> 16)), (byte)(client >> 8), (byte)client]), 0));
            await socket.ConnectAsync(IPAddress.Loopback, port);
            await using var stream = new NetworkStream(socket);
            await stream.WriteAsync(request);
            using var reader = new StreamReader(stream, Encoding.ASCII);
            return Read(await reader.ReadToEndAsync());
        }
        catch (IOException)
        {
            return new Attempt(0, null, 0);
        }
        catch (SocketException)
        {
            return new Attempt(0, null, 0);
        }
    }

    private static Attempt Read(string answer)
    {
        var status = answer.Length > 12 ? int.Parse(answer.AsSpan(9, 3), CultureInfo.InvariantCulture) : 0;
        var tokens = After(answer, "\"total_tokens\":", ",}");
        return new Attempt((HttpStatusCode)status, After(answer, "\nRetry-After: ", "\r"), tokens is null ? 0 : int.Parse(tokens, CultureInfo.InvariantCulture));
    }

    private static string? After(string text, string name, string ends)
    {
        var start = text.IndexOf(name, StringComparison.OrdinalIgnoreCase) + name.Length;
        return start < name.Length ? null : text[start..(start + text.AsSpan(start).IndexOfAny(ends))];
    }
}
