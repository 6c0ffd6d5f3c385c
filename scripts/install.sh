#!/bin/sh
# Puts the built program into a Debian package: install.sh [PROGRAM] [FOLDER]
# PROGRAM is the release binary by default, FOLDER where the package is left. The last line names it.
set -eu
cd "$(dirname "$0")/.."
program=${1:-.build/release/cartwright}
folder=${2:-.build}
version=$("$program" version | cut -d' ' -f2)
architecture=$(dpkg --print-architecture)
# Between releases of the same number the later build is the newer one.
version="$version+$(git log -1 --format=%cd --date=format:%Y%m%d%H%M 2>/dev/null || date +%Y%m%d%H%M)"
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
root=$stage/root
from=scripts/package

install -D -m 755 "$program" "$root/usr/bin/cartwright"
strip --strip-unneeded "$root/usr/bin/cartwright"
for part in Templates Public Locales; do
    mkdir -p "$root/usr/share/cartwright"
    cp -R "$part" "$root/usr/share/cartwright/"
done
mkdir -p "$root/usr/share/doc/cartwright"
cp docs/*.md "$root/usr/share/doc/cartwright/"
cp "$from/copyright" "$root/usr/share/doc/cartwright/copyright"
gzip -9n < CHANGELOG.md > "$root/usr/share/doc/cartwright/changelog.gz"
install -D -m 644 "$from/cartwright.service" "$root/lib/systemd/system/cartwright.service"
install -D -m 644 "$from/sysusers.conf" "$root/usr/lib/sysusers.d/cartwright.conf"
install -D -m 644 "$from/default" "$root/etc/default/cartwright"
find "$root" -type d -exec chmod 755 {} +
find "$root/usr/share" -type f -exec chmod 644 {} +

# Which packages bring the libraries that the program names.
mkdir -p "$stage/debian"
printf 'Source: cartwright\n\nPackage: cartwright\nArchitecture: any\n' > "$stage/debian/control"
libraries=$(cd "$stage" && dpkg-shlibdeps -O -e "$root/usr/bin/cartwright" 2>"$stage/warnings" | sed -n 's/^shlibs:Depends=//p')
[ -n "$libraries" ] || { cat "$stage/warnings" >&2; exit 1; }

mkdir "$root/DEBIAN"
cat > "$root/DEBIAN/control" <<CONTROL
Package: cartwright
Version: $version
Architecture: $architecture
Maintainer: The Cartwright authors <maintainers@users.noreply.cartwright.example>
Section: web
Priority: optional
Installed-Size: $(du -sk "$root" | cut -f1)
Depends: $libraries, ca-certificates, tzdata
Recommends: caddy | httpd
Suggests: postgresql
Description: WhatsApp messages for a shop, self-hosted
 Tells a shop's customers on WhatsApp what becomes of their orders. Takes orders
 from WooCommerce by webhook or from any shop by REST, keeps the proof of every
 consent, and says of every message what happened to it.
CONTROL
echo /etc/default/cartwright > "$root/DEBIAN/conffiles"
for script in postinst prerm postrm; do install -m 755 "$from/$script" "$root/DEBIAN/$script"; done
(cd "$root" && find . -path ./DEBIAN -prune -o -type f -printf '%P\n' | LC_ALL=C sort | xargs md5sum > DEBIAN/md5sums)

package=$folder/cartwright_${version}_$architecture.deb
dpkg-deb --root-owner-group --build "$root" "$package" >&2
echo "$package"
