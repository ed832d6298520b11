import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:http2";
import { status } from "@grpc/grpc-js";
import type { Tensor } from "../../../runtime/dataplane/tensor";
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
});
