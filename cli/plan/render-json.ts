import type { Plan } from "./schema";

/** Keys stand as `planOf` puts them, so that the same plan is the same text. */
export const renderJson = (plan: Plan): string => `${JSON.stringify(plan, null, 2)}\n`;
