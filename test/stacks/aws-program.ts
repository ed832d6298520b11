import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { projectRoot } from "../../toolchain/paths";
import { IMAGE, model } from "../components/support/examples";

/** Profile `aws` as a stack of any name. */
export const AWS_PROGRAM = `
  require(${JSON.stringify(`${projectRoot}/stacks/loader.js`)});
  module.exports = require(${JSON.stringify(`${projectRoot}/stacks/profiles`)}).runProfile("aws");
`;

interface Service {
  models: { name: string; version: string }[];
}

/** The committed configuration, completed as its users complete it. */
export function awsConfig(): Record<string, unknown> {
  const file = join(projectRoot, "Pulumi.aws.yaml");
  const committed = (parse(readFileSync(file, "utf8")) as { config: Record<string, unknown> }).config;
  const services = (committed["slipway:services"] as Service[]).map((service) => ({
    ...service,
    models: service.models.map(({ name, version }) => ({ name, version, sha256: model(name).sha256 })),
  }));
  return { ...committed, "slipway:services": services, "slipway:runtimeImage": IMAGE };
}
