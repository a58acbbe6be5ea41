# shellcheck shell=bash
# ~/.pypirc, which twine reads (https://packaging.python.org/specifications/pypirc/); setup and cleanup source it.

pypirc="$HOME/.pypirc"
# Where a file that was there before waits for the cleanup.
former_pypirc="$HOME/.pypirc.before-feedpass"
pypirc_mark="# Written by feedpass. Its cleanup removes this file and puts the former one back."

pypirc_is_ours() {
  [[ -f $pypirc && ! -L $pypirc && $(head -n 1 "$pypirc") == "$pypirc_mark" ]]
}

# write_pypirc NAME URL TOKEN: one repository, for `twine upload --repository NAME`; readable by nobody else.
write_pypirc() {
  # One of ours may be left of a job that was cut off.
  if pypirc_is_ours; then
    rm -f "$pypirc"
  elif [[ -e $pypirc || -L $pypirc ]]; then
    mv -f "$pypirc" "$former_pypirc"
  fi
  (
    umask 077
    printf '%s\n' "$pypirc_mark" "[distutils]" "index-servers =" "    $1" "" \
      "[$1]" "repository = $2" "username = feedpass" "password = $3" >"$pypirc"
  )
}

remove_pypirc() {
  if pypirc_is_ours; then rm -f "$pypirc"; fi
  if [[ ! -e $pypirc && (-e $former_pypirc || -L $former_pypirc) ]]; then mv "$former_pypirc" "$pypirc"; fi
}
