import assert from "node:assert/strict";
import { status, type ClientDuplexStream } from "@grpc/grpc-js";
import { FileDescriptorProto } from "protobufjs/ext/descriptor";
import { protobufjs } from "../../../runtime/grpc/protos";
import { codecOf, grpcClient, type GrpcClient, type ServiceName } from "../support/grpc-client";
import { scriptedListener, type ScriptedListener } from "../support/grpc-listener";
import { frame, WireClient } from "../support/grpc-wire";

interface Answer {
  list_services_response?: { service: { name: string }[] };
  file_descriptor_response?: { file_descriptor_proto: Uint8Array[] };
  all_extension_numbers_response?: { base_type_name: string };
  error_response?: { error_code: number; error_message: string };
}

describe("gRPC reflection", () => {
  let server: ScriptedListener;
  let client: GrpcClient;

  before(async () => {
    server = await scriptedListener();
    client = grpcClient(server.address);
  });
  after(() => {
    client.close();
    server.listener.close();
  });

  async function ask(
    request: object,
    service: ServiceName = "grpc.reflection.v1.ServerReflection",
  ): Promise<Answer> {
    const { path, encode, decode } = codecOf(service, "ServerReflectionInfo");
    const stream = client.raw.makeBidiStreamRequest(path, encode, decode) as ClientDuplexStream<
      object,
      Answer
    >;
    stream.write(request);
    stream.end();
    const answers: Answer[] = [];
    for await (const answer of stream) answers.push(answer as Answer);
    assert.equal(answers.length, 1);
    return answers[0]!;
  }

  /** What protobufjs' own reader of descriptors, which tools would have, makes of the files. */
  function rootOf({ file_descriptor_response: response }: Answer) {
    const file = response!.file_descriptor_proto.map((bytes) => FileDescriptorProto.decode(bytes));
    const root = (
      protobufjs().Root as unknown as { fromDescriptor(set: object): import("protobufjs").Root }
    ).fromDescriptor({ file });
    root.resolveAll();
    return { root, names: file.map((one) => (one as unknown as { name: string }).name) };
  }

  it("lists the services, under the old name too", async () => {
    const names = [
      "grpc.health.v1.Health",
      "grpc.reflection.v1.ServerReflection",
      "grpc.reflection.v1alpha.ServerReflection",
      "inference.GRPCInferenceService",
    ];
    for (const service of [
      "grpc.reflection.v1.ServerReflection",
      "grpc.reflection.v1alpha.ServerReflection",
    ] as const) {
      const { list_services_response: list } = await ask({ list_services: "*" }, service);
      assert.deepEqual(
        list!.service.map(({ name }) => name),
        names,
      );
    }
  });

  it("describes every message of the protocol as the server reads it", async () => {
    const answer = await ask({ file_containing_symbol: "inference.GRPCInferenceService" });
    const { root, names } = rootOf(answer);
    assert.deepEqual(names, ["inference.proto", "model_config.proto"]);
    const { encode } = codecOf("inference.GRPCInferenceService", "ModelInfer");
    const message = {
      model_name: "m",
      parameters: { p: { int64_param: 5 } },
      inputs: [{ name: "x", datatype: "FP32", shape: [2, 3], contents: { fp32_contents: [1, 2] } }],
      raw_input_contents: [Buffer.of(1)],
    };
    const type = root.lookupType("inference.ModelInferRequest");
    const decoded = type.toObject(type.decode(encode(message)), { longs: Number });
    assert.deepEqual(decoded.inputs, [
      { name: "x", datatype: "FP32", shape: [2, 3], contents: { fp32_contents: [1, 2] } },
    ]);
    // This reader takes a map for what it is on the wire.
    assert.deepEqual(decoded.parameters, [{ key: "p", value: { int64_param: 5 } }]);
    const service = root.lookupService("inference.GRPCInferenceService");
    assert.deepEqual(
      service.methodsArray.filter(({ requestStream }) => requestStream).map(({ name }) => name),
      ["ModelStreamInfer"],
    );
    assert.equal(root.lookupEnum("inference.DataType").values.TYPE_BF16, 14);
  });

  for (const symbol of [
    "inference.ModelInferRequest.InferInputTensor",
    "inference.ModelInferRequest.model_name",
    "inference.GRPCInferenceService.ModelInfer",
  ]) {
    it(`finds the file of ${symbol}`, async () => {
      const { file_descriptor_response: found } = await ask({ file_containing_symbol: symbol });
      const { file_descriptor_response: file } = await ask({ file_by_filename: "inference.proto" });
      assert.ok(found!.file_descriptor_proto.length === 2);
      assert.deepEqual(found, file);
    });
  }

  const missing: [object, string][] = [
    [{ file_containing_symbol: "inference.Nope" }, "There is no such symbol."],
    [{ file_containing_symbol: "" }, "There is no such symbol."],
    [{ file_containing_symbol: "inference" }, "There is no such symbol."],
    [{ file_by_filename: "descriptor.proto" }, "There is no such file."],
    [{ file_by_filename: "../../package.json" }, "There is no such file."],
    [{ all_extension_numbers_of_type: "nope" }, "There is no such symbol."],
    [
      { file_containing_extension: { containing_type: "x", extension_number: 1 } },
      "There is no such extension.",
    ],
  ];
  for (const [request, sentence] of missing) {
    it(`says that ${JSON.stringify(request)} is not there`, async () => {
      const { error_response: error } = await ask(request);
      assert.deepEqual([error!.error_code, error!.error_message], [status.NOT_FOUND, sentence]);
    });
  }

  it("knows of no extensions", async () => {
    const { all_extension_numbers_response: answer } = await ask({
      all_extension_numbers_of_type: "inference.ModelInferRequest",
    });
    assert.equal(answer!.base_type_name, "inference.ModelInferRequest");
  });

  it("refuses a message that asks for nothing or cannot be read", async () => {
    const wire = await WireClient.connect(server.port);
    const path = "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo";
    assert.deepEqual((await wire.call(frame(Buffer.alloc(0)), {}, path)).status, [
      status.INVALID_ARGUMENT,
      "The message asks for nothing.",
    ]);
    assert.deepEqual((await wire.call(frame(Buffer.of(0x0f)), {}, path)).status, [
      status.INVALID_ARGUMENT,
      "The message is not a valid `grpc.reflection.v1.ServerReflectionRequest`.",
    ]);
    wire.close();
  });
});
