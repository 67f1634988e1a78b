using GanOnnx.Inference;
using ImageService;
using Microsoft.Extensions.Options;
using Samples;

var builder = WebApplication.CreateBuilder(args);

// One generator for all requests, closed with the app. The configuration goes before what is set here.
builder.Services.AddImageGenerator(settings =>
{
    settings.Model = "models/fashion-dcgan";
    settings.Generator = new() { QueueLimit = 256 };
});
builder.Services.AddImageGenerator(builder.Configuration.GetSection("ImageGenerator"));

await using var app = builder.Build();
try
{
    // A model that can't be loaded ends the app here, with a sentence; the host would log a stack trace.
    app.Services.GetRequiredService<ImageGenerator>();
}
catch (Exception e) when (e is ModelException or OptionsValidationException)
{
    await Console.Error.WriteLineAsync(PlainText.Of(e.Message));
    return 2;
}

app.MapImages();
await app.RunAsync();
return 0;
