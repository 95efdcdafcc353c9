using ReasonRank.Engines.Local;
using ReasonRank.TestSupport;

namespace ReasonRank.ModelTests;

/// <summary>The tests' own runtime must behave like the real one, or what is shown with it means nothing.</summary>
public sealed class ScriptedRuntimeTests : RuntimeConformance
{
    protected override IModelRuntime Runtime { get; } = new ScriptedRuntime(poolCells: 1024, batchRows: 64, maxSequences: 8, context: 768);
}
