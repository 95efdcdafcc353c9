using ReasonRank.Engines.Local;
using ReasonRank.TestSupport;

namespace ReasonRank.Tests.Engines.Local;

public sealed class PrefixCacheTests : IDisposable
{
    private const int Pool = 400;

    private readonly ScriptedRuntime _runtime = new(poolCells: Pool);

    public void Dispose() => _runtime.Dispose();

    [Fact]
    public void The_head_that_shares_most_is_found_up_to_the_token_before_the_last()
    {
        var books = new Books(_runtime);
        books.Keep(Tokens(1, 20));
        var longer = books.Keep([.. Tokens(1, 20), .. Tokens(50, 10)]);

        Assert.Same(longer, books.Prefixes.Find([.. Tokens(1, 20), .. Tokens(50, 40)], out var shared));
        Assert.Equal(30, shared);
        Assert.Same(longer, books.Prefixes.Find([.. Tokens(1, 20), .. Tokens(50, 10)], out shared));
        Assert.Equal(29, shared);
    }

    [Fact]
    public void A_little_in_common_is_left_alone()
    {
        var books = new Books(_runtime);
        books.Keep(Tokens(1, 60));

        Assert.Null(books.Prefixes.Find([.. Tokens(1, 15), .. Tokens(200, 9)], out var shared)); // not worth a sequence id
        Assert.Null(books.Prefixes.Find([.. Tokens(1, 29), .. Tokens(200, 9)], out shared)); // pins more than it saves
        Assert.Null(books.Prefixes.Find(Tokens(2, 60), out shared));
        Assert.Equal(0, shared);
        Assert.NotNull(books.Prefixes.Find([.. Tokens(1, 30), .. Tokens(200, 9)], out _));
    }

    [Fact]
    public void Only_what_is_computed_is_shared()
    {
        var books = new Books(_runtime);
        var source = books.Run(Tokens(1, 30), upcoming: [.. Tokens(1, 20), .. Tokens(100, 40)]);

        books.Prefixes.Offer(source, systemTokens: 0);

        Assert.NotNull(books.Prefixes.Find([.. Tokens(1, 20), .. Tokens(100, 50)], out var shared));
        Assert.Equal(20, shared);
        var head = Assert.Single(books.Prefixes.All);
        Assert.Equal((60, 40, source), (head.Cells, head.Pending, head.Beside));
    }

    [Fact]
    public void A_shared_head_stays_until_the_last_who_shares_it_leaves()
    {
        var books = new Books(_runtime);
        var head = books.Keep(Tokens(1, 30));
        var first = books.Run([.. Tokens(1, 30), 7], sharing: head);
        var second = books.Run([.. Tokens(1, 30), 8], sharing: head);

        Assert.Equal((30, 30, 2), (first.Reused, second.Reused, head.Pins));
        Assert.Equal((1, 1), (first.Cells, second.Cells));
        books.End(first);
        Assert.False(books.Prefixes.MakeRoom(Pool - 10, except: null));
        books.End(second);
        Assert.True(books.Prefixes.MakeRoom(Pool - 10, except: null));
        Assert.Equal((0, 0, 0), (books.Ledger.Reserved, books.Prefixes.All.Count, _runtime.UsedCells));
    }

    [Fact]
    public void The_one_unused_for_longest_goes_first_and_the_excepted_one_stays()
    {
        var books = new Books(_runtime, idleShare: 1);
        var (oldest, middle, newest) = (books.Keep(Tokens(1, 30)), books.Keep(Tokens(50, 30)), books.Keep(Tokens(100, 30)));
        books.End(books.Run([.. Tokens(1, 30), 7], sharing: oldest));

        Assert.True(books.Prefixes.MakeRoom(Pool - 60, except: null));
        Assert.Equal([oldest, newest], books.Prefixes.All);
        Assert.True(books.Prefixes.MakeRoom(Pool - 30, except: newest));
        Assert.Equal([newest], books.Prefixes.All);
        Assert.Equal(-1, middle.Id);
    }

    [Fact]
    public void Idle_heads_go_before_one_that_runs_ahead()
    {
        var books = new Books(_runtime, idleShare: 1);
        var source = books.Run(Tokens(1, 30), upcoming: Tokens(1, 25));
        books.Prefixes.Offer(source, 0);
        var ahead = books.Prefixes.All[0];
        books.Keep(Tokens(100, 30));

        Assert.True(books.Prefixes.MakeRoom(Pool - 60, except: null));

        Assert.Equal([ahead], books.Prefixes.All);
    }

