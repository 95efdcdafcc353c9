using ReasonRank.Evaluation;

namespace ReasonRank.Tests.Evaluation;

public class TextRecordTests
{
    [Fact]
    public void Queries_and_documents_are_objects_a_line()
    {
        var records = TextRecord.Read(new StringReader("""
            {"_id": "a", "title": "T", "text": "x", "metadata": {}}

            {"_id": 7, "text": ""}
            """));

        Assert.Equal([new TextRecord("a", "x", "T"), new TextRecord("7", "", null)], records);
    }

    [Theory]
    [InlineData("{\"_id\": \"a\", \"text\": \"x\"}\n{\"_id\": ", "Line 2 is no JSON object.")]
    [InlineData("{\"_id\": \"a\", \"text\": \"\\ud83d\"}", "Line 1 escapes half a surrogate pair, which is no character.")]
    [InlineData("[1]", "Line 1 is no JSON object.")]
    [InlineData("{\"text\": \"x\"}", "Line 1 has no \"_id\".")]
    [InlineData("{\"_id\": \"a\", \"text\": null}", "Line 1 has no \"text\".")]
    public void A_line_that_is_no_record_is_named(string text, string message) =>
        Assert.Equal(message, Assert.Throws<InvalidDataException>(() => TextRecord.Read(new StringReader(text)).ToList()).Message);
}
