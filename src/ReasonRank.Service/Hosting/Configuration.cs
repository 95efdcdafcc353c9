using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace ReasonRank.Service.Hosting;

/// <summary>Binds and checks the configuration.</summary>
internal static partial class Configuration
{
    /// <summary>Each section is a service of its own, so that who needs one names only that.</summary>
    public static void AddReasonRankOptions(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptionsWithValidateOnStart<ReasonRankOptions, ReasonRankOptionsValidator>().Configure<IConfiguration>(Bind);
        services.AddSingleton<IValidateOptions<ReasonRankOptions>, ConfigurationRules>();
        services.AddSection(options => options.Model);
        services.AddSection(options => options.Engine);
        services.AddSection(options => options.Ranking);
        services.AddSection(options => options.Limits);
        services.AddSection(options => options.Streaming);
        services.AddSection(options => options.Auth);
        services.AddSection(options => options.Cors);
        services.AddSection(options => options.Docs);
        services.AddSection(options => options.Shutdown);
        services.AddSingleton(TimeProvider.System);
    }

    /// <summary>What is wrong, in the words of the configuration: keys with colons.</summary>
    public static string Explain(OptionsValidationException failure) =>
        string.Join(' ', failure.Failures.Select(text => MemberPath().Replace(text, path => ReasonRankOptions.Section + path.Groups[1].Value.Replace('.', ':'))));

    private static void Bind(ReasonRankOptions options, IConfiguration configuration)
    {
        try
        {
            KeySpelling.WithoutUnderscores((IConfigurationRoot)configuration).GetSection(ReasonRankOptions.Section).Bind(options, binder => binder.ErrorOnUnknownConfiguration = true);
        }
        catch (InvalidOperationException e)
        {
            throw new OptionsValidationException(ReasonRankOptions.Section, typeof(ReasonRankOptions), [Plainly(e.Message)]);
        }
    }

    /// <summary>The binder names a value of the wrong type by its key, but a key that doesn't exist only among its own concepts.</summary>
    private static string Plainly(string message) =>
        UnknownKeys().Match(message) is { Success: true } unknown ? $"There is no key {unknown.Groups[2]} in ReasonRank ({unknown.Groups[1]})." : message;

    private static void AddSection<T>(this IServiceCollection services, Func<ReasonRankOptions, T> section)
        where T : class =>
        services.AddSingleton(provider => section(provider.GetRequiredService<IOptions<ReasonRankOptions>>().Value));

    [GeneratedRegex(@"instance of [\w.]*?(\w+): (.+)$")]
    private static partial Regex UnknownKeys();

    [GeneratedRegex(@"(?:\w+: The field )?ReasonRankOptions((?:\.\w+)+)")]
    private static partial Regex MemberPath();
}
