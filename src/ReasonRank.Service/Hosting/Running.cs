using Microsoft.Extensions.Options;

namespace ReasonRank.Service.Hosting;

/// <summary>The process from start to exit code.</summary>
internal static class Running
{
    /// <summary>Runs until a signal or a failure ends it; 0 when all went well.</summary>
    public static async Task<int> RunToExitAsync(this WebApplication app)
    {
        // Asked for now: when the host has stopped, its services are gone.
        var exit = app.Services.GetRequiredService<ExitStatus>();
        await app.RunAsync();
        return exit.Code;
    }

    /// <summary>Says what is wrong with the configuration, without a stack trace that nobody needs.</summary>
    public static int Refuse(OptionsValidationException failure)
    {
        using var logger = Logging.Plain();
        logger.Fatal("The configuration is wrong. {Failures}", Configuration.Explain(failure));
        return ExitStatus.Failed;
    }
}
