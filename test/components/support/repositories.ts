import assert from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import { ModelRepository, type ModelReference, type S3RepositoryArgs } from "../../../components";
import { declare, type Declaration } from "./declared";

export const OCR: ModelReference = { name: "ocr", version: "4", sha256: "b".repeat(64) };
export const KEY_ARN = "arn:aws:kms:eu-central-1:123456789012:key/1234-abcd";

export const s3Args = (changes: Partial<S3RepositoryArgs> = {}): S3RepositoryArgs => ({
  kind: "s3",
  clusterName: "serving",
  models: [OCR],
  ...changes,
});

/** A repository in S3 named "models", and what it declares. */
export async function s3Repository(
  changes: Partial<S3RepositoryArgs> = {},
): Promise<[ModelRepository, Declaration]> {
  let repository!: ModelRepository;
  const declaration = await declare(() => {
    repository = new ModelRepository("models", s3Args(changes));
  });
  return [repository, declaration];
}

/** Inputs of a resource of AWS: `aws:s3/bucketPolicy:BucketPolicy` is "s3/BucketPolicy". */
export function awsInputs(
  declaration: Declaration,
  type: string,
  name: string,
): Declaration["resources"][0]["inputs"] {
  const found = declaration.resources.filter(
    (resource) => resource.type.replace(/^aws:(\w+)\/\w+:/, "$1/") === type && resource.name === name,
  );
  assert.equal(found.length, 1, `${type} ${name}`);
  return found[0]!.inputs;
}

export const valueOf = <T>(output: pulumi.Input<T>): Promise<T> =>
  new Promise((resolve) => void pulumi.output(output).apply((value) => resolve(value as T)));
