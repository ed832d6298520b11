/** Why an API server refused a request: its `Status` object in short. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  constructor(
    message: string,
    /** The HTTP status. */
    readonly code: number,
    /** The machine-readable reason, e.g. `NotFound`, `Invalid`, `Conflict`. */
    readonly reason: string,
    readonly details: { readonly kind?: string; readonly name?: string; readonly causes: readonly string[] },
  ) {
    super(message);
  }
}

interface StatusBody {
  message?: string;
  reason?: string;
  details?: {
    kind?: string;
    name?: string;
    causes?: { field?: string; reason?: string; message?: string }[];
  };
}

export function apiErrorOf(code: number, body: unknown): ApiError {
  const status = (typeof body === "object" && body !== null ? body : {}) as StatusBody;
  const message = status.message ?? (typeof body === "string" && body !== "" ? body.trim() : `HTTP ${code}`);
  return new ApiError(message, code, status.reason ?? "", {
    kind: status.details?.kind,
    name: status.details?.name,
    causes: (status.details?.causes ?? []).map(({ field, message }) => `${field ?? ""}: ${message ?? ""}`),
  });
}

export function isNotFound(error: unknown): error is ApiError {
  return error instanceof ApiError && error.code === 404;
}

/** A 404 that is about an object, not about a path: an API server that is just starting does not know all its paths. */
export function isObjectNotFound(error: unknown): error is ApiError {
  return isNotFound(error) && error.reason === "NotFound";
}

/** A 404 that is about the namespace that an object is to live in. */
export function isNamespaceNotFound(error: unknown): error is ApiError {
  return isNotFound(error) && error.details.kind === "namespaces";
}

export function isInvalid(error: unknown): error is ApiError {
  return error instanceof ApiError && error.code === 422;
}

export function isConflict(error: unknown): error is ApiError {
  return error instanceof ApiError && error.code === 409 && error.reason === "Conflict";
}

export function isAlreadyExists(error: unknown): error is ApiError {
  return error instanceof ApiError && error.code === 409 && error.reason === "AlreadyExists";
}

/** The user may not do this at all; unlike a quota or an admission rule, which also answer 403. */
export function isUnauthorised(error: unknown): error is ApiError {
  if (!(error instanceof ApiError)) return false;
  return (
    error.code === 401 ||
    (error.code === 403 && /\bcannot (get|list|patch|create|update|delete) resource\b/.test(error.message))
  );
}

/**
 * The server is there but cannot answer now. A 500 counts only where something behind the API server failed: it also
 * answers 500 to an object that it cannot read.
 */
export function isTransient(error: unknown): boolean {
  if (error instanceof ApiError) {
    if (error.code === 500)
      return /failed calling webhook|etcdserver|connection refused|timed? ?out/i.test(error.message);
    return error.code === 429 || error.code > 500 || (error.code === 404 && error.reason === "");
  }
  const code = (error as { code?: unknown } | null)?.code;
  return code === "ECONNRESET" || code === "ECONNREFUSED" || code === "EPIPE" || code === "ETIMEDOUT";
}
