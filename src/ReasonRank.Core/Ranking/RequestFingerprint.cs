using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace ReasonRank.Ranking;

/// <summary>
/// SHA-256 over everything that decides an answer, in a fixed order with lengths before texts. The same request has the same
/// digest on every machine and in every run, so it also seeds the sampler.
/// </summary>
internal sealed class RequestFingerprint : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Fills in the seed, unless the client chose one, and the key.</summary>
    public static RankingJob Identify(RankingJob job, string model)
    {
        var request = job.Request;
        using var digest = new RequestFingerprint();
        digest.Add(model, job.Profile.Name, request.Query, job.Strategy);
        digest.Add(job.TopN, job.ReasoningBudget, job.WindowSize, job.Stride, request.Passes, job.RankStart, job.RankEnd, job.MaxPassageTokens);
        digest.Add(BitConverter.SingleToInt32Bits(job.Sampling.Temperature), BitConverter.SingleToInt32Bits(job.Sampling.TopP), job.Sampling.TopK);
        digest.Add(request.Constrain ? 1 : 0, job.Count);
        foreach (var candidate in request.Candidates)
            digest.Add(candidate.Title ?? "", candidate.Text);
        var seed = request.Seed ?? BinaryPrimitives.ReadUInt32LittleEndian(digest._hash.GetCurrentHash());
        digest.Add(unchecked((int)seed));
        digest.Add(request.Client);
        return job with { Seed = seed, Key = Convert.ToHexStringLower(digest._hash.GetHashAndReset()) };
    }

    public void Dispose() => _hash.Dispose();

    private void Add(params ReadOnlySpan<string> texts)
    {
        foreach (var text in texts)
        {
            Add(text.Length);
            _hash.AppendData(MemoryMarshal.AsBytes(text.AsSpan()));
        }
    }

    private void Add(params ReadOnlySpan<int> values)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        foreach (var value in values)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
            _hash.AppendData(bytes);
        }
    }
}
