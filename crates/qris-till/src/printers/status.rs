//! The status of a printer.

use super::error::PrinterError;

/// `DLE EOT n`: requests a status byte at once, ahead of printing. 4 is the paper status, 2 the
/// reason for being offline.
pub(super) const ASK_PAPER: [u8; 3] = [0x10, 0x04, 4];
pub(super) const ASK_CAUSE: [u8; 3] = [0x10, 0x04, 2];

/// The bits that are fixed in each answer, and their values.
const FIXED_BITS: u8 = 0b1001_0011;
const FIXED: u8 = 0b0001_0010;

/// Both paper-end sensors. The two bits for "paper near end" do not stop printing.
const PAPER_END: u8 = 0b0110_0000;

const COVER_OPEN: u8 = 0b0000_0100;
const STOPPED_BY_PAPER_END: u8 = 0b0010_0000;
const ERROR: u8 = 0b0100_0000;

/// Whether a byte is a status answer. Printers send other bytes too.
pub(super) const fn is_answer(byte: u8) -> bool {
    byte & FIXED_BITS == FIXED
}

/// Reads the paper status.
pub(super) const fn paper(answer: u8) -> Result<(), PrinterError> {
    if answer & PAPER_END != 0 { Err(PrinterError::OutOfPaper) } else { Ok(()) }
}

/// Reads the offline reason.
pub(super) const fn cause(answer: u8) -> Result<(), PrinterError> {
    if answer & COVER_OPEN != 0 {
        Err(PrinterError::CoverOpen)
    } else if answer & STOPPED_BY_PAPER_END != 0 {
        Err(PrinterError::OutOfPaper)
    } else if answer & ERROR != 0 {
        Err(PrinterError::Faulty)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bits_of_answers_are_those_of_the_manual() {
        assert!(is_answer(0x12) && is_answer(0x72) && is_answer(0x16));
        assert!(![0x00, 0x10, 0x14, 0xff, 0x13, b'A'].into_iter().any(is_answer));
        assert_eq!(paper(0x12), Ok(()));
        assert_eq!(paper(0x1e), Ok(()), "the roll ends soon");
        assert_eq!(paper(0x72), Err(PrinterError::OutOfPaper));
        assert_eq!(cause(0x12), Ok(()));
        assert_eq!(cause(0x16), Err(PrinterError::CoverOpen));
        assert_eq!(cause(0x32), Err(PrinterError::OutOfPaper));
        assert_eq!(cause(0x52), Err(PrinterError::Faulty));
    }
}
