global using System.Net;
global using System.Net.Http.Json;
global using System.Text;
global using System.Text.Json.Nodes;
global using GanOnnx.Imaging;
global using GanOnnx.Inference;
global using GanOnnx.Tests.Shared.Models;
