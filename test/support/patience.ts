import { type Patience, usualPatience } from "../../infra/patience.ts";

/** The usual patience where a second takes a fiftieth of one: as often, in as much time as a test has. */
export const hastyPatience: Patience = { ...usualPatience, second: 20 };
