#!/bin/sh
# Puts the built program into a Debian package: install.sh [PROGRAM] [FOLDER]
# PROGRAM is the release binary by default, FOLDER where the package is left. The last line names it.
set -eu
cd "$(dirname "$0")/.."
program=${1:-.build/release/cartwright}
folder=${2:-.build}
maintainer='The Cartwright authors <maintainers@cartwright.example>'
number=$("$program" version | cut -d' ' -f2)
architecture=$(dpkg --print-architecture)
# Between releases of the same number the later build is the newer one. A build of one commit is always the same.
export SOURCE_DATE_EPOCH=$(git log -1 --format=%ct 2>/dev/null || date +%s)
version=$number+$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y%m%d%H%M)-1
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
root=$stage/root
share=$root/usr/share
documents=$share/doc/cartwright
from=scripts/package
umask 022

install -D -m 755 "$program" "$root/usr/bin/cartwright"
strip --strip-unneeded --remove-section=.comment --remove-section=.note "$root/usr/bin/cartwright"
install -D -m 755 "$from/cartwrightctl" "$root/usr/sbin/cartwrightctl"
mkdir -p "$share/cartwright" "$documents"
cp -R Templates Public Locales "$share/cartwright/"
cp docs/*.md "$documents/"
cp "$from/copyright" "$documents/copyright"
gzip -9n <CHANGELOG.md >"$documents/changelog.gz"
gzip -9n >"$documents/changelog.Debian.gz" <<CHANGES
cartwright ($version) stable; urgency=medium

  * As built from the source; changelog.gz has what is new.

 -- $maintainer  $(date -u -R -d "@$SOURCE_DATE_EPOCH")
CHANGES
mkdir -p "$share/man/man1" "$share/man/man8"
"$from/manual.sh" "$program" "$number" | gzip -9n >"$share/man/man1/cartwright.1.gz"
ln -s ../man1/cartwright.1.gz "$share/man/man8/cartwrightctl.8.gz"
install -D -m 644 "$from/lintian-overrides" "$share/lintian/overrides/cartwright"
for unit in cartwright.service cartwright-worker.service; do
    install -D -m 644 "$from/$unit" "$root/lib/systemd/system/$unit"
done
install -D -m 644 "$from/sysusers.conf" "$root/usr/lib/sysusers.d/cartwright.conf"
find "$root" -type d -exec chmod 755 {} +
find "$share" -type f -exec chmod 644 {} +
install -D -m 640 "$from/default" "$root/etc/default/cartwright"

# Which packages bring the libraries that the program names.
mkdir -p "$stage/debian"
printf 'Source: cartwright\n\nPackage: cartwright\nArchitecture: any\n' >"$stage/debian/control"
libraries=$(cd "$stage" && dpkg-shlibdeps -O -e "$root/usr/bin/cartwright" 2>"$stage/warnings" | sed -n 's/^shlibs:Depends=//p')
[ -n "$libraries" ] || { cat "$stage/warnings" >&2; exit 1; }

mkdir "$root/DEBIAN"
cat >"$root/DEBIAN/control" <<CONTROL
Package: cartwright
Version: $version
Architecture: $architecture
Maintainer: $maintainer
Section: web
Priority: optional
Installed-Size: $(du -sk --apparent-size "$root" | cut -f1)
Depends: $libraries, systemd | systemd-sysusers, ca-certificates, tzdata
Recommends: caddy | httpd
Suggests: postgresql
Description: WhatsApp messages for a shop, self-hosted
 Tells a shop's customers on WhatsApp what becomes of their orders. Takes orders
 from WooCommerce by webhook or from any shop by REST, keeps the proof of every
 consent, and says of every message what happened to it.
CONTROL
echo /etc/default/cartwright >"$root/DEBIAN/conffiles"
for script in postinst prerm postrm; do install -m 755 "$from/$script" "$root/DEBIAN/$script"; done
(cd "$root" && find . -path ./DEBIAN -prune -o -type f -printf '%P\n' | LC_ALL=C sort | xargs md5sum >DEBIAN/md5sums)
chmod 644 "$root/DEBIAN/control" "$root/DEBIAN/conffiles" "$root/DEBIAN/md5sums"

package=$folder/cartwright_${version}_$architecture.deb
dpkg-deb --root-owner-group --build "$root" "$package" >&2
echo "$package"
