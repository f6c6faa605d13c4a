//! Whether the printers can be reached. Nothing is printed.

use super::Check;
use crate::settings::Settings;

const ADVICE: &str = "switch the printer on, and look at its cable, its paper and its address or device \
                      file; payments do not wait for it";

/// Whether the tables `[printer.NAME]` are right, and each printer can be reached.
pub(super) fn checks(settings: &Settings, is_offline: bool) -> Vec<Check> {
    let printers = match settings.printers() {
        Ok(printers) => printers,
        Err(error) => {
            let advice = "correct the tables [printer.NAME] of the settings file";
            return vec![Check::problem("printers", error.to_string(), advice)];
        }
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let mut checks = Vec::with_capacity(printers.len());
    for printer in &printers {
        let (name, connection) = (&printer.name, &printer.connection);
        checks.push(match &runtime {
            Ok(runtime) if !is_offline => match runtime.block_on(printer.reach()) {
                Ok(()) => Check::ok("printer", format!("{name} at {connection} can be reached")),
                Err(error) => {
                    Check::warning("printer", format!("{name} at {connection}: {error}"), ADVICE)
                }
            },
            _ => Check::ok("printer", format!("{name} at {connection} is set, and was not tried")),
        });
    }
    checks
}
