using Microsoft.Extensions.Options;
using ReasonRank.LlamaCpp;
using ReasonRank.Service.Api.Auth;

namespace ReasonRank.Service.Hosting;

/// <summary>Rules that attributes can't say; those that join two keys name both.</summary>
internal sealed class ConfigurationRules : IValidateOptions<ReasonRankOptions>
{
    public ValidateOptionsResult Validate(string? name, ReasonRankOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        var engine = options.Engine;
        if (engine.Parallel > engine.Batch)
            result.AddError($"ReasonRank:Engine:Parallel ({engine.Parallel}) must not exceed ReasonRank:Engine:Batch ({engine.Batch}).");
        if (engine.Ubatch > engine.Batch)
            result.AddError($"ReasonRank:Engine:Ubatch ({engine.Ubatch}) must not exceed ReasonRank:Engine:Batch ({engine.Batch}).");
        if (engine.PrefillChunk > engine.Batch)
            result.AddError($"ReasonRank:Engine:PrefillChunk ({engine.PrefillChunk}) must not exceed ReasonRank:Engine:Batch ({engine.Batch}).");
        if (engine.FlashAttention == FlashAttention.Off && engine.CacheTypeV is not (CacheType.F32 or CacheType.F16 or CacheType.BF16))
            result.AddError($"ReasonRank:Engine:CacheTypeV ({engine.CacheTypeV}) is quantized, which ReasonRank:Engine:FlashAttention (Off) does not allow.");
        foreach (var (i, key) in options.Auth.Keys.Index())
        {
            if (string.IsNullOrWhiteSpace(key) || ApiKey.Parse(key) is null)
                result.AddError($"ReasonRank:Auth:Keys:{i} must be a key, or sha256: and 64 hexadecimal digits.");
        }

        if (options.Auth.KeysFile is { } file && !File.Exists(file))
            result.AddError("ReasonRank:Auth:KeysFile must be a file that exists.");
        return result.Build();
    }
}
