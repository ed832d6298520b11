import assert from "node:assert/strict";
import { basicCredentials } from "../../../rollout/gates/basic-credentials";
import { prometheusReader } from "../../../rollout/gates/prometheus-reader";

describe("basicCredentials", () => {
  it("leaves an address without credentials as it is", () => {
    assert.deepEqual(basicCredentials("http://prometheus:9090/below"), {
      url: "http://prometheus:9090/below",
      headers: {},
    });
  });

  it("makes a header of those that stand in the address", () => {
    const { url, headers } = basicCredentials("http://slipway:p%40ss:word@127.0.0.1:9090");
    assert.equal(url, "http://127.0.0.1:9090/");
    const encoded = headers.authorization!.replace(/^Basic /, "");
    assert.equal(Buffer.from(encoded, "base64").toString(), "slipway:p@ss:word");
  });

  it("is how Prometheus is asked", async () => {
    const asked: { url: string; authorization: string | undefined }[] = [];
    const send = (async (url: string, init: RequestInit) => {
      asked.push({ url, authorization: (init.headers as Record<string, string>).authorization });
      return new Response('{"status":"success","data":{"resultType":"scalar","result":[0,"3"]}}');
    }) as unknown as typeof fetch;
    const reading = await prometheusReader({ url: "http://a:b@127.0.0.1:9090/", fetch: send }).read("up");
    assert.deepEqual(reading, { number: 3 });
    assert.deepEqual(asked, [
      { url: "http://127.0.0.1:9090/api/v1/query", authorization: `Basic ${btoa("a:b")}` },
    ]);
  });
});
