import assert from "node:assert/strict";
import * as fc from "fast-check";
import * as pulumi from "@pulumi/pulumi";
import {
  ApiGateway,
  CertificateAuthority,
  InferenceService,
  ModelRepository,
  ServiceRoute,
  TokenAuthority,
} from "../../../components";
import { MODELS } from "../serving/support/service";
import { declare } from "../support/declared";
import { IMAGE } from "../support/examples";
import { arbitraryGateway } from "./arbitrary-gateway";
import { gatewayMistake, routeMistake, type Mistake } from "./arbitrary-mistakes";
import { arbitraryRoute } from "./arbitrary-route";

const RUNS = 150;

/** Whatever else is right, one mistake is refused by its path, before anything but the component itself is declared. */
async function assertRefused(
  component: "ApiGateway" | "ServiceRoute",
  arbitrary: fc.Arbitrary<object>,
  mistakes: fc.Arbitrary<Mistake>,
  prepare: () => (name: string, settings: object) => unknown,
): Promise<void> {
  let tries = 0;
  const { resources } = await declare(() => {
    const create = prepare();
    fc.assert(
      fc.property(arbitrary, mistakes, (good, [path, change]) => {
        const name = `wrong${tries++}`;
        assert.throws(
          () => create(name, { ...good, ...change }),
          (error) => {
            assert.ok(pulumi.InputPropertiesError.isInstance(error), String(error));
            assert.ok(error.message.startsWith(`${component} "${name}": `), error.message);
            const paths = error.errors.map(({ propertyPath }) => propertyPath);
            assert.ok(paths.includes(path), `${path} is not among ${paths.join(", ")}: ${error.message}`);
            return true;
          },
        );
      }),
      { numRuns: RUNS },
    );
  });
  const own = resources.filter(({ name }) => name.startsWith("wrong"));
  assert.equal(own.length, tries);
  for (const { type } of own) assert.equal(type, `slipway:index:${component}`);
}

describe("any mistake in", () => {
  const shared = () => ({
    namespace: "models",
    authority: new CertificateAuthority("authority"),
    tokens: new TokenAuthority("tokens", { issuer: "https://models.example.com" }),
  });

  it("an ApiGateway is refused by its path before anything of it exists", () =>
    assertRefused("ApiGateway", arbitraryGateway, gatewayMistake, () => {
      const args = shared();
      return (name, settings) => new ApiGateway(name, { ...args, ...settings });
    }));

  it("a ServiceRoute is refused by its path before anything of it exists", () =>
    assertRefused("ServiceRoute", arbitraryRoute, routeMistake, () => {
      const args = shared();
      const gateway = new ApiGateway("gateway", args);
      const repository = new ModelRepository("repository", { models: MODELS });
      const service = new InferenceService("text", { ...args, image: IMAGE, repository, models: MODELS });
      return (name, settings) =>
        new ServiceRoute(name, { gateway, service, authority: args.authority, ...settings });
    }));
});
