/** Address ranges of a serving network; they do not move when a zone is added. */
export interface SubnetLayout {
  /** One per zone: a quarter of the network each. */
  readonly private: readonly string[];
  /** One per zone: a 64th of the network each, for load balancers and NAT gateways. */
  readonly public: readonly string[];
}

const CIDR = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/;

/** AWS takes networks from /16 to /28; below /22 a public subnet would be smaller than the /28 that AWS takes. */
const WIDEST = 16;
const NARROWEST = 22;

/** Why a range cannot be laid out; undefined when it can. */
export function networkProblem(cidr: string): string | undefined {
  const parsed = parse(cidr);
  if (!parsed) return `"${cidr}" must be an IPv4 range, as in "10.0.0.0/16"`;
  const { address, prefix } = parsed;
  if (prefix < WIDEST || prefix > NARROWEST) {
    return `"${cidr}" must be from /${WIDEST} to /${NARROWEST}: three zones must fit`;
  }
  const size = 2 ** (32 - prefix);
  if (address % size !== 0) return `"${cidr}" must begin at ${format(address - (address % size))}/${prefix}`;
  return undefined;
}

/**
 * Three quarters of the network are the zones' private subnets, the public ones are cut from the last quarter.
 * @throws RangeError for a range that `networkProblem` refuses
 */
export function subnetLayout(cidr: string, zones: number): SubnetLayout {
  const problem = networkProblem(cidr);
  const parsed = parse(cidr);
  if (problem !== undefined || !parsed) throw new RangeError(problem);
  const { address, prefix } = parsed;
  const size = 2 ** (32 - prefix);
  const part = (start: number, bits: number, i: number) =>
    `${format(start + i * 2 ** (32 - prefix - bits))}/${prefix + bits}`;
  const indexes = Array.from({ length: zones }, (_, i) => i);
  return {
    private: indexes.map((i) => part(address, 2, i)),
    public: indexes.map((i) => part(address + (size / 4) * 3, 6, i)),
  };
}

function parse(cidr: string): { address: number; prefix: number } | undefined {
  const match = CIDR.exec(cidr);
  if (!match) return undefined;
  const [a, b, c, d, prefix] = match.slice(1).map(Number) as [number, number, number, number, number];
  if ([a, b, c, d].some((octet) => octet > 255) || prefix > 32) return undefined;
  return { address: ((a * 256 + b) * 256 + c) * 256 + d, prefix };
}

function format(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}
