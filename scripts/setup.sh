#!/usr/bin/env bash
# Installs what building Assay, its runners and guests needs beyond Rust: a C and C++ compiler, protoc for SP1's SDK, and for
# guests a compiler whose own library comes as sources, with LLD, and clang for those in C.
# What is there already is left alone. Debian and Ubuntu; elsewhere it says what to install.
set -euo pipefail

missing=()
absent=()
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

# Guests: rustup's toolchain builds them where it has rust-src (`rustup component add rust-src`), else Debian's.
tree="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
sysroot="$(cd "$tree" && rustc --print sysroot)"
sources=lib/rustlib/src/rust/library/core/Cargo.toml
[ -e "$sysroot/$sources" ] || [ -e "/usr/$sources" ] || missing+=(rustc-web cargo-web rust-web-src)
if ! compgen -c ld.lld >/dev/null && ! compgen -G "$sysroot/lib/rustlib/*/bin/rust-lld" >/dev/null; then
    missing+=(lld-19)
fi
# Guests in C: any clang that knows RISC-V.
clang="$(compgen -c clang | grep -E '^clang(-[0-9]+)?$' | head -n 1 || true)"
if [ -z "$clang" ] || ! "$clang" --print-targets 2>/dev/null | grep -q riscv64; then
    missing+=(clang-19)
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
there=()
for package in "${missing[@]}"; do
    if apt-cache show "$package" >/dev/null 2>&1; then
        there+=("$package")
    elif [ "${package%-19}" != "$package" ] && apt-cache show "${package%-19}" >/dev/null 2>&1; then
        there+=("${package%-19}")
    else
        absent+=("$package")
    fi
done
if [ "${#there[@]}" -gt 0 ]; then
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "${there[@]}" >&2
fi
if [ "${#absent[@]}" -gt 0 ]; then
    echo "not to be had here: ${absent[*]}; to build guests, run: rustup component add rust-src" >&2
fi
