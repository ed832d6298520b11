import { gatewayExtensionFailOpen } from "../../../../policies/rules/traffic/gateway-extension-fail-open";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const metadata = { name: "extensions", namespace: "team" };
const extension = (spec: Record<string, unknown>) =>
  put("extensions", "kubernetes:gateway.envoyproxy.io/v1alpha1:EnvoyExtensionPolicy", {
    metadata,
    spec: { targetRefs: [{ group: "gateway.networking.k8s.io", kind: "Gateway", name: "gateway" }], ...spec },
  });
const processors = (...switches: unknown[]) =>
  extension({
    extProc: switches.map((failOpen) => ({ backendRefs: [{ name: "checks", port: 9002 }], failOpen })),
  });
const wasm = (failOpen: unknown) => extension({ wasm: [{ name: "checks", failOpen }] });
const plugin = (failStrategy: unknown) =>
  put("plugin", "kubernetes:extensions.istio.io/v1alpha1:WasmPlugin", { metadata, spec: { failStrategy } });

describeRule(gatewayExtensionFailOpen, {
  good: {
    closed: processors(false),
    "closed by default": processors(undefined),
    "a module that is closed": wasm(false),
    "a plugin that is closed": plugin("FAIL_CLOSE"),
  },
  bad: { processor: processors(true), module: wasm(true), plugin: plugin("FAIL_OPEN") },
  partial: { "one processor of two": processors(false, true) },
  notJudged: { "a text": processors("true"), "a number": plugin(7) },
  unknown: { switch: processors(UNKNOWN), strategy: plugin(UNKNOWN) },
});
