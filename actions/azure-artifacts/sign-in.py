"""Signs in to Entra as an application and prints an access token for Azure DevOps, nothing else, on standard output.

What people read, and commands for the runner, go to standard error. Python 3.8 and its standard library are enough:
whoever uses pip has them, on every runner and in every container. Proxies and certificate authorities are those of the
environment.
"""

import base64
import http.client
import json
import os
import re
import ssl
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

# https://learn.microsoft.com/azure/devops/integrate/get-started/authentication/service-principal-managed-identity
AZURE_DEVOPS = "499b84ac-1321-427f-aa17-267ca6975798/.default"
# The one audience that Entra takes: https://learn.microsoft.com/entra/workload-id/workload-identity-federation
AUDIENCE = "api://AzureADTokenExchange"
ATTEMPTS = 3
TIMEOUT_SECONDS = 30

# What a refusal means: https://learn.microsoft.com/entra/identity-platform/reference-error-codes
MEANINGS = {
    70025: "the application has no federated credential at all; has the stack been applied?",
    90002: "there is no such tenant: is tenant-id the AZURE_TENANT_ID that feedpass wrote?",
    500011: "the tenant knows no Azure DevOps: is it the one that the organization is connected to?",
    700016: "the tenant has no such application: was the stack destroyed, or is client-id of another one?",
    700024: "the clock of this runner, or of GitHub, is wrong",
    700211: "no federated credential is for tokens of this GitHub",
    700212: "no federated credential is for this audience",
    700213: "no trust entry of the identity is for this job",
    7000112: "the application is disabled; an administrator of the tenant may have done that",
    7000215: "the client secret is wrong; a new one is written when the stack is applied",
    7000222: "the client secret has ended: set a later secretExpires in the stack file and apply it, or sign in without one",
    7000229: "the application has no service principal in this tenant; apply the stack again",
    7002131: "no trust entry of the identity is for this job",
    7002138: "a trust entry is for this job but for upper and lower case, which counts",
    900023: "that is no tenant: is tenant-id the AZURE_TENANT_ID that feedpass wrote?",
}
# The older number of "no matching federated credential".
MEANINGS[70021] = MEANINGS[700213]
UNTRUSTED = (70021, 700213, 7002131, 7002138)


class Refused(Exception):
    """What went wrong, in one line, and what else helps."""

    def __init__(self, headline, *details):
        super().__init__(headline)
        self.headline = headline
        self.details = details


class NoRedirects(urllib.request.HTTPRedirectHandler):
    """Credentials go to the address they are for."""

    def redirect_request(self, *_):
        return None


def main(environment):
    try:
        sys.stdout.write(sign_in(environment))
        return 0
    except Refused as refused:
        tell("::error title=Azure Artifacts::" + refused.headline.replace("%", "%25"), *refused.details)
        return 1


def sign_in(environment):
    client_id = environment.get("INPUT_CLIENT_ID", "").strip()
    if client_id:
        return sign_in_by_oidc(environment, environment.get("INPUT_TENANT_ID", "").strip(), client_id)
    return sign_in_by_secret(environment, environment.get("INPUT_CREDENTIALS", ""))


def sign_in_by_oidc(environment, tenant_id, client_id):
    assertion = github_token(environment)
    subject = claims_of(assertion).get("sub", "")
    form = {
        "client_id": client_id,
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": assertion,
    }
    token = entra_token(environment, tenant_id, form, lambda code: advice(code, client_id, subject))
    tell(f"Signed in without a secret: {client_id} trusts {subject}")
    return token


def sign_in_by_secret(environment, credentials):
    try:
        parts = json.loads(credentials)
        client_id, tenant_id, secret = (parts[name] for name in ("clientId", "tenantId", "clientSecret"))
        if not all(isinstance(part, str) and part for part in (client_id, tenant_id, secret)):
            raise ValueError
    except (ValueError, KeyError, TypeError):
        raise Refused(
            "credentials is not what AZURE_CREDENTIALS holds: JSON with clientId, clientSecret and tenantId",
            "Hand it on as it is: credentials: ${{ secrets.AZURE_CREDENTIALS }}",
        ) from None
    # GitHub masks the JSON as a whole, not what is in it.
    mask(secret)
    form = {"client_id": client_id, "client_secret": secret}
    token = entra_token(environment, tenant_id, form, lambda _: ())
    tell(f"Signed in with a client secret: {client_id}")
    return token


