# shellcheck shell=bash
# What the scripts share; they source it.

# fail HEADLINE [LINE...]: says what is wrong as GitHub shows errors, and ends the step.
fail() {
  printf '::error title=Azure Artifacts::%s\n' "${1//\%/%25}"
  shift
  if (($# > 0)); then printf '%s\n' "$@"; fi
  exit 1
}

# set_variable NAME VALUE: for the steps that follow. A value is one line.
set_variable() {
  printf '%s=%s\n' "$1" "$2" >>"$GITHUB_ENV"
}

# set_output NAME VALUE: for ${{ steps.ID.outputs.NAME }}. A value is one line.
set_output() {
  printf '%s=%s\n' "$1" "$2" >>"$GITHUB_OUTPUT"
}
