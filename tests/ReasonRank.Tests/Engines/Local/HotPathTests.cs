using ReasonRank.Engines;
using ReasonRank.Engines.Local;
using ReasonRank.Engines.Local.Answers;
using ReasonRank.TestSupport;

namespace ReasonRank.Tests.Engines.Local;

/// <summary>What runs every step allocates nothing once it's warm, and an answer next to nothing.</summary>
public class HotPathTests
{
    [Fact]
    public async Task A_step_of_the_loop_allocates_nothing()
    {
        var runtime = new MeteredRuntime();
        await using var engine = EngineRun.Start(runtime, new EngineOptions { Parallel = 8 });
        var upcoming = new ChatPrompt(EngineRun.System, new string('y', 500), IsOpen: true);

        var begun = runtime.Gate.HoldNext();
        var generations = Enumerable.Range(0, 8).Select(i => engine.CompleteAsync(
            EngineRun.Request($"{i}", budget: 600, sampling: i % 2 == 0 ? Sampling.Greedy : new Sampling(0.7f, 3, 0.95f)) with { Upcoming = upcoming })).ToArray();
        await begun;
        runtime.Gate.Release(); // all eight are in line
        await Task.WhenAll(generations);

        var steps = runtime.BetweenSteps.ToArray();
        Assert.True(steps.Length > 500, $"{steps.Length} steps");
        Assert.Equal(0, steps[200..500].Sum()); // all eight in their decode
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(0.7f)]
    public void An_answer_of_sixty_identifiers_allocates_a_few_hundred_bytes(float temperature)
    {
        var (warm, vocabulary) = (0, new ScriptedVocabulary());
        var prompts = new PromptTokenizer(vocabulary);
        var rules = new CompletionRules(vocabulary, new AnswerLexicon(vocabulary, prompts), new TokenSampler(vocabulary.VocabularySize), jumpForward: true);
        var logits = new float[vocabulary.VocabularySize];
        var allocated = new List<long>(1000);

        for (var answers = 0; answers < 4; answers++)
        {
            warm = allocated.Count;
            var request = EngineRun.Request("x", count: 60, seed: 5, sampling: new Sampling(temperature, 10, 0.9f));
            var sequence = new Sequence(new int[1 + request.CompletionReserve], 1, request, [], submitted: 0);
            var writer = new AnswerWriter(sequence, request.Answer!, rules);
            writer.BeginAfter(EngineRun.CloseText);
            while (writer.End is null)
            {
                ScriptedRuntime.Hashed(sequence.Tokens, logits);
                var before = GC.GetAllocatedBytesForCurrentThread();
                writer.Advance(logits);
                allocated.Add(GC.GetAllocatedBytesForCurrentThread() - before);
            }
        }

        Assert.True(allocated.Count > 4 * 60);
        Assert.InRange(allocated.Skip(warm).Sum(), 0, 1000); // its separator's style, and the rests of tags and digits
    }

    /// <summary>A runtime that allocates nothing itself and notes what the loop's thread allocated from the end of one step to the start of the next.</summary>
    private sealed class MeteredRuntime : IModelRuntime
    {
        private readonly ScriptedVocabulary _vocabulary = new();
        private readonly float[] _logits;
        private readonly int[] _lengths = new int[64];
        private long _after;

        public MeteredRuntime()
        {
            _logits = new float[_vocabulary.VocabularySize];
            for (var i = 'a'; i <= 'z'; i++)
                _logits[i] = 50f + i % 5;
        }

        public StepGate Gate { get; } = new();

        public List<long> BetweenSteps { get; } = new(4096);

        public RuntimeInfo Info { get; } = new()
        {
            Model = "metered", Architecture = "qwen2", PoolCells = 20_000, BatchRows = 512, MaxSequences = 64, TrainedContext = 4096,
        };

        public int VocabularySize => _vocabulary.VocabularySize;

        public DecodeStatus Decode(TokenBatch batch)
        {
            BetweenSteps.Add(GC.GetAllocatedBytesForCurrentThread() - _after);
            Gate.Pass();
            for (var row = 0; row < batch.Count; row++)
                _lengths[batch.Sequences[row]] = batch.Positions[row] + 1;
            _after = GC.GetAllocatedBytesForCurrentThread();
            return DecodeStatus.Ok;
        }

        public ReadOnlySpan<float> Logits(int row) => _logits;

        public bool SeqRemove(int sequence, int from, int to)
        {
            _lengths[sequence] = from;
            return true;
        }

        public void SeqCopy(int source, int destination, int from, int to) => _lengths[destination] = to;

        public int SeqMaxPos(int sequence) => _lengths[sequence] - 1;

        public void Abort()
        {
        }

        public int[] Tokenize(string text, bool parseSpecial) => _vocabulary.Tokenize(text, parseSpecial);

        public int TokenPiece(int token, Span<byte> destination) => _vocabulary.TokenPiece(token, destination);

        public bool IsControl(int token) => _vocabulary.IsControl(token);

        public bool IsEndOfGeneration(int token) => _vocabulary.IsEndOfGeneration(token);

        public void Dispose()
        {
        }
    }
}
