/** One slot during one window. */
export interface Scope {
  readonly namespace: string;
  /** The operator labels what it scrapes through a ServiceMonitor with the Service's name. */
  readonly service: string;
  readonly windowSeconds: number;
}

/**
 * By how much each series of a counter grew within the window. Of a series that appeared in it, `increase` leaves out what the first
 * scrape saw, which for a kind of error that has just begun may be all there is; that series began at 0 and counts whole.
 */
export function growth(scope: Scope, counter: string, matchers = ""): string {
  const series = `${counter}${selector(scope, matchers)}`;
  const window = `${scope.windowSeconds}s`;
  return `(${series} unless ${series} offset ${window}) or increase(${series}[${window}])`;
}

export function selector({ namespace, service }: Omit<Scope, "windowSeconds">, matchers = ""): string {
  return `{namespace="${namespace}",service="${service}"${matchers}}`;
}
