#!/usr/bin/env bash
# Takes back what setup.sh left: the variables, and ~/.pypirc.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=actions/azure-artifacts/common.sh
source "$here/common.sh"
# shellcheck source=actions/azure-artifacts/pypirc.sh
source "$here/pypirc.sh"

remove_pypirc
# A variable cannot be unset for later steps; pip, uv and twine take an empty one for none.
for name in PIP_INDEX_URL PIP_EXTRA_INDEX_URL PIP_NO_INPUT UV_DEFAULT_INDEX UV_INDEX \
  TWINE_REPOSITORY_URL TWINE_USERNAME TWINE_PASSWORD TWINE_NON_INTERACTIVE \
  UV_PUBLISH_URL UV_PUBLISH_USERNAME UV_PUBLISH_PASSWORD; do
  set_variable "$name" ""
done
echo "The credentials of the feed are gone from this job"
