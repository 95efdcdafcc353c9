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
        var stopping = app.Lifetime.ApplicationStopping;
        try
        {
            await app.RunAsync();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The end came before the start was through.
        }
        catch (IOException e)
        {
            // No port to listen on; the message names it.
            return Refuse(e.Message);
        }

        return exit.Code;
    }

    /// <summary>Says what is wrong with the configuration.</summary>
    public static int Refuse(OptionsValidationException failure) => Refuse($"The configuration is wrong. {Configuration.Explain(failure)}");

    /// <summary>One sentence, without a stack trace that nobody needs.</summary>
    private static int Refuse(string reason)
    {
        using var logger = Logging.Plain();
        logger.Fatal("The service does not start: {Reason}", reason);
        return ExitStatus.Failed;
    }
}
