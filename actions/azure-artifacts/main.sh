#!/usr/bin/env bash
# The action's one step. Reads INPUT_* and what every job has: GITHUB_ENV, GITHUB_OUTPUT and HOME.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=actions/azure-artifacts/common.sh
source "$here/common.sh"

case "${INPUT_MODE:-setup}" in
  setup) bash "$here/setup.sh" ;;
  cleanup) bash "$here/cleanup.sh" ;;
  *) fail "mode: got \"$INPUT_MODE\", expected setup or cleanup" ;;
esac
