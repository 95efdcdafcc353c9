using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ReasonRank.Client;
using ReasonRank.TestSupport;

namespace ReasonRank.Tests.Client;

/// <summary>The client's types against the service's description of its API.</summary>
public class ApiDescriptionTests
{
    private static readonly JsonElement Schemas =
        JsonElement.Parse(Checkout.Read("src/ReasonRank.Service/Api/openapi.json")).GetProperty("components").GetProperty("schemas");

    /// <summary>For clients of other services, or the same in every answer.</summary>
    private static readonly string[] NotForUs = ["object", "api_version", "billed_units", "tokens"];

    [Fact]
    public void A_request_has_every_field_of_the_api_and_no_other() =>
        Assert.Equal(Described(Schemas.GetProperty("RerankRequest")), Names(ReasonRankJson.Default.RerankRequest));

    [Fact]
    public void A_document_has_every_field_of_the_api_and_no_other() =>
        Assert.Equal(Described(Schemas.GetProperty("Document")), Names(ReasonRankJson.Default.RerankDocument));

    [Fact]
    public void An_answer_is_read_to_its_last_field()
    {
        var answer = Schemas.GetProperty("RerankResponse");
        var members = answer.GetProperty("properties");

        Assert.Equal(Described(answer).Except(NotForUs), Names(ReasonRankJson.Default.RerankResponse));
        Assert.Equal(Described(members.GetProperty("results").GetProperty("items")), Names(ReasonRankJson.Default.RerankResult));
        Assert.Equal(Described(members.GetProperty("reasoning").GetProperty("items")), Names(ReasonRankJson.Default.RerankWindow));
        Assert.Equal(Described(members.GetProperty("usage")), Names(ReasonRankJson.Default.RerankUsage));
        Assert.Equal(Described(members.GetProperty("timings")), Names(ReasonRankJson.Default.RerankTimings));
        Assert.Equal(Described(members.GetProperty("meta")).Except(NotForUs), Names(ReasonRankJson.Default.RerankMeta));
    }

    private static IEnumerable<string> Described(JsonElement schema) => schema.GetProperty("properties").EnumerateObject().Select(property => property.Name).Order();

    private static IEnumerable<string> Names(JsonTypeInfo type) => type.Properties.Select(property => property.Name).Order();
}
