namespace ReasonRank.Cli;

/// <summary>The three streams. Standard output carries results only; what a person should know goes to the error stream.</summary>
internal sealed record Terminal(TextReader In, TextWriter Out, TextWriter Error)
{
    /// <summary>Opens a file argument: none or <c>-</c> is standard input. Disposing the reader leaves standard input open.</summary>
    /// <exception cref="BadArgumentException">There is no such file.</exception>
    public TextReader Open(string? file)
    {
        if (file is null or "-")
            return new StandardInput(In);
        return File.Exists(file) ? new StreamReader(file) : throw new BadArgumentException($"There is no file '{file}'.");
    }

    private sealed class StandardInput(TextReader reader) : TextReader
    {
        public override int Peek() => reader.Peek();

        public override int Read() => reader.Read();

        public override int Read(char[] buffer, int index, int count) => reader.Read(buffer, index, count);

        public override string? ReadLine() => reader.ReadLine();

        public override string ReadToEnd() => reader.ReadToEnd();
    }
}

/// <summary>What the caller wrote on the command line can't be meant.</summary>
internal sealed class BadArgumentException(string message) : Exception(message);
