//! The page in a browser: headless Chromium, with the network cut off.
//!
//! Where there is no browser these tests pass and say so; in CI, where `scripts/setup.sh` installs one, they fail.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use assay_report::{ReportInput, html};
use serde_json::Value;
use tempfile::TempDir;

use crate::fixture;

const NAMES: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

struct Browser {
    program: PathBuf,
    folder: TempDir,
}

impl Browser {
    fn find() -> Option<Self> {
        let path = env::var_os("PATH").unwrap_or_default();
        let mut candidates = env::split_paths(&path).flat_map(|folder| NAMES.map(|name| folder.join(name)));
        let Some(program) = candidates.find(|program| program.is_file()) else {
            assert!(env::var_os("CI").is_none(), "no Chromium; scripts/setup.sh installs it where CI is set");
            eprintln!("not tested: there is no Chromium here (Debian: apt-get install chromium)");
            return None;
        };
        Some(Self { program, folder: tempfile::tempdir().expect("a temporary folder") })
    }

    /// Writes a page and gives its address.
    fn write(&self, name: &str, text: &str) -> String {
        let path = self.folder.path().join(name);
        fs::write(&path, text).expect("the folder can be written to");
        format!("file://{}", path.display())
    }

    fn run(&self, address: &str, options: &[&str]) -> Output {
        let profile = tempfile::tempdir_in(self.folder.path()).expect("a temporary folder");
        let output = Command::new(&self.program)
            // It runs as whoever runs the tests, which may be root in a container, and shows nothing but our own page.
            .args(["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"])
            .args([
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--hide-scrollbars",
            ])
            .args([
                "--host-resolver-rules=MAP * ~NOTFOUND",
                "--allow-file-access-from-files",
                "--enable-logging=stderr",
            ])
            .args(["--virtual-time-budget=10000", "--timeout=60000"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .args(options)
            .arg(address)
            .output()
            .expect("Chromium starts");
        assert!(output.status.success(), "{output:?}");
        let log = String::from_utf8_lossy(&output.stderr);
        // That scripts are blocked is said where a test blocks them.
        let ours = |line: &&str| line.contains("CONSOLE") && !line.contains("Blocked script execution");
        let console: Vec<_> = log.lines().filter(ours).collect();
        assert!(console.is_empty(), "the page complains: {console:#?}");
        output
    }

    /// The document as it is when scripts have run.
    fn document(&self, address: &str, options: &[&str]) -> String {
        let output = self.run(address, &[options, &["--dump-dom"]].concat());
        String::from_utf8(output.stdout).expect("UTF-8")
    }
}

/// A page that shows `report` in frames of these widths, with scripts or without, and writes down what it measures.
fn measuring(report: &str, widths: &[u32], scripts: bool) -> String {
    let sandbox = if scripts { "" } else { "sandbox=allow-same-origin" };
    let frame =
        |width: &u32| format!("<iframe {sandbox} src='{report}' width={width} height=900 frameborder=0></iframe>");
    let frames: Vec<_> = widths.iter().map(frame).collect();
    let script = "
        addEventListener('load', () => {
            const measured = [...document.querySelectorAll('iframe')].map((frame) => {
                const page = frame.contentDocument;
                const body = frame.contentWindow.getComputedStyle(page.body);
                const seen = (what) => [...page.querySelectorAll(what)].filter((element) => element.offsetHeight > 0);
                return {
                    width: page.documentElement.clientWidth,
                    needed: page.documentElement.scrollWidth,
                    colors: [body.color, body.backgroundColor],
                    resources: frame.contentWindow.performance.getEntriesByType('resource').map((entry) => entry.name),
                    sections: seen('main > section').map((section) => section.id),
                    articles: seen('article').map((article) => article.id),
                    rows: seen('#findings-table tbody tr, #runs-table tbody tr').length,
                    forms: seen('form').length,
                    buttons: seen('button').length,
                };
            });
            document.getElementById('measured').textContent = JSON.stringify(measured);
        });";
    format!("<!doctype html><script>{script}</script>{}<pre id=measured></pre>", frames.concat())
}

fn measure(browser: &Browser, input: &ReportInput, scripts: bool, options: &[&str]) -> Vec<Value> {
    let report = browser.write("report.html", &html(input));
    let address = browser.write("measure.html", &measuring(&report, &[1280, 400], scripts));
    let document = browser.document(&address, options);
    let measured = document.split_once("<pre id=\"measured\">").and_then(|(_, rest)| rest.split_once("</pre>"));
    let (json, _) = measured.unwrap_or_else(|| panic!("nothing was measured: {document}"));
    serde_json::from_str(json).unwrap_or_else(|error| panic!("{error}: {json}"))
}

/// How bright a color is, from 0 to 255.
fn brightness(color: &Value) -> f64 {
    let text = color.as_str().expect("a color");
    let numbers = text.split(|c: char| !c.is_ascii_digit()).filter_map(|number| number.parse::<f64>().ok());
    numbers.take(3).sum::<f64>() / 3.0
}

#[test]
fn it_fits_wide_and_narrow_windows_in_light_and_dark_and_asks_for_nothing() {
    let Some(browser) = Browser::find() else { return };
    // Blink: 0 is dark, 1 is light.
    for (scheme, dark) in
        [("--blink-settings=preferredColorScheme=1", false), ("--blink-settings=preferredColorScheme=0", true)]
    {
        let measured = measure(&browser, &fixture::store(), true, &[scheme]);
        for (frame, width) in measured.iter().zip([1280, 400]) {
            assert_eq!(frame["width"], width, "{frame}");
            assert!(frame["needed"].as_u64() <= frame["width"].as_u64(), "it scrolls sideways: {frame}");
            assert_eq!(frame["resources"], serde_json::json!([]), "{frame}");
            assert_eq!(frame["forms"], 2, "{frame}");
            let [text, page] = [0, 1].map(|at| brightness(&frame["colors"][at]));
            assert_eq!(page < text, dark, "{frame}");
        }
    }
}

#[test]
fn filters_are_taken_from_the_address() {
    let Some(browser) = Browser::find() else { return };
    let report = browser.write("report.html", &html(&fixture::store()));
    let all = browser.document(&report, &[]);
    assert!(all.contains(">7 of 7 shown</output>") && all.contains(">61 of 61 shown</output>"));
    let new = browser.document(&format!("{report}#findings?state=new"), &[]);
    assert!(new.contains(">1 of 7 shown</output>") && new.contains(">61 of 61 shown</output>"));
    let hidden: Vec<_> =
        new.split("<tr ").filter(|row| row.contains("data-state=") && row.contains("hidden=\"\"")).collect();
    assert_eq!(hidden.len(), 6);
    assert!(hidden.iter().all(|row| !row.contains("data-state=\"new\"")));
    let both = browser.document(&format!("{report}#findings?kind=divergence&text=REMU"), &[]);
    assert!(both.contains(">1 of 7 shown</output>"));
    let runs = browser.document(&format!("{report}#runs?verdict=Diverge"), &[]);
    assert!(runs.contains(">7 of 7 shown</output>") && runs.contains(">5 of 61 shown</output>"));
}

#[test]
fn without_scripts_everything_is_there_and_nothing_is_in_the_way() {
    let Some(browser) = Browser::find() else { return };
    for scripts in [false, true] {
        let measured = measure(&browser, &fixture::store(), scripts, &[]);
        for frame in measured {
            assert_eq!(frame["sections"], serde_json::json!(["overview", "time-line", "findings", "runs"]), "{frame}");
            assert_eq!(frame["articles"].as_array().map(Vec::len), Some(7), "{frame}");
            assert_eq!(frame["rows"], 7 + 61, "{frame}");
            let (forms, buttons) = if scripts { (2, 14) } else { (0, 0) };
            assert_eq!((&frame["forms"], &frame["buttons"]), (&forms.into(), &buttons.into()), "{frame}");
        }
    }
}

#[test]
fn a_picture_of_it_is_not_blank() {
    let Some(browser) = Browser::find() else { return };
    let report = browser.write("report.html", &html(&fixture::store()));
    let picture = browser.folder.path().join("report.png");
    let taken = |path: &Path| format!("--screenshot={}", path.display());
    browser.run(&report, &["--window-size=1280,2000", &taken(&picture)]);
    let bytes = fs::read(&picture).expect("a picture was taken");
    assert!(bytes.starts_with(b"\x89PNG") && bytes.len() > 50_000, "{} bytes", bytes.len());
}
