using GanOnnx.Inference;
using ImageService;

var builder = WebApplication.CreateBuilder(args);

// To be replaced by services.AddImageGenerator: one generator for all requests, closed with the app.
builder.Services.AddSingleton(services =>
{
    var settings = services.GetRequiredService<IConfiguration>().GetSection("ImageGenerator");
    var defaults = new ImageGeneratorOptions();
    return ImageGenerator.Load(settings["Model"] ?? "models/fashion-dcgan", new()
    {
        QueueLimit = settings.GetValue(nameof(defaults.QueueLimit), 256),
        LongestWait = settings.GetValue(nameof(defaults.LongestWait), defaults.LongestWait),
    });
});

await using var app = builder.Build();
try
{
    // A model that can't be loaded ends the app before it listens.
    var generator = app.Services.GetRequiredService<ImageGenerator>();
    app.Logger.LogInformation("{Model} runs on {Provider}. {Notice}", generator.Model.Path, generator.Provider, generator.Notice);
}
catch (ModelException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 2;
}

app.MapImages();
await app.RunAsync();
return 0;
