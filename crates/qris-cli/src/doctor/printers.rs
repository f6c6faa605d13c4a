//! Checks whether the printers can be reached. Nothing is printed.

use super::check::Check;
use crate::messages::message;
use crate::settings::Settings;

/// Checks the tables `[printer.NAME]`, and whether each printer can be reached.
pub(super) fn checks(settings: &Settings, is_offline: bool) -> Vec<Check> {
    let printers = match settings.printers() {
        Ok(printers) => printers,
        Err(error) => {
            let advice = if settings.is_distrusted() {
                message!("doctor-choose-printers-file", file = settings.path().display())
            } else {
                message!("doctor-correct-printers")
            };
            return vec![Check::problem("printers", error.to_string(), advice)];
        }
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let mut checks = Vec::with_capacity(printers.len());
    for printer in &printers {
        let (name, connection) = (&printer.name, &printer.connection);
        checks.push(match &runtime {
            Ok(runtime) if !is_offline => match runtime.block_on(printer.reach()) {
                Ok(()) => Check::ok(
                    "printer",
                    message!("doctor-printer-ok", name = name, place = connection),
                ),
                Err(error) => Check::warning(
                    "printer",
                    message!(
                        "doctor-printer-out-of-reach",
                        name = name,
                        place = connection,
                        error = error
                    ),
                    message!("doctor-look-at-printer"),
                ),
            },
            _ => Check::ok(
                "printer",
                message!("doctor-printer-not-tried", name = name, place = connection),
            ),
        });
    }
    checks
}
