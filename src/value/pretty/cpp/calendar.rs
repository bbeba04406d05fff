//! Dates and times of day of `std::chrono`, written as `std::format` writes them: `2024-02-29`, `Jul/04`, `Wed[last]`,
//! `01:02:03`.

use crate::value::view::{FieldStyle, View};

use super::super::part::{Formed, Part, lacks};
use super::number::duration;

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const WEEKDAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/// Any of the calendar's types, by the members that it has.
pub fn view<'a>(date: &Part<'a, '_>) -> Formed<View<'a>> {
    let name = match date.base_name() {
        "year" => year(date)?,
        "month" => month(date)?,
        "day" => day(date)?,
        "weekday" => weekday(date)?,
        "weekday_indexed" => indexed(date)?,
        "weekday_last" => last_weekday(date)?,
        "month_day" => format!("{}/{}", month(&date.member("__m_")?)?, day(&date.member("__d_")?)?),
        "month_day_last" => last_day(date)?,
        "month_weekday" => format!("{}/{}", month(&date.member("__m_")?)?, indexed(&date.member("__wdi_")?)?),
        "month_weekday_last" => {
            format!("{}/{}", month(&date.member("__m_")?)?, last_weekday(&date.member("__wdl_")?)?)
        }
        "year_month" => format!("{}/{}", year(&date.member("__y_")?)?, month(&date.member("__m_")?)?),
        "year_month_day" => whole(date)?,
        "year_month_day_last" => format!("{}/{}", year(&date.member("__y_")?)?, last_day(&date.member("__mdl_")?)?),
        "year_month_weekday" => {
            let month = month(&date.member("__m_")?)?;
            format!("{}/{month}/{}", year(&date.member("__y_")?)?, indexed(&date.member("__wdi_")?)?)
        }
        "year_month_weekday_last" => {
            let month = month(&date.member("__m_")?)?;
            format!("{}/{month}/{}", year(&date.member("__y_")?)?, last_weekday(&date.member("__wdl_")?)?)
        }
        _ => return lacks("a calendar"),
    };
    Ok(View::Variant { name: name.into(), children: Vec::new(), style: FieldStyle::Unit })
}

fn year(part: &Part<'_, '_>) -> Formed<String> {
    let number = part.member("__y_")?.integer()?;
    let sign = if number < 0 { "-" } else { "" };
    Ok(format!("{sign}{:04}", number.unsigned_abs()))
}

fn month(part: &Part<'_, '_>) -> Formed<String> {
    let number = part.member("__m_")?.number()?;
    let name = number.checked_sub(1).and_then(|index| MONTHS.get(index as usize));
    Ok(name.map_or_else(|| format!("{number} is not a valid month"), |name| (*name).to_owned()))
}

fn day(part: &Part<'_, '_>) -> Formed<String> {
    let number = part.member("__d_")?.number()?;
    let invalid = if (1..=31).contains(&number) { "" } else { " is not a valid day" };
    Ok(format!("{number:02}{invalid}"))
}

fn weekday(part: &Part<'_, '_>) -> Formed<String> {
    let number = part.member("__wd_")?.number()?;
    let name = WEEKDAYS.get(number as usize);
    Ok(name.map_or_else(|| format!("{number} is not a valid weekday"), |name| (*name).to_owned()))
}

fn indexed(part: &Part<'_, '_>) -> Formed<String> {
    Ok(format!("{}[{}]", weekday(&part.member("__wd_")?)?, part.member("__idx_")?.number()?))
}

fn last_weekday(part: &Part<'_, '_>) -> Formed<String> {
    Ok(format!("{}[last]", weekday(&part.member("__wd_")?)?))
}

fn last_day(part: &Part<'_, '_>) -> Formed<String> {
    Ok(format!("{}/last", month(&part.member("__m_")?)?))
}

/// `2024-02-29`, in digits.
fn whole(part: &Part<'_, '_>) -> Formed<String> {
    let (month, day) = (part.member("__m_")?.number()?, part.member("__d_")?.number()?);
    let invalid = if (1..=12).contains(&month) && (1..=31).contains(&day) { "" } else { " is not a valid date" };
    Ok(format!("{}-{month:02}-{day:02}{invalid}", year(&part.member("__y_")?)?))
}

/// `std::chrono::hh_mm_ss`: `-01:02:03.004`.
pub fn time_of_day<'a>(time: &Part<'a, '_>) -> Formed<View<'a>> {
    let is_negative = time.member("__is_neg_")?.number()? != 0;
    let part = |name: &str| time.member(name)?.integer();
    let (hours, minutes, seconds) = (part("__h_")?, part("__m_")?, part("__s_")?);
    let sign = if is_negative { "-" } else { "" };
    let mut text = format!("{sign}{hours:02}:{minutes:02}:{seconds:02}");
    let fraction = time.member("__f_")?;
    if let (ticks @ 1.., View::Quantity { unit, .. }) = (fraction.integer()?, duration(&fraction)?) {
        match &*unit {
            "ms" => text.push_str(&format!(".{ticks:03}")),
            "µs" => text.push_str(&format!(".{ticks:06}")),
            "ns" => text.push_str(&format!(".{ticks:09}")),
            unit => text.push_str(&format!(" + {ticks}{unit}")),
        }
    }
    Ok(View::Variant { name: text.into(), children: Vec::new(), style: FieldStyle::Unit })
}
