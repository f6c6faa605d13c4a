//! The printers of the shop: tables `[printer.NAME]`.

use std::path::PathBuf;

use qris_till::{Paper, PrinterConnection, PrinterName, PrinterSettings};

use super::defaults::{DEFAULT_FILE, non_empty};
use super::error::SettingsError;
use super::flags::Settings;
use super::tables::PrinterTable;
use crate::messages::{format, message};

impl Settings {
    /// The printers of the settings file, by name.
    pub(crate) fn printers(&self) -> Result<Vec<PrinterSettings>, SettingsError> {
        let file = self.file()?;
        if let (false, Some(found)) = (file.printers.is_empty(), self.distrust()) {
            return Err(SettingsError(message!(
                "settings-printer-elsewhere",
                file = DEFAULT_FILE,
                found = format(found, &[])
            )));
        }
        file.printers.iter().map(|(name, table)| self.printer(name, table)).collect()
    }

    fn printer(&self, name: &str, table: &PrinterTable) -> Result<PrinterSettings, SettingsError> {
        let file = self.path().display();
        let name = PrinterName::parse(name).map_err(|error| {
            SettingsError(message!("settings-printer-name", file = file, error = error))
        })?;
        let place = message!("settings-place-of-printer", name = name, file = file);
        let wrong = |key: &str, error: &dyn std::fmt::Display| {
            SettingsError(message!("settings-wrong", key = key, place = place, error = error))
        };
        let (address, device) = (non_empty(table.address.clone()), non_empty(table.device.clone()));
        let connection = match (address, device) {
            (Some(address), None) => {
                PrinterConnection::address(&address).map_err(|error| wrong("address", &error))?
            }
            (None, Some(device)) => PrinterConnection::Device(PathBuf::from(device)),
            (found, _) => {
                return Err(SettingsError(match found {
                    Some(_) => message!("settings-both-connections", place = place),
                    None => message!("settings-no-connection", place = place),
                }));
            }
        };
        let mut printer = PrinterSettings::new(name, connection);
        printer.paper = match table.width {
            None | Some(58) => Paper::Mm58,
            Some(80) => Paper::Mm80,
            Some(_) => return Err(wrong("width", &message!("settings-printer-width"))),
        };
        if let Some(drawer) = non_empty(table.drawer.clone()) {
            printer.drawer = drawer.parse().map_err(|error| wrong("drawer", &error))?;
        }
        if let Some(language) = non_empty(table.language.clone()) {
            printer.language = language.parse().map_err(|error| wrong("language", &error))?;
        }
        printer.cut = table.cut.unwrap_or(printer.cut);
        printer.auto = table.auto.unwrap_or(printer.auto);
        printer.status = table.status.unwrap_or(printer.status);
        Ok(printer)
    }
}
