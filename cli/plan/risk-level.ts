/** What a change may do, the worst first. */
export const RISK_LEVELS = ["data-loss", "interruption", "access", "cost", "none"] as const;

export type RiskLevel = (typeof RISK_LEVELS)[number];

export const RISK_TITLES: Readonly<Record<RiskLevel, string>> = {
  "data-loss": "Loses data",
  interruption: "Interrupts traffic",
  access: "Changes access",
  cost: "Costs more",
  none: "Harmless",
};

/** 0 is the worst. */
export const severity = (level: RiskLevel): number => RISK_LEVELS.indexOf(level);

/** The worst of some levels; `none` where there is none. */
export function worst(levels: Iterable<RiskLevel>): RiskLevel {
  return [...levels].reduce((a, b) => (severity(b) < severity(a) ? b : a), "none");
}

/** True where `level` is as bad as `limit`, or worse. */
export const reaches = (level: RiskLevel, limit: RiskLevel): boolean => severity(level) <= severity(limit);
