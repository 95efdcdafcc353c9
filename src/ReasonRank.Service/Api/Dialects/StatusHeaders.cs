using System.Text;

namespace ReasonRank.Service.Api.Dialects;

/// <summary>Says in headers what bodies of a foreign shape have no room for: how complete the ranking is, and the warnings.</summary>
internal static class StatusHeaders
{
    public static void Write(IHeaderDictionary headers, Answer answer)
    {
        headers["x-rerank-status"] = AnswerDetails.StatusOf(answer.Result.Status);
        if (answer.Warnings.Count > 0)
            headers["x-rerank-warnings"] = Ascii(string.Join(' ', answer.Warnings));
    }

    private static string Ascii(string text)
    {
        var ascii = new StringBuilder(text.Length);
        foreach (var letter in text)
            ascii.Append(letter is >= ' ' and <= '~' ? letter : '?');
        return ascii.ToString();
    }
}