    [Fact]
    public void Nothing_is_dropped_where_all_of_it_would_not_be_enough()
    {
        var books = new Books(_runtime);
        books.Run(Tokens(1, 100));
        books.Keep(Tokens(200, 30));

        Assert.False(books.Prefixes.MakeRoom(Pool - 50, except: null));

        Assert.Single(books.Prefixes.All);
    }

    [Fact]
    public void Heads_beyond_the_idle_share_go_when_a_sequence_leaves()
    {
        var books = new Books(_runtime, idleShare: 0.2);
        books.Keep(Tokens(1, 50));
        var second = books.Keep(Tokens(100, 50));
        var running = books.Run(Tokens(200, 20));

        books.End(running);

        Assert.Equal([second], books.Prefixes.All);
        Assert.Equal(50, books.Prefixes.Cells);
    }

    [Fact]
    public void The_system_turn_is_kept_once()
    {
        var books = new Books(_runtime);

        for (var i = 0; i < 3; i++)
            books.Prefixes.Offer(books.Run([.. Tokens(1, 20), 100 + i], sharing: i == 0 ? null : books.Prefixes.All[0]), systemTokens: 20);

        Assert.Equal(Tokens(1, 20), Assert.Single(books.Prefixes.All).Tokens.ToArray());
    }

    [Fact]
    public void Without_sharing_nothing_is_kept()
    {
        var books = new Books(_runtime, sharePrefixes: false);

        books.Prefixes.Offer(books.Run(Tokens(1, 40), upcoming: Tokens(1, 30)), systemTokens: 20);

        Assert.Empty(books.Prefixes.All);
    }

    [Fact]
    public void Heads_leave_an_id_for_each_sequence_that_may_run()
    {
        var runtime = new ScriptedRuntime(maxSequences: 4);
        var books = new Books(runtime, parallel: 3, idleShare: 1);

        for (var i = 0; i < 4; i++)
            books.End(books.Run(Tokens(1 + 30 * i, 25), offer: 25));

        Assert.Single(books.Prefixes.All);
        Assert.Equal(3, books.Ledger.FreeIds);
    }

    private static int[] Tokens(int first, int count) => [.. Enumerable.Range(first, count)];

    /// <summary>A cache with its ledger, whose sequences are computed without a loop.</summary>
    private sealed class Books
    {
        private readonly ScriptedRuntime _runtime;

        public Books(ScriptedRuntime runtime, int parallel = 4, double idleShare = 0.5, bool sharePrefixes = true)
        {
            _runtime = runtime;
            Ledger = new KvLedger(runtime.Info.PoolCells, runtime.Info.MaxSequences);
            Prefixes = new PrefixCache(
                runtime, Ledger, new EngineOptions { Parallel = parallel, IdlePrefixShare = idleShare, SharePrefixes = sharePrefixes });
        }

        public KvLedger Ledger { get; }

        public PrefixCache Prefixes { get; }

        /// <summary>Keeps a head, by way of a sequence that has gone.</summary>
        public Prefix Keep(int[] tokens)
        {
            End(Run([.. tokens, 1], offer: tokens.Length));
            return Prefixes.All[^1];
        }

        /// <summary>A sequence whose prompt has been computed.</summary>
        public Sequence Run(int[] prompt, int[]? upcoming = null, Prefix? sharing = null, int offer = 0)
        {
            var request = EngineRun.Request("x");
            var sequence = new Sequence([.. prompt, .. new int[request.CompletionReserve]], prompt.Length, request, upcoming ?? [], submitted: 0);
            var shared = Math.Min(sharing?.Computed ?? 0, prompt.Length - 1);
            Ledger.Reserve(sequence, prompt.Length - shared);
            if (sharing is not null)
                Prefixes.Share(sharing, sequence, shared);
            var batch = new TokenBatch(prompt.Length);
            for (var i = sequence.Computed; i < prompt.Length; i++)
                batch.Add(prompt[i], i, sequence.Id, wantsLogits: false);
            Assert.Equal(DecodeStatus.Ok, _runtime.Decode(batch));
            sequence.Computed = prompt.Length;
            if (offer > 0)
                Prefixes.Offer(sequence, offer);
            return sequence;
        }

        public void End(Sequence sequence)
        {
            _runtime.SeqRemove(sequence.Id, 0, -1);
            Ledger.Release(sequence);
            Prefixes.Leave(sequence);
        }
    }
}
