import type { CoveredRoute } from "../service.ts";
export const coverage: readonly CoveredRoute[] = [];
