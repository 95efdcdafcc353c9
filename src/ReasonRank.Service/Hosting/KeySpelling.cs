using Microsoft.Extensions.Options;

namespace ReasonRank.Service.Hosting;

/// <summary>Takes gpu_layers for GpuLayers: that is how llama.cpp's users know these names.</summary>
internal static class KeySpelling
{
    /// <summary>The service's values by their keys without underscores. A later source wins over an earlier one, however either spells a key.</summary>
    /// <exception cref="OptionsValidationException">One source has a key in two spellings, so nothing says which is meant.</exception>
    public static IConfiguration WithoutUnderscores(IConfigurationRoot configuration)
    {
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var source in Sources(configuration))
        {
            foreach (var (key, value) in ValuesOf(source))
                values[key] = value;
        }

        return new ConfigurationBuilder().AddInMemoryCollection(values.Where(pair => pair.Value is not null)).Build();
    }

    /// <summary>The host hands on what it was configured with as one source, but the order within it counts just as well.</summary>
    private static IEnumerable<IConfigurationProvider> Sources(IConfigurationRoot configuration) => configuration.Providers.SelectMany(
        provider => provider is ChainedConfigurationProvider { Configuration: IConfigurationRoot handedOn } ? Sources(handedOn) : [provider]);

    private static Dictionary<string, string?> ValuesOf(IConfigurationProvider source)
    {
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        var spellings = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var spelling in KeysBelow(ReasonRankOptions.Section, source))
        {
            if (!source.TryGet(spelling, out var value))
                continue;
            var key = spelling.Replace("_", "", StringComparison.Ordinal);
            if (!spellings.TryAdd(key, spelling))
                throw Clash(spellings[key], spelling);
            values.Add(key, value);
        }

        return values;
    }

    private static IEnumerable<string> KeysBelow(string path, IConfigurationProvider source) => source.GetChildKeys([], path)
        .Distinct(StringComparer.OrdinalIgnoreCase)
        .Select(child => ConfigurationPath.Combine(path, child))
        .SelectMany(key => KeysBelow(key, source).Prepend(key));

    private static OptionsValidationException Clash(string one, string other) => new(
        ReasonRankOptions.Section, typeof(ReasonRankOptions), [$"{one} and {other} are the same key, given twice by one source: leave one of them out."]);
}
