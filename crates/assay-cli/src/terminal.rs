//! What goes to the terminal: results to stdout, everything else to stderr, colours only where they are seen.

use std::{
    cell::Cell,
    fmt,
    io::{self, IsTerminal as _, Write as _},
    sync::{
        atomic::{AtomicBool, Ordering},
        mpsc::{self, RecvTimeoutError, Sender},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use anstyle::{AnsiColor, Style};
use assay_backend::{CancelToken, ProgressCallback};
use comfy_table::{Table, presets};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::report::{printable, printable_lines};

/// Bold green.
pub(crate) const GOOD: Style = AnsiColor::Green.on_default().bold();
/// Bold red.
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
/// Bold yellow.
pub(crate) const UNSURE: Style = AnsiColor::Yellow.on_default().bold();
/// Dimmed.
pub(crate) const QUIET: Style = Style::new().dimmed();

/// Writes a result to stdout. That nobody reads it any more is not an error.
pub(crate) fn print(text: &impl fmt::Display) -> io::Result<()> {
    let mut stdout = anstream::stdout().lock();
    match write!(stdout, "{text}").and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        done => done,
    }
}

/// A remark beside the result. It may quote anything: control characters in it do not reach the terminal.
pub(crate) fn note(text: &impl fmt::Display) {
    note_styled(&printable_lines(&text.to_string()));
}

/// The same for text of ours that has its colours.
pub(crate) fn note_styled(text: &str) {
    // Nobody to tell is no reason to fail.
    let _ = writeln!(anstream::stderr(), "{text}");
}

/// `text` in `style`; stripped again on its way to anything but a terminal.
pub(crate) fn styled(style: Style, text: impl fmt::Display) -> String {
    format!("{style}{text}{style:#}")
}

/// A table without frames.
pub(crate) fn table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(header.iter().copied());
    table
}

/// Text of a table with a line end and no blanks at line ends.
pub(crate) fn table_text(table: &Table) -> String {
    let mut text = String::new();
    for line in table.to_string().lines() {
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// Whether a person sees what goes to stderr as it comes.
pub(crate) fn is_seen() -> bool {
    io::stderr().is_terminal()
}

/// Whether a person can be asked: both ends are terminals.
pub(crate) fn can_ask() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Asks a yes-or-no question; anything but yes is no, and so is giving up.
pub(crate) fn ask(question: &str, cancel: &CancelToken) -> bool {
    let _ = write!(anstream::stderr(), "{question} [y/N] ");
    // Reading goes on after a signal, so somebody else has to look for Ctrl-C. The reader ends with the process.
    let (sender, answers) = mpsc::channel();
    thread::spawn(move || {
        let mut answer = String::new();
        let read = io::stdin().read_line(&mut answer);
        let _ = sender.send(read.map(|_| answer));
    });
    while !cancel.is_cancelled() {
        match answers.recv_timeout(CANCEL_INTERVAL) {
            Ok(answer) => return answer.is_ok_and(|answer| matches!(answer.trim(), "y" | "Y" | "yes")),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return false,
        }
    }
    let _ = writeln!(anstream::stderr());
    false
}

/// How often a question that waits for its answer looks whether it was given up.
const CANCEL_INTERVAL: Duration = Duration::from_millis(50);

/// How long something may take before it is worth a progress bar.
const PATIENCE: Duration = Duration::from_secs(1);

/// Whether a spinner is there already: what happens inside of something that shows is not shown besides.
static SPINNING: AtomicBool = AtomicBool::new(false);

/// A spinner on stderr that shows itself after a second, and never where there is no terminal or inside of another.
pub(crate) struct Progress {
    bar: ProgressBar,
    outermost: bool,
    /// Whether whoever sees no spinner has been told that a build is at work.
    told: Cell<bool>,
    done: Option<Sender<()>>,
    shower: Option<JoinHandle<()>>,
}

impl Progress {
    pub(crate) fn start(what: impl Into<String>) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        let style = ProgressStyle::with_template("{spinner} {prefix} {wide_msg} {elapsed}");
        bar.set_style(style.expect("the template is valid"));
        bar.set_prefix(what.into());
        let outermost = !SPINNING.swap(true, Ordering::Relaxed);
        let told = Cell::new(is_seen());
        if !told.get() || !outermost {
            return Self { bar, outermost, told, done: None, shower: None };
        }
        let (done, wait) = mpsc::channel();
        let shown = bar.clone();
        let shower = thread::spawn(move || {
            if wait.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
                shown.set_draw_target(ProgressDrawTarget::stderr());
                shown.enable_steady_tick(Duration::from_millis(100));
            }
        });
        Self { bar, outermost, told, done: Some(done), shower: Some(shower) }
    }

    /// Shows what a backend reports.
    pub(crate) fn callback(&self) -> ProgressCallback {
        let bar = self.bar.clone();
        Box::new(move |progress| {
            let counted = match (progress.done, progress.total) {
                (0, None) => String::new(),
                (done, None) => format!(" {done}"),
                (done, Some(total)) => format!(" {done}/{total}"),
            };
            bar.set_message(format!("{}{counted}", printable(&progress.stage)));
        })
    }

    /// Says what is being done at the moment.
    pub(crate) fn say(&self, message: &str) {
        self.bar.set_message(printable(message));
    }

    /// Says what a build says. Where no spinner is seen, the first line is also noted, as `note` has it: it says why nothing
    /// else is seen for a while.
    pub(crate) fn say_of_build(&self, line: &str, note: impl FnOnce(&str) -> String) {
        let line = line.trim();
        if !self.told.replace(true) {
            self::note(&note(line));
        }
        self.say(line);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        drop(self.done.take());
        if let Some(shower) = self.shower.take() {
            // It only sleeps and draws: a panic there is not worth another one here.
            let _ = shower.join();
        }
        self.bar.finish_and_clear();
        if self.outermost {
            SPINNING.store(false, Ordering::Relaxed);
        }
    }
}
