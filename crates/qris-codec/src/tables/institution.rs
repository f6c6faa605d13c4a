//! One row of the list of institutions.

/// An institution with its own number in the national numbering system (NNS).
///
/// ```
/// use qris_codec::tables::institution;
///
/// let gopay = institution("936009143664001757").unwrap();
/// assert_eq!(gopay.nns, 93600914);
/// assert_eq!(gopay.name, "GoPay");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Institution {
    /// The first eight digits of the PANs that it issues.
    pub nns: u32,
    /// The common name.
    pub name: &'static str,
    /// Its legal name.
    pub organization: &'static str,
}
