//! Builds the commands of a document for a printer.

use qris_image::DrawError;

use super::settings::{Drawer, PrinterSettings};
use crate::receipt::{self, Document, Finish, Kind};

pub(super) fn commands(
    settings: &PrinterSettings,
    document: &Document,
) -> Result<Vec<u8>, DrawError> {
    let is_receipt = document.kind() == Kind::Receipt;
    let opens_drawer = is_receipt && settings.drawer == Drawer::Receipt;
    let finish = Finish { cuts: settings.cut, opens_drawer };
    receipt::commands(document, settings.paper, finish)
}
