import assert from "node:assert";
import { withModels, type ServiceEntry } from "../../cli/up/local-config";

const completed = (service: ServiceEntry) =>
  withModels(service, (model) => ({ ...model, sha256: `digest of ${model.name}/${model.version}` }));

describe("completing a service's models", () => {
  it("reaches those of the service, and leaves the rest", () => {
    const service = { name: "text", replicas: 2, models: [{ name: "ocr", version: "4" }] };
    assert.deepEqual(completed(service), {
      ...service,
      models: [{ name: "ocr", version: "4", sha256: "digest of ocr/4" }],
    });
  });

  it("reaches those of both slots, and gives the service none", () => {
    const strategy = { kind: "canary" };
    const slots = {
      blue: { models: [{ name: "ocr", version: "4" }], replicas: 3 },
      green: { models: [{ name: "ocr", version: "5" }] },
    };
    assert.deepEqual(completed({ name: "text", rollout: { slots, strategy } } as ServiceEntry), {
      name: "text",
      rollout: {
        strategy,
        slots: {
          blue: { models: [{ name: "ocr", version: "4", sha256: "digest of ocr/4" }], replicas: 3 },
          green: { models: [{ name: "ocr", version: "5", sha256: "digest of ocr/5" }] },
        },
      },
    });
  });

  it("leaves what is missing or empty to the program, which says so", () => {
    assert.deepEqual(completed({ name: "text", rollout: { slots: { blue: null } } }), {
      name: "text",
      rollout: { slots: { blue: null } },
    });
    assert.deepEqual(completed({ name: "text", rollout: {} }), { name: "text", rollout: { slots: {} } });
    assert.deepEqual(completed({ name: "text" }), { name: "text", models: [] });
  });
});
