/**
 * Makes the baselines of the models that come with the project:
 *
 *   node -r tsx/cjs examples/baselines/make.ts
 *
 * writes toolchain/models/baselines/NAME-VERSION.json.
 */
import { writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Baseline } from "../../runtime/drift/baseline";
import { assignColumns } from "../../runtime/drift/profile/assign-columns";
import { makeBaseline } from "../../runtime/drift/profile/make-baseline";
import { findModel, openModel } from "../../runtime/drift/profile/open-model";
import { baselineFile, layOutRepository, packModels, type PackedModel } from "../../toolchain/models";
import { silent } from "../../toolchain/progress";
import { sampleRows, sourceOf } from "./sample-rows";

/** Windows of the local stack are short: few bins stand on few rows. */
const BINS = 10;
const SEED = 1;

/** Profiles a model by sample requests. */
export async function sampleBaseline({ name, version, path, sha256, size }: PackedModel): Promise<Baseline> {
  const repository = await mkdtemp(join(tmpdir(), "slipway-baselines-"));
  try {
    await layOutRepository([{ name, version, path, sha256, size }], repository);
    const model = await openModel(await findModel(repository, name, version));
    try {
      const rows = await sampleRows(name, model, SEED);
      const source = sourceOf(rows);
      const named = `the sample of \`${name}\``;
      const { inputs } = assignColumns(model.spec.inputs, source.columns, {
        named,
        map: [],
        ignore: [],
        partly: false,
      });
      const data = { file: rows.file, sha256: rows.sha256 };
      return await makeBaseline(source, { named, bins: BINS, data, model, spec: model.spec, inputs });
    } finally {
      await model.close();
    }
  } finally {
    await rm(repository, { recursive: true });
  }
}

async function main(): Promise<void> {
  for (const model of await packModels(silent)) {
    const file = baselineFile(model);
    writeFileSync(file, `${JSON.stringify(await sampleBaseline(model))}\n`);
    console.log(file);
  }
}

if (require.main === module)
  main().catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
