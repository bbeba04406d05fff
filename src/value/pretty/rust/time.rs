//! Durations and points in time: seconds and nanoseconds.

use crate::value::view::View;

use super::super::part::{Formed, Part};
use super::super::quantity::{date_time, seconds};

/// `Duration`: `3.5s`, in the unit that its own debug form would choose.
pub fn duration<'a>(duration: &Part<'a, '_>) -> Formed<View<'a>> {
    let secs = duration.find_any(&["secs", "tv_sec"])?.integer()?;
    let nanos = duration.find_any(&["nanos", "tv_nsec"])?.integer()?;
    Ok(seconds(secs.saturating_mul(1_000_000_000).saturating_add(nanos)))
}

/// `SystemTime`: seconds since 1970, and the date that this is.
pub fn system<'a>(time: &Part<'a, '_>) -> Formed<View<'a>> {
    let view = duration(time)?;
    let date = date_time(time.find_any(&["secs", "tv_sec"])?.integer()?);
    Ok(match date {
        Some(date) => View::Noted { view: Box::new(view), note: format!("{date} UTC").into() },
        None => view,
    })
}
