//! Why a command did not do what was asked, as the person at the terminal sees it.
//!
//! Causes are kept as text: what each of them adds is shown once, and nothing in them drives the terminal. Which of them
//! it was is decided before, by whoever chooses the exit code.

use std::{error::Error, fmt, process};

use assay_spec::ExitCode;
use miette::Diagnostic;

use crate::report::printable_lines;

/// Exit code of a command that Ctrl-C ended, as shells have it: 128 + SIGINT.
pub(crate) const INTERRUPTED: u8 = 130;

/// A message, its causes, what to do next, and the exit code.
#[derive(Debug)]
pub(crate) struct Failure {
    exit: Exit,
    message: String,
    cause: Option<Cause>,
    help: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Exit {
    Code(ExitCode),
    Interrupted,
}

impl Failure {
    pub(crate) fn new(exit: ExitCode, message: impl Into<String>) -> Self {
        Self { exit: Exit::Code(exit), message: printable_lines(&message.into()), cause: None, help: None }
    }

    /// Something in what was asked for.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(ExitCode::Usage, message)
    }

    /// Ctrl-C or a request to end. Returned like any other, so that whatever a command holds (processes, folders) is
    /// given up on the way.
    pub(crate) fn interrupted() -> Self {
        Self { exit: Exit::Interrupted, ..Self::new(ExitCode::Ok, "interrupted; nothing was kept") }
    }

    /// The same where something was kept all the same; `what` says what, and what to do with it.
    pub(crate) fn but_kept(mut self, what: &str) -> Self {
        if self.exit == Exit::Interrupted {
            return Self { message: printable_lines(&format!("interrupted; {what}")), ..self };
        }
        let help = self.help.take().map_or_else(String::new, |help| format!("{help}; "));
        self.help(format!("{help}{what}"))
    }

    pub(crate) fn because(mut self, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        let cause: Box<dyn Error + Send + Sync> = cause.into();
        self.cause = Cause::of(&*cause);
        self
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(printable_lines(&help.into()));
        self
    }

    /// What stderr shows.
    pub(crate) fn report(self) -> String {
        if self.exit == Exit::Interrupted {
            return self.message;
        }
        format!("{:?}", miette::Report::new(self)).trim_end().to_owned()
    }

    /// The message and its causes on one line.
    pub(crate) fn in_a_line(&self) -> String {
        let causes = std::iter::successors(self.cause.as_ref(), |cause| cause.cause.as_deref());
        let said = std::iter::once(self.message.as_str()).chain(causes.map(|cause| cause.message.as_str()));
        said.collect::<Vec<_>>().join(": ").replace('\n', " ")
    }

    /// How the process ends.
    pub(crate) fn exit_code(&self) -> process::ExitCode {
        match self.exit {
            Exit::Code(code) => code.into(),
            Exit::Interrupted => INTERRUPTED.into(),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for Failure {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.as_ref().map(|cause| cause as &(dyn Error + 'static))
    }
}

impl Diagnostic for Failure {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }
}

/// One cause in words, and the one behind it.
#[derive(Debug)]
struct Cause {
    message: String,
    cause: Option<Box<Cause>>,
}

impl Cause {
    /// The chain of `error`, without the links whose words the link before them has repeated.
    fn of(error: &(dyn Error + 'static)) -> Option<Self> {
        let mut messages: Vec<String> = Vec::new();
        let mut link = Some(error);
        while let Some(error) = link {
            let message = printable_lines(&error.to_string());
            if messages.last().is_none_or(|last| !last.contains(&message)) {
                messages.push(message);
            }
            link = error.source();
        }
        messages.into_iter().rev().fold(None, |cause, message| Some(Self { message, cause: cause.map(Box::new) }))
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for Cause {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.as_deref().map(|cause| cause as &(dyn Error + 'static))
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[derive(Debug)]
    struct Link(&'static str, Option<io::Error>);

    impl fmt::Display for Link {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }
    }

    impl Error for Link {
        fn source(&self) -> Option<&(dyn Error + 'static)> {
            self.1.as_ref().map(|error| error as &(dyn Error + 'static))
        }
    }

    #[test]
    fn each_cause_is_said_once() {
        let repeated = Failure::usage("it failed").because(Link("x: disk full", Some(io::Error::other("disk full"))));
        assert_eq!(repeated.report().matches("disk full").count(), 1);
        let added = Failure::usage("it failed").because(Link("x", Some(io::Error::other("disk full")))).report();
        assert!(added.contains("─▶ x\n") && added.contains("─▶ disk full"), "{added}");
    }

    #[test]
    fn nothing_in_a_message_drives_the_terminal() {
        let failure = Failure::usage("no\x1b[31m\nfile").because(Link("\x07", None)).help("\x1b[0m");
        let text = failure.to_string();
        assert_eq!(text, "no\u{fffd}[31m\nfile");
        assert_eq!(failure.cause.as_ref().unwrap().to_string(), "\u{fffd}");
        assert_eq!(failure.help.as_deref(), Some("\u{fffd}[0m"));
    }
}
