//! `set logging`: results and errors copied to a file, or sent there alone.

use std::cell::RefCell;
use std::fs::{File, OpenOptions};

use crate::command::script::expand_home;
use crate::error::{Error, Result};
use crate::render::ansi::Output;
use crate::settings::{Setting, Settings, Value};
use crate::text::{Role, Sink, Stopped};

/// The log file, while logging is enabled.
#[derive(Default)]
pub struct Log {
    open: Option<Opened>,
}

struct Opened {
    path: String,
    file: RefCell<Output<File>>,
    redirect: bool,
}

impl Log {
    /// Open or close the file as the settings say; what is to be told of it. Logging that fails is disabled.
    ///
    /// # Errors
    /// The file cannot be opened.
    pub fn follow(&mut self, settings: &mut Settings) -> Result<Option<String>> {
        let enabled = settings.flag(Setting::LoggingEnabled);
        match (&self.open, enabled) {
            (None, true) => match Opened::new(settings) {
                Ok(opened) => {
                    let how = if opened.redirect { "Redirecting" } else { "Copying" };
                    let told = format!("{how} output to {}.\n", opened.path);
                    self.open = Some(opened);
                    Ok(Some(told))
                }
                Err(error) => {
                    settings.put(Setting::LoggingEnabled, Value::Flag(false));
                    Err(error)
                }
            },
            (Some(opened), false) => {
                let told = format!("Done logging to {}.\n", opened.path);
                self.open = None;
                Ok(Some(told))
            }
            _ => Ok(None),
        }
    }

    /// Hand `action` the outputs, each copied to the file if there is one.
    pub fn with<'s, R>(
        &'s self,
        (out, err): (&'s mut dyn Sink, &'s mut dyn Sink),
        action: impl FnOnce(&mut dyn Sink, &mut dyn Sink) -> R,
    ) -> R {
        match &self.open {
            None => action(out, err),
            Some(log) => {
                let mut out = Tee { screen: Some(out).filter(|_| !log.redirect), log };
                action(&mut out, &mut Tee { screen: Some(err), log })
            }
        }
    }

    /// Note an error that was printed outside of a command.
    pub fn note(&self, message: &str) {
        if let Some(log) = &self.open {
            // An error about the log's own file would only come again.
            let _ = log.put(Role::Error, message).and_then(|()| log.put(Role::Plain, "\n"));
        }
    }
}

impl Opened {
    fn new(settings: &Settings) -> Result<Self> {
        let path = expand_home(settings.text(Setting::LoggingFile));
        let mut how = OpenOptions::new();
        match settings.flag(Setting::LoggingOverwrite) {
            true => how.write(true).truncate(true),
            false => how.append(true),
        };
        let redirect = settings.flag(Setting::LoggingRedirect);
        match how.create(true).open(&path) {
            Ok(file) => Ok(Opened { path, file: RefCell::new(Output::new(file, false)), redirect }),
            Err(error) => Err(Error::Io { path, message: error.to_string() }),
        }
    }

    fn put(&self, role: Role, text: &str) -> std::result::Result<(), Stopped> {
        self.file.try_borrow_mut().map_or(Ok(()), |mut file| file.put(role, text))
    }
}

/// Writes to a screen and to the log.
struct Tee<'s> {
    /// None: the log alone.
    screen: Option<&'s mut (dyn Sink + 's)>,
    log: &'s Opened,
}

impl Sink for Tee<'_> {
    fn put(&mut self, role: Role, text: &str) -> std::result::Result<(), Stopped> {
        self.log.put(role, text)?;
        self.screen.as_mut().map_or(Ok(()), |screen| screen.put(role, text))
    }

    fn step(&mut self) -> std::result::Result<(), Stopped> {
        self.screen.as_mut().map_or(Ok(()), |screen| screen.step())
    }

    fn flush(&mut self) -> std::result::Result<(), Stopped> {
        self.log.file.try_borrow_mut().map_or(Ok(()), |mut file| file.flush())?;
        self.screen.as_mut().map_or(Ok(()), |screen| screen.flush())
    }

    fn annotate(&mut self, text: &str) -> std::result::Result<(), Stopped> {
        self.screen.as_mut().map_or(Ok(()), |screen| screen.annotate(text))
    }
}
