//! Numbers in classes: `std::atomic`, `std::complex`, `std::chrono::duration` and points in time.

use crate::value::language::split_generic;
use crate::value::view::View;

use super::super::part::{Formed, Part, lacks};
use super::super::quantity::{date_of, date_time};

/// `std::atomic`: its value.
pub fn atomic<'a>(atomic: &Part<'a, '_>) -> Formed<View<'a>> {
    Ok(View::Wrapped { prefix: "", inner: atomic.find("__a_value")?.object })
}

/// `std::complex`: `1 + 2i`.
pub fn complex<'a>(complex: &Part<'a, '_>) -> Formed<View<'a>> {
    Ok(View::Complex { real: complex.member("__re_")?.object, imaginary: complex.member("__im_")?.object })
}

/// `std::chrono::duration`: `5ms`.
pub fn duration<'a>(duration: &Part<'a, '_>) -> Formed<View<'a>> {
    let ticks = duration.member("__rep_")?;
    let period = duration.argument_at(1)?;
    let period = duration.at(0, period);
    let Some(unit) = period.found.name.as_deref().and_then(unit) else { return lacks("a period") };
    let scalar = duration.reader.scalar(&ticks.object)?;
    match scalar.is_float() {
        true => Ok(match scalar.as_float().and_then(exact_decimal) {
            Some((count, decimals)) => View::Quantity { count, decimals, unit: unit.into() },
            None => View::Noted { view: Box::new(View::Scalar(scalar)), note: unit.into() },
        }),
        false => Ok(View::Quantity { count: scalar.as_i128(), decimals: 0, unit: unit.into() }),
    }
}

/// 25 and 2 of 0.25: the shortest decimal that reads back as the number; none for what is not finite or too long.
fn exact_decimal(number: f64) -> Option<(i128, u32)> {
    let text = number.to_string();
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let count = format!("{whole}{fraction}").parse().ok()?;
    Some((count, u32::try_from(fraction.len()).ok()?)).filter(|_| text.len() < 30)
}

/// `std::chrono::time_point`: the duration since its clock began; of clocks that began with 1970, the date too.
pub fn time_point<'a>(point: &Part<'a, '_>) -> Formed<View<'a>> {
    let passed = point.member("__d_")?;
    let clock = point.argument_at(0).ok().map(|clock| point.at(0, clock));
    let zone = match clock.as_ref().map(Part::base_name) {
        Some("system_clock") => " UTC",
        Some("local_t") => "",
        _ => return Ok(View::Wrapped { prefix: "", inner: passed.object }),
    };
    let view = duration(&passed)?;
    let View::Quantity { count, decimals: 0, unit } = &view else { return Ok(view) };
    let date = match &**unit {
        "d" => date_of(*count),
        "h" => date_time(count.saturating_mul(3600)),
        "min" => date_time(count.saturating_mul(60)),
        "s" => date_time(*count),
        "ms" => date_time(count.div_euclid(1_000)),
        "µs" => date_time(count.div_euclid(1_000_000)),
        "ns" => date_time(count.div_euclid(1_000_000_000)),
        _ => None,
    };
    let zone = if &**unit == "d" { "" } else { zone };
    Ok(match date {
        Some(date) => View::Noted { view: Box::new(view), note: format!("{date}{zone}").into() },
        None => view,
    })
}

/// The unit of a period, as `operator<<` writes it.
fn unit(ratio: &str) -> Option<String> {
    let generic = split_generic(ratio)?;
    let number = |text: &str| text.trim_end_matches(['L', 'U', 'l', 'u']).parse::<u64>().ok();
    let numerator = number(generic.arguments.first()?)?;
    let denominator = generic.arguments.get(1).map_or(Some(1), |text| number(text))?;
    let known = match (numerator, denominator) {
        (1, 1_000_000_000) => "ns",
        (1, 1_000_000) => "µs",
        (1, 1_000) => "ms",
        (1, 100) => "cs",
        (1, 10) => "ds",
        (1, 1) => "s",
        (60, 1) => "min",
        (3_600, 1) => "h",
        (86_400, 1) => "d",
        (numerator, 1) => return Some(format!("[{numerator}]s")),
        (numerator, denominator) => return Some(format!("[{numerator}/{denominator}]s")),
    };
    Some(known.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_of_floats_are_the_shortest_decimals() {
        assert_eq!(exact_decimal(0.25), Some((25, 2)));
        assert_eq!(exact_decimal(-1.5), Some((-15, 1)));
        assert_eq!(exact_decimal(60.0), Some((60, 0)));
        assert_eq!(exact_decimal(1e300), None);
        assert_eq!(exact_decimal(f64::NAN), None);
    }

    #[test]
    fn periods_have_the_units_that_streams_write() {
        assert_eq!(unit("ratio<1LL, 1000LL>").as_deref(), Some("ms"));
        assert_eq!(unit("ratio<60LL, 1LL>").as_deref(), Some("min"));
        assert_eq!(unit("ratio<1LL, 30LL>").as_deref(), Some("[1/30]s"));
        assert_eq!(unit("int"), None);
    }
}
