using System.Text;

namespace ReasonRank.Engines;

/// <summary>
/// A system turn, a user turn and the opening of the assistant's turn in the ChatML template that every ReasonRank model was
/// trained with. The markers are kept apart from the text, so that an engine can add them as token ids while no text,
/// whatever it holds, becomes markup.
/// </summary>
/// <param name="System">The system message, without surrounding white space of its own.</param>
/// <param name="User">The user message.</param>
/// <param name="IsOpen">The user turn goes on after <paramref name="User"/>: a head that a later prompt may start with.</param>
public sealed record ChatPrompt(string System, string User, bool IsOpen = false)
{
    /// <summary>Opens a turn; exactly one control token in a usable model.</summary>
    public const string TurnStart = "<|im_start|>";

    /// <summary>Closes a turn; exactly one control token in a usable model.</summary>
    public const string TurnEnd = "<|im_end|>";

    /// <summary>Markers and texts in prompt order.</summary>
    public IEnumerable<PromptPiece> Pieces
    {
        get
        {
            yield return PromptPiece.Start;
            yield return new PromptPiece("system\n" + System);
            yield return PromptPiece.End;
            yield return new PromptPiece("\n");
            yield return PromptPiece.Start;
            yield return new PromptPiece("user\n" + User);
            if (IsOpen)
                yield break;
            yield return PromptPiece.End;
            yield return new PromptPiece("\n");
            yield return PromptPiece.Start;
            yield return new PromptPiece("assistant\n");
        }
    }

    /// <summary>The exact prompt as one string.</summary>
    public string Render()
    {
        var text = new StringBuilder(System.Length + User.Length + 96);
        foreach (var piece in Pieces)
            text.Append(piece.Text);
        return text.ToString();
    }
}

/// <summary>A stretch of a prompt: plain text, or a chat marker that stands for one control token.</summary>
public readonly record struct PromptPiece(string Text, bool IsMarker = false)
{
    internal static PromptPiece Start => new(ChatPrompt.TurnStart, IsMarker: true);

    internal static PromptPiece End => new(ChatPrompt.TurnEnd, IsMarker: true);
}
