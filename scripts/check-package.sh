#!/bin/bash
# Looks at a package before anybody installs it: check-package.sh FILE.deb
# Unpacks it elsewhere, serves what is inside without the sources at hand, and holds the unit against systemd's own
# rules, and the package against Debian's where lintian is installed.
set -euo pipefail
package=$(realpath "$1")
place=$(mktemp -d)
server=
end() {
    [ -z "$server" ] || kill -KILL "$server" 2>/dev/null || true
    rm -rf "$place"
}
trap end EXIT
fail() { echo "check-package: $1" >&2; exit 1; }

dpkg-deb --info "$package" >"$place/info"
for field in 'Package: cartwright' 'Architecture: ' 'Maintainer: ' 'Depends: .*libcurl' 'Depends: .*libsqlite3-0' 'Depends: .*tzdata'; do
    grep -q "^ *$field" "$place/info" || fail "the control file lacks $field"
done
dpkg-deb --contents "$package" >"$place/contents"
if awk '$2 != "root/root"' "$place/contents" | grep -q .; then fail "a file is not root's"; fi
for file in usr/bin/cartwright usr/sbin/cartwrightctl usr/share/cartwright/Locales/en.po \
    usr/share/doc/cartwright/copyright usr/share/man/man1/cartwright.1.gz \
    lib/systemd/system/cartwright.service lib/systemd/system/cartwright-worker.service usr/lib/sysusers.d/cartwright.conf etc/default/cartwright; do
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

# Asks the server under test for a path, and wants a 200.
get() {
    exec 3<>"/dev/tcp/127.0.0.1/$port"
    printf 'GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n' "$1" >&3
    cat <&3 >answer
    exec 3<&-
    head -n 1 answer | grep -q ' 200 ' || fail "$1 is not served"
}
mkfifo said
env -i PATH=/usr/bin:/bin CARTWRIGHT_DATA="$place/data" SWIFT_BACKTRACE=enable=no \
    "$program" serve --listen 127.0.0.1:0 >said 2>log &
server=$!
exec 4<said
read -r -t 60 line <&4 || { cat log >&2; fail "the program does not serve"; }
port=${line##*:}
get /healthz
get /readyz
get /admin/login
get "$(grep -ao '/assets/[^"]*\.css' answer | head -n 1)"
kill -TERM "$server"
wait "$server" || fail "the program does not stop in order"
server=

if command -v systemd-analyze >/dev/null; then
    for name in cartwright.service cartwright-worker.service; do
        unit=$place/root/lib/systemd/system/$name
        sed "s|/usr/bin/cartwright|$program|" "$unit" >"$name"
        systemd-analyze verify --man=no "$place/$name" 2>verify || { cat verify >&2; fail "$name"; }
        # Of 100, where 0 is a program that may do nothing.
        systemd-analyze security --offline=true --threshold=20 "$unit" >security || { cat security >&2; fail "$name"; }
        tail -n 1 security
    done
fi
if command -v lintian >/dev/null; then
    lintian --fail-on error,warning --allow-root "$package" || fail "lintian"
fi
echo "the package is in order"
