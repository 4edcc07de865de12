#!/bin/bash
# Proves the two commands on a bare Debian 12: bootstraps one into FOLDER, puts a clone of the last
# commit there, and runs `./dev build` and `./dev test` in it.  Usage, as root:
#   tools/bare_debian.sh FOLDER
# A FOLDER that already holds a Debian is used as it is. Needs debootstrap and git here; packages
# come there from where they come here.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
bare=$(realpath -m "${1:?usage: tools/bare_debian.sh FOLDER}")
mounts=()
times=()

unmount() {
  local i
  for ((i = ${#mounts[@]} - 1; i >= 0; i--)); do
    umount "${mounts[i]}" || echo "bare_debian: ${mounts[i]} is still mounted" >&2
  done
}
trap unmount EXIT

bootstrap() {
  [[ ! -x $bare/usr/bin/apt-get ]] || return 0
  local mirror
  # shellcheck disable=SC2016
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Codename: bookworm' | sort -u)
  # shellcheck disable=SC2086 # no mirror is no argument
  debootstrap --variant=minbase bookworm "$bare" ${mirror%%$'\n'*} >&2
}

# Names, keys and proxies as here, so that apt-get works there.
copy_network_setup() {
  # As the installer leaves it: sipsak wants the machine's own name.
  printf '127.0.0.1 localhost\n127.0.1.1 %s\n' "$(hostname)" >"$bare/etc/hosts"
  cp -L /etc/resolv.conf "$bare/etc/resolv.conf"
  rm -rf "$bare/etc/apt"
  cp -a /etc/apt "$bare/etc/apt"
}

mount_in() {
  mkdir -p "$bare/$2"
  mount -t "$1" "$1" "$bare/$2"
  mounts+=("$bare/$2")
}

timed() {
  local start=$SECONDS
  chroot "$bare" /usr/bin/env -i HOME=/root TERM=dumb PATH=/usr/sbin:/usr/bin:/sbin:/bin \
    /bin/bash -c "cd /muster && $1"
  times+=("$1: $((SECONDS - start)) s")
}

bootstrap
copy_network_setup
mount_in proc proc
mount_in sysfs sys
mount_in devpts dev/pts
mount_in tmpfs dev/shm
rm -rf "$bare/muster"
git clone -q "$root" "$bare/muster"
timed './dev setup'
timed './dev build'
timed './dev test'
printf 'Debian %s, bare:\n' "$(cat "$bare/etc/debian_version")"
printf '  %s\n' "${times[@]}"
