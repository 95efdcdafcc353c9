using Microsoft.Extensions.Options;
using ReasonRank.LlamaCpp;

namespace ReasonRank.Service.Hosting;

/// <summary>Rules that join two keys; each message names both.</summary>
internal sealed class CrossSectionRules : IValidateOptions<ReasonRankOptions>
{
    public ValidateOptionsResult Validate(string? name, ReasonRankOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        var engine = options.Engine;
        if (engine.Ubatch > engine.Batch)
            result.AddError($"ReasonRank:Engine:Ubatch ({engine.Ubatch}) must not exceed ReasonRank:Engine:Batch ({engine.Batch}).");
        if (engine.PrefillChunk > engine.Batch)
            result.AddError($"ReasonRank:Engine:PrefillChunk ({engine.PrefillChunk}) must not exceed ReasonRank:Engine:Batch ({engine.Batch}).");
        if (engine.FlashAttention == FlashAttention.Off && engine.CacheTypeV is not (CacheType.F32 or CacheType.F16 or CacheType.BF16))
            result.AddError($"ReasonRank:Engine:CacheTypeV ({engine.CacheTypeV}) is quantized, which ReasonRank:Engine:FlashAttention (Off) does not allow.");
        return result.Build();
    }
}
