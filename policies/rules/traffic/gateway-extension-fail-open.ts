import type { Field } from "../../model/field";
import { eachRule } from "../../model/input-rule";

const SWITCHES: readonly (readonly string[])[] = [
  ["spec", "extProc", "*", "failOpen"],
  ["spec", "wasm", "*", "failOpen"],
];

export const gatewayExtensionFailOpen = eachRule<Field>(
  {
    id: "gateway-extension-fail-open",
    title: "Extensions of the gateway fail closed",
    severity: "low",
    description:
      "An extension with `failOpen` is left out whenever it fails: what it checks or takes out of requests then reaches the backend unchecked. Waive it for one that only counts or logs.",
    remediation: "extProc: [{ backendRefs, failOpen: false }] // false where nothing is set",
    types: [
      "kubernetes:gateway.envoyproxy.io/*:EnvoyExtensionPolicy",
      "kubernetes:extensions.istio.io/*:WasmPlugin",
    ],
    controls: [],
  },
  (fields) => [...SWITCHES.flatMap((path) => fields.all(path)), fields.get("spec", "failStrategy")],
  (setting) =>
    setting.value() === true || setting.value() === "FAIL_OPEN"
      ? `must not set \`${setting.path}\` ${setting.show()}.`
      : undefined,
);
