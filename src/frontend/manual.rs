//! The manual page, made from the tables of options, commands and settings.
