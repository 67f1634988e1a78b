using System.Runtime.InteropServices;
using GanOnnx.AspNetCore;
using GanOnnx.AspNetCore.Endpoints;
using GanOnnx.AspNetCore.Models;
using GanOnnx.AspNetCore.Requests;
using GanOnnx.AspNetCore.Tensors;
using GanOnnx.Inference;
using GanOnnx.Server.Http;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace GanOnnx.Server.Grpc;

/// <summary>The Open Inference Protocol over gRPC.</summary>
internal sealed class InferenceService(ModelCatalog catalog, IOptions<GanOnnxOptions> options, ILogger<InferenceService> logger)
    : GRPCInferenceService.GRPCInferenceServiceBase
{
    public override Task<ServerLiveResponse> ServerLive(ServerLiveRequest request, ServerCallContext context) =>
        Task.FromResult(new ServerLiveResponse { Live = true });

    public override Task<ServerReadyResponse> ServerReady(ServerReadyRequest request, ServerCallContext context) =>
        Task.FromResult(new ServerReadyResponse { Ready = catalog.IsReady });

    public override Task<ModelReadyResponse> ModelReady(ModelReadyRequest request, ServerCallContext context) => Answer(context, () =>
    {
        Rent(context, request.Name, request.Version);
        return Task.FromResult(new ModelReadyResponse { Ready = true });
    });

    public override Task<ServerMetadataResponse> ServerMetadata(ServerMetadataRequest request, ServerCallContext context) =>
        Task.FromResult(new ServerMetadataResponse { Name = InferenceEndpoints.ServerName, Version = InferenceEndpoints.ServerVersion });

    public override Task<ModelMetadataResponse> ModelMetadata(ModelMetadataRequest request, ServerCallContext context) =>
        Answer(context, () =>
    {
        var model = Rent(context, request.Name, request.Version);
        return Task.FromResult(new ModelMetadataResponse
        {
            Name = model.Name,
            Versions = { InferenceEndpoints.Version },
            Platform = InferenceEndpoints.Platform,
            Inputs = { model.Description.Inputs.Select(Describe) },
            Outputs = { model.Description.Outputs.Select(Describe) },
        });
    });

    public override Task<ModelInferResponse> ModelInfer(ModelInferRequest request, ServerCallContext context) => Answer(context, async () =>
    {
        var model = Rent(context, request.ModelName, request.ModelVersion);
        var isRaw = request.RawInputContents.Count > 0;
        if (isRaw && request.RawInputContents.Count != request.Inputs.Count)
            throw Errors.Wrong("raw_input_contents", $"{request.RawInputContents.Count} tensors", $"one for each of the {request.Inputs.Count} inputs");
        var inputs = request.Inputs.Select((input, i) => new Tensor(input.Name, input.Datatype, [.. input.Shape],
            isRaw ? request.RawInputContents[i].Memory : BytesOf(input))).ToArray();
        var deadline = Deadline.Of(context.GetHttpContext(), TimeLeft(context.Deadline), options.Value.Timeout);
        var made = await TensorRun.Run(model, inputs, [.. request.Outputs.Select(output => output.Name)], options.Value, deadline)
            .ConfigureAwait(false);

        var output = new ModelInferResponse.Types.InferOutputTensor { Name = made.Name, Datatype = made.Datatype, Shape = { made.Shape } };
        var response = new ModelInferResponse
        {
            ModelName = model.Name,
            ModelVersion = InferenceEndpoints.Version,
            Id = request.Id,
            Outputs = { output },
        };
        // As it was asked; there is no field for halves.
        if (isRaw || made.Datatype == "FP16")
            response.RawOutputContents.Add(UnsafeByteOperations.UnsafeWrap(made.Bytes));
        else
            output.Contents = ContentsOf(made);
        return response;
    });

    private static TimeSpan? TimeLeft(DateTime deadline) => deadline == DateTime.MaxValue ? null
        : deadline > DateTime.UtcNow ? deadline - DateTime.UtcNow : TimeSpan.Zero;

    private LoadedModel Rent(ServerCallContext context, string name, string version) => version is "" or InferenceEndpoints.Version
        ? catalog.Rent(context.GetHttpContext(), name) : throw Errors.NoVersion(name, version);

    private static ModelMetadataResponse.Types.TensorMetadata Describe(TensorDescription tensor) => new()
    {
        Name = tensor.Name,
        Datatype = Tensor.DatatypeOf(tensor),
        Shape = { Tensor.ShapeOf(tensor) },
    };

    private static ReadOnlyMemory<byte> BytesOf(ModelInferRequest.Types.InferInputTensor input)
    {
        var contents = input.Contents ?? new();
        return input.Datatype switch
        {
            "FP32" => Copy(contents.Fp32Contents),
            "INT64" => Copy(contents.Int64Contents),
            "INT32" => Copy(contents.IntContents),
            "UINT8" => contents.UintContents.Select(value => value <= byte.MaxValue ? (byte)value
                : throw Errors.Wrong($"the data of {input.Name}", $"{value}", "numbers of type UINT8")).ToArray(),
            _ => throw Errors.Wrong($"the datatype of {Errors.Shown(input.Name)}", $"'{Errors.Shown(input.Datatype)}'",
                "FP32, INT64, INT32 or UINT8, or one of them or FP16 in raw_input_contents"),
        };

        static byte[] Copy<T>(RepeatedField<T> values) where T : unmanaged => MemoryMarshal.AsBytes<T>(values.ToArray()).ToArray();
    }

    private static InferTensorContents ContentsOf(Tensor tensor)
    {
        var contents = new InferTensorContents();
        if (tensor.Datatype == "FP32")
            contents.Fp32Contents.AddRange(MemoryMarshal.Cast<byte, float>(tensor.Bytes.Span).ToArray());
        else
            contents.UintContents.AddRange(tensor.Bytes.ToArray().Select(value => (uint)value));
        return contents;
    }

    private async Task<T> Answer<T>(ServerCallContext context, Func<Task<T>> answer)
    {
        var http = context.GetHttpContext();
        try
        {
            return await answer().ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            throw new RpcException(http.Features.Get<Deadline>() is { IsOver: true } deadline
                ? new(StatusCode.DeadlineExceeded, Errors.TooLate(deadline.Length)) : new(StatusCode.Cancelled, "The client left."));
        }
        catch (Exception e) when (Problem.Of(e, http.Features.Get<LoadedModel>()) is { } problem)
        {
            throw new RpcException(new(problem.Status switch
            {
                StatusCodes.Status404NotFound => StatusCode.NotFound,
                StatusCodes.Status503ServiceUnavailable => StatusCode.Unavailable,
                StatusCodes.Status413PayloadTooLarge => StatusCode.ResourceExhausted,
                _ => StatusCode.InvalidArgument,
            }, problem.Detail));
        }
        catch (Exception e)
        {
            Outermost.LogFault(logger, e);
            throw new RpcException(new(StatusCode.Internal, Errors.Failed()));
        }
    }
}
