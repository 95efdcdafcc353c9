using System.Buffers;
using System.Text;
using System.Text.Json;
using ReasonRank.Ranking;
using ReasonRank.Service.Api.Dialects;

namespace ReasonRank.Service.Api.Streaming;

/// <summary>Server-sent events as bytes: a name and one line of JSON.</summary>
internal static class EventText
{
    /// <summary>Empty for what has no event of its own.</summary>
    public static ReadOnlyMemory<byte> Of(RankingEvent happened, RerankCall call) => happened switch
    {
        RankingEvent.Queued queued => Of("queued", json => Object(json, () => json.WriteNumber("ahead", queued.Ahead))),
        RankingEvent.WindowStarted started => Of("window.start", json => Object(json, () => WriteStart(json, started))),
        RankingEvent.WindowRanked ranked => Of("window.ranking", json => Object(json, () => WriteRanking(json, ranked, call))),
        _ => ReadOnlyMemory<byte>.Empty,
    };

    public static ReadOnlyMemory<byte> OfReasoning(int window, string text) => Of("reasoning.delta", json => Object(json, () =>
    {
        json.WriteNumber("window", window);
        json.WriteString("text", text);
    }));

    public static ReadOnlyMemory<byte> Of(string name, Action<Utf8JsonWriter> write)
    {
        var text = new ArrayBufferWriter<byte>(256);
        text.Write("event: "u8);
        text.Write(Encoding.UTF8.GetBytes(name));
        text.Write("\ndata: "u8);
        using (var json = new Utf8JsonWriter(text, JsonAnswer.WriterOptions))
            write(json);
        text.Write("\n\n"u8);
        return text.WrittenMemory;
    }

    private static void Object(Utf8JsonWriter json, Action members)
    {
        json.WriteStartObject();
        members();
        json.WriteEndObject();
    }

    private static void WriteStart(Utf8JsonWriter json, RankingEvent.WindowStarted started)
    {
        json.WriteNumber("window", started.Window);
        json.WriteNumber("windows_total", started.WindowsTotal);
        json.WriteStartArray("positions");
        json.WriteNumberValue(started.Start);
        json.WriteNumberValue(started.End);
        json.WriteEndArray();
    }

    /// <summary>How the window went, and the order of all documents so far: places in the request, best first.</summary>
    private static void WriteRanking(Utf8JsonWriter json, RankingEvent.WindowRanked ranked, RerankCall call)
    {
        AnswerDetails.WriteWindowMembers(json, ranked.Trace, call.Reasoning);
        json.WriteStartArray("order");
        foreach (var index in ranked.Order)
            json.WriteNumberValue(index);
        json.WriteEndArray();
    }
}
