import type Long from "long";

/** inference.ModelRepositoryParameter as protobufjs decodes it: one of them is there. */
interface RepositoryParameter {
  readonly parameter_choice?: "bool_param" | "int64_param" | "string_param" | "bytes_param";
  readonly bool_param?: boolean;
  readonly int64_param?: Long;
  readonly string_param?: string;
  readonly bytes_param?: Uint8Array;
}

export type RepositoryParameters = Readonly<Record<string, RepositoryParameter>>;

/** Parameters of a load or unload as plain values; undefined where there are none. */
export function plainParameters(parameters: RepositoryParameters): Record<string, unknown> | undefined {
  const entries = Object.entries(parameters);
  if (entries.length === 0) return undefined;
  return Object.fromEntries(
    entries.map(([key, parameter]) => {
      const value = parameter.parameter_choice && parameter[parameter.parameter_choice];
      return [key, typeof value === "object" && "toNumber" in value ? value.toNumber() : value];
    }),
  );
}
