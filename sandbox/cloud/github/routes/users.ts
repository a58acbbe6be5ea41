import { findAccount } from "../accounts.ts";
import type { Api, Call } from "../api.ts";
import { forbidden, notFound, requiresAuthentication } from "../errors.ts";
import { publicAccountView } from "../views/accounts.ts";

/** Users, and what a caller can learn of itself. */
export function userRoutes(api: Api): void {
  api.get("/user", (call) => {
    const { data, caller } = call.var;
    if (caller.kind === "anonymous") throw requiresAuthentication();
    if (caller.kind === "installation") throw forbidden("Resource not accessible by integration");
    return call.json(publicAccountView(data, caller.user, "User"));
  });

  api.get("/users/:username", (call) => {
    const { account, type } = openAccount(call);
    return call.json(publicAccountView(call.var.data, account, type));
  });

  // The sandbox's accounts have no keys.
  api.get("/users/:username/keys", (call) => {
    openAccount(call);
    return call.json([]);
  });
  api.get("/users/:username/gpg_keys", (call) => {
    openAccount(call);
    return call.json([]);
  });

  api.get("/rate_limit", (call) => {
    const { limit, used, reset } = call.var.rateLimit;
    const core = { limit, used, remaining: limit - used, reset };
    // Searching is not emulated: its budget, 30 a minute, is never touched.
    const search = { limit: 30, used: 0, remaining: 30, reset: Math.ceil(call.var.now / 1000) + 60 };
    return call.json({ resources: { core, search }, rate: core });
  });
}

function openAccount(call: Call) {
  const found = findAccount(call.var.data, call.req.param("username") ?? "");
  if (!found) throw notFound();
  return found;
}
