using System.CommandLine;

namespace ReasonRank.Cli;

/// <summary>Rules for single options.</summary>
internal static class OptionRules
{
    /// <summary>Refuses smaller numbers.</summary>
    public static Option<T> AtLeast<T>(this Option<T> option, int least)
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out var value) && value < least)
                result.AddError($"{option.Name} must be at least {least}.");
        });
        return option;
    }
}
