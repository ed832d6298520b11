import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:http2";
import { status, type ClientDuplexStream, type ServiceError } from "@grpc/grpc-js";
import type { Tensor } from "../../../runtime/dataplane/tensor";
import { codecOf, grpcClient } from "../support/grpc-client";
import { held, scriptedListener } from "../support/grpc-listener";
import { frame, inferMessage, WireClient } from "../support/grpc-wire";

describe("draining the gRPC listener", () => {
  it("answers what is in flight, says goodbye, and takes no new connection", async () => {
    const answer = held<Tensor[]>();
    const begun = held<void>();
    const server = await scriptedListener(() => (begun.resolve(), answer.promise));
    const client = await WireClient.connect(server.port);
    const goodbye = once(client.session, "goaway") as Promise<[number, number]>;
    const call = client.call(frame(inferMessage()));
    await begun.promise;
    let drained = false;
    const drain = server.listener.drain().then(() => (drained = true));
    const [code, lastStream] = await goodbye;
    // No call is refused that was under way when the goodbye was sent.
    assert.deepEqual([code, lastStream], [0, 2 ** 31 - 1]);
    assert.equal(drained, false);
    await assert.rejects(WireClient.connect(server.port));
    answer.resolve([...server.runs[0]!.inputs]);
    assert.deepEqual((await call).status, [status.OK, ""]);
    await drain;
    assert.equal(drained, true);
    if (!client.session.destroyed) await once(client.session, "close");
  });

  it("resolves at once where nobody is connected", async () => {
    const server = await scriptedListener();
    await server.listener.drain();
  });

  it("takes the calls that are on their way when it says goodbye", async () => {
    const server = await scriptedListener();
    const client = await WireClient.connect(server.port);
    const calls = Array.from({ length: 50 }, () => client.call(frame(inferMessage())));
    // Node's client writes its frames at the end of the turn; the listener has read none of them yet.
    const written = new Promise(setImmediate);
    await written;
    assert.equal(server.runs.length, 0);
    const drained = server.listener.drain();
    const codes = (await Promise.all(calls)).map((answer) => answer.status[0]);
    assert.deepEqual(new Set(codes), new Set([status.OK]));
    await drained;
  });

  it("cuts everything off when it is closed", async () => {
    const begun = held<void>();
    const server = await scriptedListener(() => (begun.resolve(), new Promise<Tensor[]>(() => undefined)));
    const session = connect(`http://127.0.0.1:${server.port}`);
    session.on("error", () => undefined);
    const stream = session.request({
      ":method": "POST",
      ":path": "/inference.GRPCInferenceService/ModelInfer",
      "content-type": "application/grpc",
    });
    stream.on("error", () => undefined);
    stream.end(frame(inferMessage()));
    await begun.promise;
    server.listener.close();
    await once(session, "close");
    assert.equal(server.runs[0]!.cancelled, true);
  });

  describe("with a stream that its client keeps open", () => {
    interface Answer {
      infer_response: { id: string; parameters: Record<string, { bool_param?: boolean }> };
    }
    const { path, encode, decode } = codecOf("inference.GRPCInferenceService", "ModelStreamInfer");
    const request = (id: string) => ({
      model_name: "m",
      id,
      inputs: [{ name: "x", datatype: "FP32", shape: [1] }],
      raw_input_contents: [Buffer.alloc(4)],
    });
    const GONE = [
      status.UNAVAILABLE,
      "The server is shutting down. Requests of this stream that have no answer were not run: send them again on a new one.",
    ];

    async function streaming(script?: Parameters<typeof scriptedListener>[0]) {
      const server = await scriptedListener(script);
      const client = grpcClient(server.address);
      const stream = client.raw.makeBidiStreamRequest(path, encode, decode) as ClientDuplexStream<
        object,
        Answer
      >;
      const error = (once(stream, "error") as Promise<[ServiceError]>).then(([{ code, details }]) => [
        code,
        details,
      ]);
      error.catch(() => undefined);
      const answer = async () => ((await once(stream, "data")) as [Answer])[0].infer_response;
      return { server, client, stream, error, answer };
    }

    it("tells with each answer to go on elsewhere, and waits for the client's end", async () => {
      const { server, client, stream, answer } = await streaming();
      stream.write(request("before"));
      assert.deepEqual((await answer()).parameters, {});
      const drained = server.listener.drain();
      stream.write(request("after"));
      const { id, parameters } = await answer();
      assert.equal(id, "after");
      assert.equal(parameters.slipway_reconnect?.bool_param, true);
      const ended = once(stream, "status") as Promise<[{ code: number }]>;
      stream.end();
      assert.equal((await ended)[0].code, status.OK);
      await drained;
      client.close();
    });

    it("ends it where nobody has used it for a second", async () => {
      const { server, client, stream, error, answer } = await streaming();
      stream.write(request("a"));
      await answer();
      await server.listener.drain();
      assert.deepEqual(await error, GONE);
      client.close();
    });

    it("answers what has come when time is up, and ends it with a status that says what to send again", async () => {
      const run = held<Tensor[]>();
      const begun = held<void>();
      const { server, client, stream, error, answer } = await streaming(() => (begun.resolve(), run.promise));
      stream.write(request("a"));
      await begun.promise;
      const drained = server.listener.drain();
      server.listener.endStreams();
      const last = answer();
      run.resolve([...server.runs[0]!.inputs]);
      assert.equal((await last).id, "a");
      assert.deepEqual(await error, GONE);
      await drained;
      client.close();
    });
  });
});
