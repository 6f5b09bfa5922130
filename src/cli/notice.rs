//! What to say of a model or a provider that is closed, or is so soon.

use crate::settings::Settings;
use crate::target::{Day, MODELS};

/// How many days before its end something is worth a word.
const SOON: i64 = 90;

/// What one should know on `today` of the model that was named, or else of the target.
pub(super) fn notice(settings: &Settings, today: Day) -> Option<String> {
    let target = settings.target;
    let model = settings.model.and_then(|model| {
        let ended = dated(&model.name, today, model.closes.as_deref(), model.retires.as_deref());
        let closed = || {
            // A user's own model is as the user says.
            let on = if model.sources.is_empty() { String::new() } else { format!(" (as of {})", MODELS.as_of) };
            model.is_closed_on(&today.to_string()).then(|| format!("{} is closed to new jobs{on}", model.name))
        };
        ended.or_else(closed)
    });
    let service = || dated(&target.title, today, target.closes.as_deref(), target.retires.as_deref());
    let text = model.or_else(service)?;
    let source = target.sources("retires").chain(target.sources("closes")).next();
    Some(match source.filter(|_| text.starts_with(&target.title)) {
        Some(source) => format!("{text} ({}, {})", source.title, source.date),
        None => text,
    })
}

/// What the dates of something mean on a day.
fn dated(name: &str, today: Day, closes: Option<&str>, retires: Option<&str>) -> Option<String> {
    let left = |day: Option<&str>| Some(today.until(day?.parse().ok()?));
    let (closing, retiring) = (left(closes), left(retires));
    let (closes, retires) = (closes.unwrap_or_default(), retires.unwrap_or_default());
    let in_days = |days: i64| match days {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        days => format!("in {days} days"),
    };
    match (closing, retiring) {
        (_, Some(days)) if days <= 0 => Some(format!("{name} was shut down on {retires}")),
        (Some(days), _) if days < 0 => Some(format!("{name} takes no new jobs since {closes}")),
        (Some(days), _) if days <= SOON => {
            Some(format!("{name} takes new jobs until {closes}, which is {}", in_days(days)))
        }
        (_, Some(days)) if days <= SOON => {
            Some(format!("{name} is shut down on {retires}, which is {}", in_days(days)))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target::Catalogue;

    fn said(target: Option<&str>, model: Option<&str>, today: &str) -> String {
        let (target, model) = Catalogue::builtin().choose(target, model).unwrap();
        let settings = Settings { target, model, ..Settings::default() };
        notice(&settings, today.parse().unwrap()).unwrap_or_default()
    }

    #[test]
    fn what_ends_soon_or_has_ended_is_said() {
        assert_eq!(said(None, None, "2026-10-07"), "");
        assert_eq!(
            said(None, None, "2026-11-25"),
            "OpenAI takes new jobs until 2027-01-06, which is in 42 days (OpenAI's deprecations page, 2026-10-14)"
        );
        assert_eq!(
            said(None, Some("gpt-4.1"), "2027-01-05"),
            "gpt-4.1-2025-04-14 takes new jobs until 2027-01-06, which is tomorrow"
        );
        assert_eq!(said(None, Some("gpt-4.1"), "2027-01-07"), "gpt-4.1-2025-04-14 takes no new jobs since 2027-01-06");
        assert_eq!(said(None, Some("gpt-4.1"), "2027-01-14"), "gpt-4.1-2025-04-14 was shut down on 2027-01-14");
        assert_eq!(
            said(None, Some("gpt-4.1-nano"), "2026-11-25"),
            "gpt-4.1-nano-2025-04-14 was shut down on 2026-10-23"
        );
        assert_eq!(said(None, Some("curie"), "2026-06-01"), "curie is closed to new jobs (as of 2026-11-22)");
        assert_eq!(said(Some("azure"), Some("gpt-4.1"), "2026-11-25"), "");
        assert_eq!(
            said(Some("databricks"), None, "2026-11-25"),
            "Databricks (Mosaic) was shut down on 2026-08-14 (Databricks' documentation on data preparation, 2026-11-22)"
        );
        assert_eq!(said(Some("mistral"), None, "2030-01-01"), "");
    }
}
