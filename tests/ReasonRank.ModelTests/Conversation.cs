using ReasonRank.Engines;
using ReasonRank.Engines.Local;

namespace ReasonRank.ModelTests;

/// <summary>A sequence decoded greedily.</summary>
internal sealed class Conversation(IModelRuntime runtime, int sequence, int[] prompt, int from = 0)
{
    private int _next = from;
    private int _row = -1;

    public List<int> Tokens { get; } = [];

    public List<float[]> Logits { get; } = [];

    public Conversation Finish(int count)
    {
        var batch = new TokenBatch(runtime.Info.BatchRows);
        while (Tokens.Count < count)
        {
            batch.Clear();
            AddRows(batch, runtime.Info.BatchRows);
            Assert.Equal(DecodeStatus.Ok, runtime.Decode(batch));
            TakeToken();
        }
        return this;
    }

    public void AddRows(TokenBatch batch, int most)
    {
        var known = prompt.Length + Tokens.Count;
        var end = Math.Min(known, _next + most);
        _row = -1;
        for (; _next < end; _next++)
        {
            var row = batch.Add(_next < prompt.Length ? prompt[_next] : Tokens[_next - prompt.Length], _next, sequence, _next == known - 1);
            if (_next == known - 1)
                _row = row;
        }
    }

    public void TakeToken()
    {
        if (_row < 0)
            return;
        var logits = runtime.Logits(_row).ToArray();
        Logits.Add(logits);
        Tokens.Add(Array.IndexOf(logits, logits.Max()));
        _row = -1;
    }
}
