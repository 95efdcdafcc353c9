using System.Globalization;
using System.Text;
using ReasonRank.Engines;

namespace ReasonRank.Prompting;

/// <summary>
/// The prompts of one request: the query in the words of a profile, around the passages of any window. Byte for byte what the model
/// was trained with. Chat markup in a query or passage stays text: engines add the markers as ids (<see cref="ChatPrompt.Pieces"/>);
/// <c>&lt;answer&gt;</c> and <c>&lt;/think&gt;</c> in a passage stay too, as in the reference. Thread-safe.
/// </summary>
public sealed class ListwisePrompt
{
    private readonly PromptProfile _profile;

    /// <param name="query">As the client wrote it.</param>
    public ListwisePrompt(PromptProfile profile, string query)
    {
        _profile = profile;
        // Disarmed twice: fixing narrows a full-width [12], which the reference lets live.
        Query = Identifiers.Disarm(TextFixer.FixInPrompt(PythonText.Strip(Identifiers.Disarm(query))));
    }

    /// <summary>The query as prompts show it, twice.</summary>
    public string Query { get; }

    /// <summary>The prompt for a window; its passages are numbered from 1.</summary>
    public ChatPrompt Render(IReadOnlyList<PassageText> window)
    {
        var user = Start(window.Count, window);
        user.Append("Search Query: ").Append(Query).Append(".\n")
            .Append(CultureInfo.InvariantCulture, $"Rank the {window.Count} passages above based on their relevance to the search query. ")
            .Append("All the passages should be included and listed using identifiers, in descending order of relevance. ")
            .Append(_profile.AnswerInstruction);
        return new ChatPrompt(_profile.System, user.ToString());
    }

    /// <summary>
    /// The open head that every prompt for a window of <paramref name="count"/> passages starting with <paramref name="first"/> begins
    /// with. It ends after the line feed before a <c>[</c>, where tokens end too.
    /// </summary>
    /// <param name="first">The window's first passages; fewer than <paramref name="count"/>.</param>
    public ChatPrompt Head(int count, IReadOnlyList<PassageText> first)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(first.Count, count, nameof(first));
        return new ChatPrompt(_profile.System, Start(count, first).ToString(), IsOpen: true);
    }

    private StringBuilder Start(int count, IReadOnlyList<PassageText> passages)
    {
        var user = new StringBuilder(1024 + (2 * Query.Length) + passages.Sum(passage => passage.Text.Length + 8));
        user.Append(CultureInfo.InvariantCulture, $"I will provide you with {count} passages, each indicated by a numerical identifier []. ")
            .Append("Rank the passages based on their relevance to the search query: ").Append(Query).Append(".\n\n");
        for (var i = 0; i < passages.Count; i++)
            user.Append(CultureInfo.InvariantCulture, $"[{i + 1}] ").Append(passages[i].Text).Append('\n');
        return user;
    }
}
