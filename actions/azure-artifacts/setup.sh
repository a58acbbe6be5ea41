#!/usr/bin/env bash
# Signs in, and tells pip, uv and twine of the feed.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=actions/azure-artifacts/common.sh
source "$here/common.sh"
# shellcheck source=actions/azure-artifacts/pypirc.sh
source "$here/pypirc.sh"

index_url=${INPUT_INDEX_URL:-}
read -r -a extra_index_urls <<<"${INPUT_EXTRA_INDEX_URL:-}"
upload_url=${INPUT_UPLOAD_URL:-}

require_inputs() {
  local missing=""
  if [[ -z ${INPUT_CLIENT_ID:-} && -n ${INPUT_CREDENTIALS:-} ]]; then
    : # Sign-in with a secret.
  else
    if [[ -z ${INPUT_CLIENT_ID:-} ]]; then missing+=", client-id"; fi
    if [[ -z ${INPUT_TENANT_ID:-} ]]; then missing+=", tenant-id"; fi
  fi
  if [[ -z $index_url ]]; then missing+=", index-url"; fi
  if [[ -z $missing ]]; then return; fi
  fail "nothing was given for: ${missing#, }" \
    "feedpass writes variables for them: AZURE_CLIENT_ID, AZURE_TENANT_ID and AZURE_ARTIFACTS_INDEX_URL, each after the" \
    "variablePrefix of the identity if it has one. With signIn: secret it is the secret AZURE_CREDENTIALS, for the input" \
    "credentials, instead of the two ids. They are at the repository or, for an identity that trusts an environment, at that" \
    "environment, where only jobs with \`environment: NAME\` read them." \
    "GitHub hands none of them to the pull request of a fork, and no Actions secret to a run that Dependabot started."
}

# The token goes to these addresses, and to no other.
require_feed_url() {
  local name=$1 url=$2 ending=$3
  local path='(/[A-Za-z0-9._~%@!$&()*+,;=:-]+)+'
  if [[ $url =~ ^https://pkgs\.dev\.azure\.com$path/_packaging/[^/]+/pypi/$ending$ ]]; then return; fi
  fail "$name is not the address of a feed on https://pkgs.dev.azure.com" \
    "Expected https://pkgs.dev.azure.com/ORGANIZATION/PROJECT/_packaging/FEED/pypi/$ending, or the same without PROJECT."
}

# What an earlier setup in this job has set.
is_ours() {
  [[ $1 =~ ^(https://feedpass:[^@/ ]+@pkgs\.dev\.azure\.com/[^ ]+ ?)+$ ]]
}

# With two indexes a tool takes what it likes better from either: whoever publishes a private name in public, with a
# higher version, is installed.
refuse_other_indexes() {
  local name found=""
  for name in PIP_EXTRA_INDEX_URL UV_INDEX UV_EXTRA_INDEX_URL; do
    if [[ -n ${!name:-} ]] && ! is_ours "${!name}"; then found+=", $name"; fi
  done
  if [[ -z $found ]] && pip config list 2>/dev/null | grep -v '^:env:' | grep 'extra-index-url=' >/dev/null; then
    found=", extra-index-url in the configuration of pip (see: pip config debug)"
  fi
  if [[ -z $found ]]; then return; fi
  fail "there is a second package index: ${found#, }" \
    "Whoever publishes the name of a private package there, with a higher version, would be installed instead." \
    "Remove it: public packages come through the feed, by its upstream sources; more feeds go into extra-index-url."
}

find_python() {
  local candidate
  for candidate in python3 python; do
    if "$candidate" -I -c 'import sys; sys.exit(sys.version_info < (3, 8))' 2>/dev/null; then
      printf '%s' "$candidate"
      return
    fi
  done
}

require_inputs
require_feed_url index-url "$index_url" 'simple/?'
for url in ${extra_index_urls[@]+"${extra_index_urls[@]}"}; do require_feed_url extra-index-url "$url" 'simple/?'; done
if [[ -n $upload_url ]]; then require_feed_url upload-url "$upload_url" 'upload/?'; fi
refuse_other_indexes
python=$(find_python)
if [[ -z $python ]]; then fail "Python 3.8 or newer is needed; put actions/setup-python before this step"; fi

# -I: no module of the repository in place of Python's own.
token=$("$python" -I "$here/sign-in.py")
printf '::add-mask::%s\n' "$token"

with_token() {
  printf 'https://feedpass:%s@%s' "$token" "${1#https://}"
}

set_variable PIP_INDEX_URL "$(with_token "$index_url")"
# A refusal ends pip, instead of a question that nobody answers.
set_variable PIP_NO_INPUT 1
set_variable UV_DEFAULT_INDEX "$(with_token "$index_url")"
set_output token "$token"
set_output index-url "$index_url"
echo "pip and uv install from $index_url"

if ((${#extra_index_urls[@]} > 0)); then
  extra=""
  for url in "${extra_index_urls[@]}"; do
    extra+="${extra:+ }$(with_token "$url")"
    echo "and from $url"
  done
  set_variable PIP_EXTRA_INDEX_URL "$extra"
  set_variable UV_INDEX "$extra"
fi

if [[ -n $upload_url ]]; then
  feed=${upload_url#*/_packaging/}
  feed=${feed%%/*}
  write_pypirc "$feed" "$upload_url" "$token"
  set_variable TWINE_REPOSITORY_URL "$upload_url"
  set_variable TWINE_USERNAME feedpass
  set_variable TWINE_PASSWORD "$token"
  set_variable TWINE_NON_INTERACTIVE 1
  set_variable UV_PUBLISH_URL "$upload_url"
  set_variable UV_PUBLISH_USERNAME feedpass
  set_variable UV_PUBLISH_PASSWORD "$token"
  set_output upload-url "$upload_url"
  echo "twine and uv publish to $upload_url (in ~/.pypirc: $feed)"
fi
