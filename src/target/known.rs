//! A value together with how it is known.

use super::provenance::Provenance;
use crate::error::Result;

/// A value and its provenance; an error says why there is none.
pub type Known<T> = Result<(T, Provenance)>;
