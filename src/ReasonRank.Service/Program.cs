using Microsoft.Extensions.Options;
using ReasonRank.Service.Api;
using ReasonRank.Service.Api.Mcp;
using ReasonRank.Service.Hosting;

try
{
    // The configuration lies beside the program, wherever it's started from.
    var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
    builder.AddReasonRankOptions();
    builder.AddServiceLogging();
    builder.AddListening();
    builder.Services.AddApi();
    builder.Services.AddAccess();
    builder.Services.AddTelemetry();
    builder.Services.AddEngine();

    var app = builder.Build();
    app.UseMiddleware<RequestTrace>();
    app.UseMiddleware<RequestLog>();
    app.UseExceptionHandler(errors => errors.Run(ProblemAnswer.SendUnexpectedAsync));
    app.UseStatusCodePages(ProblemAnswer.SendStatusAsync);
    app.UseAccess();
    app.MapRerank();
    app.MapMcp();
    app.MapModels();
    app.MapHealth();
    app.MapMetrics();
    app.MapDocs();
    return await app.RunToExitAsync();
}
catch (OptionsValidationException e)
{
    return Running.Refuse(e);
}
