import type { Properties, Value } from "./values";

/** Talks to the person through the engine; the lines appear beside the resource that the request is about. */
export interface ResourceLog {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
  /** What is being waited for now: replaces the previous status, and goes when the request ends. */
  status(message: string): void;
}

export interface RequestContext {
  /** Aborted when the engine cancels, or hangs up. Long waits must end then. */
  readonly signal: AbortSignal;
  readonly log: ResourceLog;
}

interface ResourceRequest extends RequestContext {
  readonly urn: string;
  /** e.g. `kubernetes:core/v1:Service`. */
  readonly type: string;
  readonly name: string;
}

/** How the stack's configuration wants names to be made; see `autoName`. */
export interface Autonaming {
  readonly proposedName: string;
  /** "propose": the provider may adapt the name; "enforce": take it as it is; "disable": a name is required. */
  readonly mode: "propose" | "enforce" | "disable";
}

export interface CheckRequest extends ResourceRequest {
  /** The inputs in the state; empty for a new resource. */
  readonly oldInputs: Properties;
  readonly newInputs: Properties;
  /** Deterministic randomness for generated names; may be empty. */
  readonly randomSeed: Uint8Array;
  readonly autonaming?: Autonaming;
}

export interface CheckFailure {
  /** A property path such as `spec.ports[0].port`; empty for the resource as a whole. */
  readonly property: string;
  readonly reason: string;
}

export interface CheckResult {
  /** The inputs with defaults filled in: what the state keeps. */
  readonly inputs: Properties;
  readonly failures?: readonly CheckFailure[];
}

export interface DiffRequest extends ResourceRequest {
  readonly id: string;
  readonly oldInputs: Properties;
  readonly oldOutputs: Properties;
  readonly newInputs: Properties;
  /** Property paths that the program ignores; the engine has put the old values into `newInputs` already. */
  readonly ignoreChanges: readonly string[];
}

export type DiffKind = "add" | "add-replace" | "delete" | "delete-replace" | "update" | "update-replace";

export interface PropertyDiff {
  readonly kind: DiffKind;
  /** True: old and new inputs differ; false: the old output and the new input differ. @default true */
  readonly inputDiff?: boolean;
}

export interface DiffResult {
  readonly changes: boolean;
  /** Keyed by property path. Entries of a `…-replace` kind make the engine replace the resource. */
  readonly detailed?: { readonly [path: string]: PropertyDiff };
  /** Top-level names or paths that force a replacement; those of `detailed` are added to them. */
  readonly replaces?: readonly string[];
  /** Outputs that an update is known not to change. */
  readonly stables?: readonly string[];
  readonly deleteBeforeReplace?: boolean;
}

export interface CreateRequest extends ResourceRequest {
  readonly inputs: Properties;
  /** True: nothing may be changed, and outputs that only a creation can tell are `UNKNOWN`. */
  readonly preview: boolean;
  /** 0: the provider's own default. */
  readonly timeoutSeconds: number;
}

export interface CreateResult {
  /** Empty in a preview. */
  readonly id: string;
  readonly outputs: Properties;
}

export interface ReadRequest extends ResourceRequest {
  readonly id: string;
  /** The inputs in the state; empty for an import. */
  readonly inputs: Properties;
  /** The outputs in the state; empty for an import. */
  readonly outputs: Properties;
  readonly timeoutSeconds: number;
}

export interface ReadResult {
  readonly id: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
}

export interface UpdateRequest extends ResourceRequest {
  readonly id: string;
  readonly oldInputs: Properties;
  readonly oldOutputs: Properties;
  readonly newInputs: Properties;
  readonly ignoreChanges: readonly string[];
  readonly preview: boolean;
  /** 0: the provider's own default. */
  readonly timeoutSeconds: number;
}

export interface DeleteRequest extends ResourceRequest {
  readonly id: string;
  readonly oldInputs: Properties;
  readonly oldOutputs: Properties;
  /** 0: the provider's own default. */
  readonly timeoutSeconds: number;
}

export interface InvokeRequest extends RequestContext {
  /** e.g. `aws:index/getRegion:getRegion`. */
  readonly token: string;
  readonly args: Properties;
  readonly preview: boolean;
}

export interface InvokeResult {
  readonly result: Properties;
  readonly failures?: readonly CheckFailure[];
}

export interface ConfigureRequest extends RequestContext {
  /** Values may be unknown in a preview. Nested ones arrive as JSON text, as the official providers get them. */
  readonly config: Properties;
}

/**
 * A resource provider in terms of decoded values. A method that throws makes the operation fail with the error's
 * message; `PartialFailure` says that the resource exists all the same.
 */
export interface Provider {
  readonly name: string;
  /** Without a leading "v". */
  readonly version: string;
  /** The package schema as JSON text. @default an empty schema */
  schema?(): Promise<string>;
  /** @default accepts the configuration as it is */
  checkConfig?(request: CheckRequest): Promise<CheckResult>;
  /** @default a changed configuration never replaces resources */
  diffConfig?(request: DiffRequest): Promise<DiffResult>;
  configure?(request: ConfigureRequest): Promise<void>;
  check(request: CheckRequest): Promise<CheckResult>;
  diff(request: DiffRequest): Promise<DiffResult>;
  create(request: CreateRequest): Promise<CreateResult>;
  /** `undefined`: there is no such resource any more. */
  read(request: ReadRequest): Promise<ReadResult | undefined>;
  /** Resolves with the new outputs. */
  update(request: UpdateRequest): Promise<Properties>;
  /** A resource that is gone already counts as deleted. */
  delete(request: DeleteRequest): Promise<void>;
  /** @default every function is unknown */
  invoke?(request: InvokeRequest): Promise<InvokeResult>;
  /** Called once, after the signals of all requests were aborted. */
  cancel?(): Promise<void>;
}

/**
 * The resource was created or updated, but is not ready: the engine keeps what is here in the state, shows the
 * reasons and fails.
 */
export class PartialFailure extends Error {
  override readonly name = "PartialFailure";
  constructor(
    message: string,
    readonly partial: {
      readonly id: string;
      readonly outputs: Properties;
      /** The inputs to keep. @default those of the request */
      readonly inputs?: { readonly [key: string]: Value };
      /** One line each. */
      readonly reasons: readonly string[];
    },
  ) {
    super(message);
  }
}
