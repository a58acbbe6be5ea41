import { Hono } from "hono";
import type { CloudContext } from "../../service.ts";
import { gitHubData } from "../data.ts";
import { troubleResponse } from "../errors.ts";
import { sha256 } from "../identifiers.ts";
import type { Site } from "../site.ts";
import { supportedClaims } from "./claims.ts";
import { mintIdToken } from "./id-token.ts";
import { enterpriseIssuer, siteIssuer } from "./issuer.ts";
import { requestRoute } from "./request-url.ts";
import { keySetOf } from "./signing-keys.ts";
import { MissingClaimError } from "./subject.ts";

/** The metadata and keys of a site's issuers, which relying parties read: its own, and one for each enterprise. */
export function issuerApp(context: CloudContext, site: Site): Hono {
  const data = gitHubData(context.store, site);
  const app = new Hono();
  app.get("/.well-known/openid-configuration", (call) => call.json(metadataOf(siteIssuer(site))));
  app.get("/.well-known/jwks", (call) => call.json(keySetOf(data)));
  // The keys are the same for all: https://github.com/jsr-io/jsr/pull/1489
  const isEnterprise = (name: string) => data.enterprises.find(({ slug }) => slug === name) !== undefined;
  app.get("/:slug/.well-known/openid-configuration", (call) => {
    const slug = call.req.param("slug");
    return isEnterprise(slug) ? call.json(metadataOf(enterpriseIssuer({ slug }, site))) : call.notFound();
  });
  app.get("/:slug/.well-known/jwks", (call) =>
    isEnterprise(call.req.param("slug")) ? call.json(keySetOf(data)) : call.notFound(),
  );
  return app;
}

function metadataOf(name: string) {
  return {
    issuer: name,
    jwks_uri: `${name}/.well-known/jwks`,
    subject_types_supported: ["public", "pairwise"],
    response_types_supported: ["id_token"],
    claims_supported: supportedClaims,
    id_token_signing_alg_values_supported: ["RS256"],
    scopes_supported: ["openid"],
  };
}

/** Where jobs ask for their ID tokens, as `@actions/core` does. */
export function runServiceApp(context: CloudContext, site: Site): Hono {
  const app = new Hono();
  app.get(requestRoute, async (call) => {
    const job = gitHubData(context.store, site).jobs.get(call.req.param("job_id"));
    if (job?.planId !== call.req.param("plan_id")) return troubleResponse(404, "NotFound", "no such job");
    const token = /^bearer +(\S+)$/i.exec(call.req.header("Authorization") ?? "")?.[1];
    const isOver = Date.parse(job.endsAt) <= context.now();
    if (token === undefined || isOver || sha256(token) !== job.requestTokenHash) {
      return troubleResponse(401, "Unauthorized", "The request token is not one of this job.");
    }
    try {
      const value = await mintIdToken(context, job, call.req.query("audience"));
      return call.json({ count: value.length, value });
    } catch (error) {
      if (error instanceof MissingClaimError) return troubleResponse(400, "BadRequest", error.message);
      throw error;
    }
  });
  return app;
}
