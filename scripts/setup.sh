#!/usr/bin/env bash
# Installs what building Assay and its runners needs beyond Rust: a C and C++ compiler, and protoc for SP1's SDK.
# What is there already is left alone. Debian and Ubuntu; elsewhere it says what to install.
set -euo pipefail

missing=()
command -v git >/dev/null || missing+=(git)
command -v cc >/dev/null || missing+=(gcc libc6-dev)
command -v c++ >/dev/null || missing+=(g++)
command -v protoc >/dev/null || missing+=(protobuf-compiler)
[ -e /usr/include/google/protobuf/timestamp.proto ] || missing+=(libprotobuf-dev)
# The tests of the report's page look at it in a browser, which is large: they need one in CI, and say so elsewhere.
if [ -n "${CI:-}" ]; then
    command -v chromium >/dev/null || missing+=(chromium fonts-dejavu-core)
fi

if ! command -v cargo >/dev/null; then
    echo "Rust is missing: install it as https://rustup.rs says, then run this again." >&2
    exit 1
fi
if [ "${#missing[@]}" -eq 0 ]; then
    exit 0
fi
if ! command -v apt-get >/dev/null; then
    echo "Install these with your package manager, under the names that it has for them: ${missing[*]}" >&2
    exit 1
fi
as_root=()
if [ "$(id -u)" -ne 0 ]; then
    as_root=(sudo)
fi
echo "installing: ${missing[*]}" >&2
"${as_root[@]}" apt-get update -qq >&2
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "${missing[@]}" >&2
