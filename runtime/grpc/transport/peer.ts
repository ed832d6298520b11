/** The other end of a connection. */
export interface Peer {
  readonly address: string;
  /** Common name of its certificate, where it proved one. */
  readonly certificateName: string | undefined;
  /** Calls that are open. */
  calls: number;
  /** `performance.now()` since when there are none. */
  idleSince: number;
  /** It has shown that it speaks HTTP/2. */
  settled: boolean;
}
