using System.Globalization;
using System.Reflection;
using ReasonRank.Service.Hosting;
using ReasonRank.TestSupport;

namespace ReasonRank.Tests.Documents;

public sealed class ConfigurationDocumentTests
{
    /// <summary>Keys and defaults as docs/configuration.md has them: | `Key` | default | meaning |.</summary>
    private static readonly Dictionary<string, string> Documented = Checkout.Read("docs/configuration.md").Split('\n')
        .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
        .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
        .ToDictionary(cells => cells[1].Trim('`'), cells => cells[2]);

    private static readonly Dictionary<string, object?> Keys = KeysOf(new ReasonRankOptions());

    [Fact]
    public void Every_key_is_documented_and_no_other() =>
        Assert.Equal(Keys.Keys.Order(), Documented.Keys.Order());

    [Fact]
    public void Every_default_is_as_documented()
    {
        var wrong = Keys
            .Where(key => Documented.TryGetValue(key.Key, out var text) && (key.Value is null or IList<string> { Count: 0 } ? !text.StartsWith('*') : text != Written(key.Value)))
            .Select(key => $"{key.Key}: {key.Value}");

        Assert.Empty(wrong);
    }

    private static string Written(object value) =>
        value is bool truth ? (truth ? "true" : "false") : Convert.ToString(value, CultureInfo.InvariantCulture)!;

    private static Dictionary<string, object?> KeysOf(ReasonRankOptions options) => Properties(options)
        .SelectMany(section => Properties(section.GetValue(options)!)
            .Select(key => KeyValuePair.Create($"{section.Name}:{key.Name}", key.GetValue(section.GetValue(options)))))
        .ToDictionary();

    private static IEnumerable<PropertyInfo> Properties(object section) =>
        section.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite || property.PropertyType == typeof(IList<string>));
}
