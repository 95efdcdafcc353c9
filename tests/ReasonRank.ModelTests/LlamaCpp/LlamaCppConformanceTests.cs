using ReasonRank.Engines.Local;

namespace ReasonRank.ModelTests.LlamaCpp;

public sealed class LlamaCppQwen2ConformanceTests(RandomQwen2Fixture fixture) : RuntimeConformance, IClassFixture<RandomQwen2Fixture>
{
    protected override IModelRuntime Runtime => fixture.Runtime;
}

public sealed class LlamaCppQwen3ConformanceTests(RandomQwen3Fixture fixture) : RuntimeConformance, IClassFixture<RandomQwen3Fixture>
{
    protected override IModelRuntime Runtime => fixture.Runtime;
}
