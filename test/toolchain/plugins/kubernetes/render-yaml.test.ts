import assert from "node:assert";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { removeRendered, renderYaml } from "../../../../toolchain/plugins/kubernetes/render-yaml";

describe("renderYaml", () => {
  let folder = "";
  const warnings: string[] = [];
  const nothing = () => undefined;
  const log = {
    debug: nothing,
    info: nothing,
    error: nothing,
    status: nothing,
    warn: (text: string) => void warnings.push(text),
  };
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "slipway-render-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const rendered = () => readdirSync(join(folder, "out"), { recursive: true }).map(String).sort();
  const render = (apiVersion: string, kind: string, name: string, namespace?: string) => {
    const object = { apiVersion, kind, metadata: { name, namespace } };
    renderYaml(object, join(folder, "out"), { log, inputs: {} });
    return object;
  };

  it("puts definitions first, one file an object", () => {
    render("apiextensions.k8s.io/v1", "CustomResourceDefinition", "widgets.example.com");
    render("apps/v1", "Deployment", "text", "slipway");
    assert.deepStrictEqual(rendered(), [
      "0-crd",
      "0-crd/apiextensions.k8s.io_v1-customresourcedefinition-default-widgets.example.com.yaml",
      "1-manifest",
      "1-manifest/apps_v1-deployment-slipway-text.yaml",
    ]);
  });

  it("writes nowhere else, whatever an object is called", () => {
    const object = render("v1", "ConfigMap", "../../../escaped", "../up");
    assert.deepStrictEqual(readdirSync(folder), ["out"]);
    assert.deepStrictEqual(rendered(), ["1-manifest", "1-manifest/v1-configmap-.._up-.._.._.._escaped.yaml"]);
    removeRendered(object, join(folder, "out"));
    assert.deepStrictEqual(rendered(), ["1-manifest"]);
  });

  it("keeps secrets from others, and says where they lie", () => {
    render("v1", "Secret", "key");
    const file = join(folder, "out", "1-manifest", "v1-secret-default-key.yaml");
    assert.strictEqual(statSync(file).mode & 0o777, 0o600);
    assert.deepStrictEqual(warnings, [`"${file}" holds a secret in plain text.`]);
  });
});
