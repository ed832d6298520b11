/** This machine or pod: nobody is on the way. */
const HERE = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/i;

/** Names that only this cluster's DNS answers: a Service by its name, with or without what comes after its namespace. */
const IN_CLUSTER = /^[a-z0-9-]+$|\.svc(?:\.|$)|\.cluster\.local$/i;

/** The host of a URL that is asked without TLS; undefined for every other text. */
function plainHost(text: string): string | undefined {
  return /^http:\/\/(?:[^/@\s]*@)?(\[[^\]]*\]|[^:/?#\s]*)/i.exec(text.trim())?.[1];
}

/** Whether a text is a URL without TLS of another machine. */
export function isPlainUrl(text: string): boolean {
  const host = plainHost(text);
  return host !== undefined && !HERE.test(host);
}

/** The same, of a machine outside the cluster. */
export function isPlainUrlOutside(text: string): boolean {
  return isPlainUrl(text) && !IN_CLUSTER.test(plainHost(text) ?? "");
}
