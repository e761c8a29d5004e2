//! Proving and verifying with a runner that is a shell script: what Assay makes of its answers.

#![expect(clippy::unwrap_used, reason = "what tests share is test code, too")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use assay_backend::{CancelToken, Registry};
use assay_spec::{
    BackendId, Digest, Platform, Receipt, Security,
    receipt::{MAGIC, ProofClaims, ReceiptHeader},
    schema::Versioned as _,
};
use serde_json::Value;
use tempfile::TempDir;

use crate::support::assay;

/// Reads frames from descriptor 3 and answers on descriptor 4. Whoever asks it to verify sees it die.
const SCRIPT: &str = r#"#!/bin/sh
reply() {
    text="{\"id\":$id,\"reply\":{\"type\":\"done\",\"data\":$1}}"
    n=${#text}
    printf "\\$(printf %03o $((n % 256)))\\$(printf %03o $((n / 256)))\\000\\000%s" "$text" >&4
}
word() { printf '%s' "$request" | sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"; }
while n=$(head -c 4 <&3 | od -An -tu4 | tr -d ' ') && [ -n "$n" ]; do
    request=$(head -c "$n" <&3)
    id=$(printf '%s' "$request" | sed 's/^{"id":\([0-9]*\).*/\1/')
    case "$request" in
    *'"type":"hello"'*) reply '{"type":"hello","data":{"protocol":"assay.runner/1"}}' ;;
    *'"type":"describe"'*) reply '{"type":"describe","data":{"name":"script","sdk_version":"1",
        "platforms":["standard"],"isa":"rv32im","capabilities":["execute","prove","verify"],
        "proof_kinds":[{"name":"whole","security":{"secure":true,"basis":"a test"}}],
        "limits":{"misaligned_access":false},"notes":[]}}' ;;
    *'"type":"load"'*)
        digest=$(sha256sum "$(word elf_path)" | cut -d ' ' -f 1)
        reply "{\"type\":\"load\",\"data\":{\"digest\":\"$digest\",\"instructions\":1}}" ;;
    *'"type":"prove"'*)
        printf proof >"$(word proof_path)"
        reply "{\"type\":\"prove\",\"data\":{\"run\":{\"status\":\"Ok\",\"exit_code\":0,\"output\":\"\"},
            \"proof\":{\"image_id\":\"id\",\"encoding\":\"text\",\"claims\":{\"exit_code\":0,\"output\":\"\",
            \"output_digest\":\"$(printf '' | sha256sum | cut -d ' ' -f 1)\"},
            \"segments\":1,\"prove_ms\":1.0,\"setup_ms\":1.0,\"cpu_ms\":1.0}}}" ;;
    *'"type":"identify"'*) reply '{"type":"identify","data":{"image_id":"id"}}' ;;
    *'"type":"shutdown"'*) reply '{"type":"acknowledged"}'; exit 0 ;;
    *) exit 9 ;;
    esac
done
"#;

struct Bench {
    folder: TempDir,
}

impl Bench {
    /// With the script registered.
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let script = folder.path().join("script");
        // Written by another process: what this one has open for writing, a child that another test starts at this very
        // moment may still have open when the script is to be executed.
        let write = r#"printf %s "$1" > "$0" && chmod 755 "$0""#;
        assert!(Command::new("sh").args(["-c", write]).arg(&script).arg(SCRIPT).status().unwrap().success());
        let registry = Registry::new(folder.path().join("cache"), None);
        registry.register("script", &script, &CancelToken::new()).unwrap();
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Exit code, stdout and stderr. Scripts are nothing for the sandbox.
    fn assay(&self, verb: &str, arguments: &[&str]) -> (i32, String, String) {
        let mut command = assay(&[&[verb, "--sandbox", "off", "--format", "json"], arguments].concat());
        let output = command.env("ASSAY_CACHE", self.path("cache")).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn a_proof_that_could_not_be_verified_is_kept() {
    let bench = Bench::new();
    let out = bench.path("out");
    let (code, stdout, stderr) = bench.assay("prove", &["-b", "script", "--asm", "nop", "--out", text(&out)]);
    assert_eq!(code, 5, "{stderr}");
    let outcome: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!(outcome["verification"]["result"], "not_requested");
    let receipt = out.join("proof.receipt");
    assert_eq!(outcome["receipt"]["path"], text(&receipt));
    assert_eq!(Receipt::from_bytes(&fs::read(receipt).unwrap()).unwrap().proof, b"proof");
    assert!(out.join("outcome.json").exists());
    let said = stderr.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("exit code 9") && said.contains("assay verify"), "{said}");
}

#[test]
fn without_a_place_for_the_receipt_nothing_is_proved() {
    let bench = Bench::new();
    let out = bench.path("script").join("out");
    let (code, stdout, stderr) = bench.assay("prove", &["-b", "script", "--asm", "nop", "--out", text(&out)]);
    assert_eq!((code, stdout.as_str()), (1, ""), "{stderr}");
    assert!(stderr.contains("--out"), "{stderr}");
}

fn header(maker: &str, kind: &str) -> ReceiptHeader {
    ReceiptHeader {
        schema: ReceiptHeader::tag(),
        backend: BackendId {
            name: maker.into(),
            version: "1".into(),
            platform: Platform::Standard,
            isa: "rv32im".into(),
        },
        elf_digest: Digest::of(b""),
        image_id: "id".into(),
        claims: ProofClaims::new(0, Vec::new()),
        kind: kind.into(),
        security: Security { secure: true, bits: None, basis: "a test".into(), parameters: [].into() },
        encoding: "text".into(),
        proof_digest: Digest::of(b""),
        proof_bytes: 0,
    }
}

#[test]
fn the_digest_in_a_verification_is_that_of_the_file_however_its_header_is_spaced() {
    let bench = Bench::new();
    let json = serde_json::to_vec_pretty(&header("script", "no-such-kind")).unwrap();
    let length = u32::try_from(json.len()).unwrap().to_le_bytes();
    let file = [&MAGIC[..], &length, &Digest::of(&json).0, &json].concat();
    let path = bench.path("receipt");
    fs::write(&path, &file).unwrap();
    let (code, stdout, stderr) = bench.assay("verify", &[text(&path)]);
    assert_eq!(code, 3, "{stderr}");
    let report: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!(report["receipt_digest"], Digest::of(&file).to_string());
}

#[test]
fn a_receipt_by_what_cannot_be_a_runner_is_rejected_and_no_mistake_of_the_users() {
    let bench = Bench::new();
    let path = bench.path("receipt");
    fs::write(&path, Receipt::new(header("../../bin/sh", "whole"), Vec::new()).to_bytes()).unwrap();
    let (code, stdout, stderr) = bench.assay("verify", &[text(&path)]);
    assert_eq!(code, 3, "{stderr}");
    let report: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!(report["verification"]["detail"]["check"], "envelope");
}
