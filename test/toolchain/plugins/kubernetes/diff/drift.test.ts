import * as assert from "node:assert";
import { followLive } from "../../../../../toolchain/plugins/kubernetes/diff/drift";
import { Secret } from "../../../../../toolchain/plugins/shared/values";

describe("followLive", () => {
  it("leaves defaults and status out", () => {
    const inputs = { kind: "Service", spec: { ports: [{ port: 80 }] } };
    const live = {
      kind: "Service",
      spec: { type: "ClusterIP", ports: [{ port: 80, protocol: "TCP" }] },
      status: {},
    };
    assert.deepStrictEqual(followLive(inputs, live), inputs);
  });

  it("takes what somebody changed, and drops what somebody removed", () => {
    const inputs = { metadata: { labels: { a: "1", b: "2" } } };
    assert.deepStrictEqual(followLive(inputs, { metadata: { labels: { a: "9" } } }), {
      metadata: { labels: { a: "9" } },
    });
  });

  it("keeps the program's spelling of a quantity, and of what Go leaves out", () => {
    const inputs = {
      spec: { resources: { limits: { cpu: "1000m" } }, hostNetwork: false, list: [], map: {} },
    };
    assert.deepStrictEqual(followLive(inputs, { spec: { resources: { limits: { cpu: "1" } } } }), inputs);
  });

  it("matches list elements by name, whatever the server put between them", () => {
    const inputs = {
      env: [
        { name: "a", value: "1" },
        { name: "b", value: "2" },
      ],
    };
    const live = {
      env: [
        { name: "z", value: "0" },
        { name: "b", value: "3" },
        { name: "a", value: "1" },
      ],
    };
    assert.deepStrictEqual(followLive(inputs, live), {
      env: [
        { name: "a", value: "1" },
        { name: "b", value: "3" },
      ],
    });
  });

  it("keeps secrets secret, changed or not", () => {
    const inputs = { data: { a: new Secret("1"), b: new Secret("2") } };
    assert.deepStrictEqual(followLive(inputs, { data: { a: "1", b: "3" } }), {
      data: { a: new Secret("1"), b: new Secret("3") },
    });
  });

  it("finds the stringData of a Secret in its data", () => {
    const inputs = { kind: "Secret", stringData: new Secret({ a: "x", b: "y" }) };
    const data = { a: Buffer.from("x").toString("base64"), b: Buffer.from("z").toString("base64") };
    assert.deepStrictEqual(followLive(inputs, { kind: "Secret", data }), {
      kind: "Secret",
      stringData: new Secret({ a: "x", b: "z" }),
    });
  });
});
