//! Why a command did not do what was asked, as the person at the terminal sees it.

use std::{error::Error, fmt};

use assay_spec::ExitCode;
use miette::Diagnostic;

/// A message, its causes, what to do next, and the exit code.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) exit: ExitCode,
    message: String,
    cause: Option<Box<dyn Error + Send + Sync>>,
    help: Option<String>,
}

impl Failure {
    pub(crate) fn new(exit: ExitCode, message: impl Into<String>) -> Self {
        Self { exit, message: message.into(), cause: None, help: None }
    }

    /// Something in what was asked for.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(ExitCode::Usage, message)
    }

    pub(crate) fn because(mut self, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for Failure {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.as_deref().map(|cause| cause as &(dyn Error + 'static))
    }
}

impl Diagnostic for Failure {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }
}
