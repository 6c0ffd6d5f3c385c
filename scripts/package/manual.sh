#!/bin/sh
# The manual page, from what the program says of itself: manual.sh PROGRAM VERSION
set -eu
# In roff a line must not begin with a dot or a quote, and a backslash or a hyphen stands for itself only when escaped.
escaped() { sed 's/\\/\\e/g; s/-/\\-/g; s/^\([.'"'"']\)/\\&\1/'; }
cat <<PAGE
.TH CARTWRIGHT 1 "" "Cartwright $2"
.SH NAME
cartwright, cartwrightctl \- WhatsApp messages for a shop, self\-hosted
.SH SYNOPSIS
.B cartwright
.I COMMAND
.RI [ FLAGS ]
.br
.B cartwrightctl
.I COMMAND
.RI [ FLAGS ]
.SH DESCRIPTION
.B cartwrightctl
runs a command as the service's user on the service's own data, as /etc/default/cartwright has it; only root may.
.PP
.nf
$("$1" --help | escaped)
.fi
.SH FILES
.TP
.I /etc/default/cartwright
what the service is told
.TP
.I /var/lib/cartwright
its data, and the master key
.SH SEE ALSO
.I /usr/share/doc/cartwright/self\-hosting.md
PAGE
