namespace ReasonRank.Engines.Local;

/// <summary>
/// The token seam: one model in one cache of <see cref="RuntimeInfo.PoolCells"/> cells. Synchronous, and called by one thread at a
/// time, except for what <see cref="ITokenizer"/> offers and <see cref="Abort"/>, which any thread may call at any time.
/// </summary>
public interface IModelRuntime : ITokenizer, IDisposable
{
    RuntimeInfo Info { get; }

    /// <summary>
    /// Computes all rows of the batch. Rows of a sequence must continue it without a gap. After anything but
    /// <see cref="DecodeStatus.Ok"/> the caller rolls the batch's sequences back with <see cref="SeqRemove"/>: some rows may have been kept.
    /// </summary>
    DecodeStatus Decode(TokenBatch batch);

    /// <summary>
    /// The logits of a row of the last batch that asked for them; one per vocabulary token. Valid until the next <see cref="Decode"/>.
    /// </summary>
    ReadOnlySpan<float> Logits(int row);

    /// <summary>Frees the cells of positions [from, to) of a sequence; to &lt; 0 means to its end. False when the runtime couldn't.</summary>
    bool SeqRemove(int sequence, int from, int to);

    /// <summary>Lets another, empty sequence share the cells of positions [from, to).</summary>
    void SeqCopy(int source, int destination, int from, int to);

    /// <summary>The last position held by a sequence; -1 when it's empty.</summary>
    int SeqMaxPos(int sequence);

    /// <summary>Asks a running <see cref="Decode"/> to stop: it returns <see cref="DecodeStatus.Aborted"/> soon, or finishes. Any thread.</summary>
    void Abort();
}

/// <summary>A model's vocabulary. Thread-safe.</summary>
public interface ITokenizer
{
    int VocabularySize { get; }

    /// <summary>
    /// The tokens of <paramref name="text"/>, without any that the tokenizer would add by itself. Control tokens written out in the text
    /// are matched only with <paramref name="parseSpecial"/>; user-defined ones always.
    /// </summary>
    int[] Tokenize(string text, bool parseSpecial);

    /// <summary>Writes the bytes of a token's text, control tokens' too; returns how many, or minus the number needed.</summary>
    int TokenPiece(int token, Span<byte> destination);

    bool IsControl(int token);

    bool IsEndOfGeneration(int token);
}

/// <summary>Sizes and names of a loaded model.</summary>
public sealed record RuntimeInfo
{
    public required string Model { get; init; }

    public required string Architecture { get; init; }

    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>Cells in the cache, shared by all sequences.</summary>
    public required int PoolCells { get; init; }

    /// <summary>Rows that one batch may hold.</summary>
    public required int BatchRows { get; init; }

    /// <summary>Sequence ids are 0 .. MaxSequences - 1; as many rows of a batch may ask for logits.</summary>
    public required int MaxSequences { get; init; }

    /// <summary>Positions are 0 .. TrainedContext - 1.</summary>
    public required int TrainedContext { get; init; }

    /// <summary>Library, release, devices, threads and cache in one line for a person.</summary>
    public string Description { get; init; } = "";
}
