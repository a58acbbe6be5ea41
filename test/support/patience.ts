import { type Patience, usualPatience } from "../../infra/patience.ts";

/**
 * The usual patience where a second takes a twentieth of one: as often, in as much time as a test has. Six seconds for a
 * question are enough for its first one on a busy machine too.
 */
export const hastyPatience: Patience = { ...usualPatience, second: 50 };
