#!/bin/sh
# Looks at a package before anybody installs it: check-package.sh FILE.deb
# Unpacks it elsewhere, runs what is inside without the sources at hand, and holds the unit against systemd's own rules.
set -eu
package=$(realpath "$1")
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
fail() { echo "check-package: $1" >&2; exit 1; }

dpkg-deb --info "$package" > "$place/info"
for field in 'Package: cartwright' 'Architecture: ' 'Maintainer: ' 'Depends: .*libcurl' 'Depends: .*libsqlite3-0' 'Depends: .*tzdata'; do
    grep -q "^ *$field" "$place/info" || fail "the control file lacks $field"
done
dpkg-deb --contents "$package" > "$place/contents"
if awk '$2 != "root/root"' "$place/contents" | grep -q .; then fail "a file is not root's"; fi
for file in usr/bin/cartwright usr/share/cartwright/Locales/en.po usr/share/doc/cartwright/copyright \
    lib/systemd/system/cartwright.service usr/lib/sysusers.d/cartwright.conf etc/default/cartwright; do
    grep -q " \./$file$" "$place/contents" || fail "$file is missing"
done
dpkg-deb --ctrl-tarfile "$package" | tar -xOf - ./conffiles | grep -qx /etc/default/cartwright || fail "no conffiles"

dpkg-deb --extract "$package" "$place/root"
program=$place/root/usr/bin/cartwright
# A toolchain is not there where the package goes.
if ldd "$program" | grep -i swift; then fail "the program needs a Swift library"; fi
if ldd "$program" | grep 'not found'; then fail "a library is missing"; fi
cd "$place"
"$program" version
# Compiles every page and lists what it serves: so the resources were found beside the program.
"$program" routes --data "$place/data" | grep -q '/admin/doctor' || fail "the resources were not found"
if command -v systemd-analyze >/dev/null; then
    unit=$place/root/lib/systemd/system/cartwright.service
    sed "s|/usr/bin/cartwright|$program|; s|^User=.*|User=root|; s|^Group=.*|Group=root|" "$unit" > "$place/cartwright.service"
    systemd-analyze verify "$place/cartwright.service" 2> "$place/verify" || { cat "$place/verify" >&2; fail "the unit"; }
    systemd-analyze security --offline=true "$unit" 2>/dev/null | tail -1 || true
fi
echo "the package is in order"