def github_token(environment):
    """Asks GitHub who this job is: https://docs.github.com/actions/reference/security/oidc"""
    url = environment.get("ACTIONS_ID_TOKEN_REQUEST_URL", "")
    bearer = environment.get("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "")
    if not url or not bearer:
        raise Refused(
            "this job may not ask GitHub for an ID token: add `id-token: write` to its permissions",
            "    permissions:",
            "      contents: read",
            "      id-token: write",
            "A caller of a reusable workflow has to grant it too. The pull request of a fork is never given it.",
        )
    url = f"{url}&audience={urllib.parse.quote(AUDIENCE, safe='')}"
    status, body = send(environment, "GitHub", url, headers={"Authorization": f"bearer {bearer}"})
    assertion = body.get("value")
    if status != 200 or not assertion:
        raise Refused(f"GitHub gave no ID token, it answered {status}", str(body.get("message", "")))
    mask(assertion)
    return assertion


def entra_token(environment, tenant_id, form, more_advice):
    """The client credentials grant: https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow"""
    form = {"grant_type": "client_credentials", "scope": AZURE_DEVOPS, **form}
    url = f"https://login.microsoftonline.com/{urllib.parse.quote(tenant_id, safe='')}/oauth2/v2.0/token"
    status, body = send(environment, "Entra", url, data=urllib.parse.urlencode(form).encode())
    token = body.get("access_token")
    if status == 200 and token:
        return token
    words = str(body.get("error_description", body.get("error", "")))
    found = re.match(r"AADSTS(\d+)", words)
    code = int(found.group(1)) if found else 0
    if not code:
        raise Refused(f"Entra gave no token, it answered {status}", words)
    meaning = MEANINGS.get(code, f"AADSTS{code}")
    raise Refused(f"Entra refuses the sign-in: {meaning}", f"Entra says: {words}", *more_advice(code))


def advice(code, client_id, subject):
    """What to do where the identity does not trust the job."""
    if code not in UNTRUSTED:
        return ()
    entry = trust_entry(subject)
    wanted = f"the trust list of the identity would have to hold  - {entry}" if entry else "no trust entry can be for it"
    return (
        f"GitHub presents this job as  {subject}",
        f"For it to sign in as {client_id}, {wanted}",
        "If the stack file has that: has it been applied, some minutes ago at least? Was the repository renamed or",
        "transferred since? Then the subjects of its jobs begin differently, and the stack has to be applied again.",
    )


def trust_entry(subject):
    """The entry of a stack file for jobs with this subject: https://docs.github.com/actions/reference/security/oidc#example-subject-claims"""
    found = re.fullmatch(r"repo:[^:]+:(?:ref:refs/(head|tag)s/([^:]+)|(environment):([^:]+)|(pull_request))", subject)
    if not found:
        return ""
    ref, ref_name, environment, environment_name, _ = found.groups()
    if ref:
        return f"{'branch' if ref == 'head' else 'tag'}: {ref_name.replace('%3A', ':')}"
    return f"environment: {environment_name.replace('%3A', ':')}" if environment else "pullRequest: true"


def claims_of(token):
    """What a token says. Entra checks it, not we."""
    try:
        payload = token.split(".")[1]
        return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (ValueError, IndexError):
        return {}


def send(environment, service, url, data=None, headers=None):
    """The status and the JSON of an answer; tries again where that may help."""
    opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=tls(environment)), NoRedirects)
    for attempt in range(1, ATTEMPTS + 1):
        # A new one each time: a proxy's handler changes it.
        request = urllib.request.Request(url, data=data, headers=headers or {})
        try:
            with opener.open(request, timeout=TIMEOUT_SECONDS) as response:
                return response.status, parse(response.read())
        except urllib.error.HTTPError as error:
            if attempt == ATTEMPTS or (error.code != 429 and error.code < 500):
                return error.code, parse(error.read())
        except (OSError, http.client.HTTPException) as error:
            if attempt == ATTEMPTS:
                host = urllib.parse.urlsplit(url).hostname
                reason = getattr(error, "reason", error)
                raise Refused(
                    f"{service} could not be reached at {host}: {reason}",
                    "Does this runner need a proxy (HTTPS_PROXY) or a certificate authority of its own (SSL_CERT_FILE)?",
                ) from None
        time.sleep(2 ** (attempt - 1))
    raise AssertionError("the last attempt returns or raises")


def tls(environment):
    """Trusts what the system trusts, what SSL_CERT_FILE names, and what twine and curl are told to trust."""
    context = ssl.create_default_context()
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        file = environment.get(name, "")
        if os.path.isfile(file):
            context.load_verify_locations(file)
    return context


def parse(body):
    try:
        parsed = json.loads(body)
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}


def mask(value):
    tell(f"::add-mask::{value}")


def tell(*lines):
    for line in lines:
        # On a line of its own, somebody else's text could be a command to the runner.
        print(" ".join(line.split("\n")).replace("\r", ""), file=sys.stderr)


sys.exit(main(os.environ))
