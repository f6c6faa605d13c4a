//! What happens, as lines for programs.

/// Writes what happens to standard error, a JSON object a line; call it once, before all else.
///
/// There are numbers of transactions and invoices in it, states, and causes; never a payer's
/// name, a key, a token or a URL. If the program has a subscriber of its own, that one stays.
pub fn log_to_stderr() {
    let logs = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_max_level(tracing::Level::INFO)
        .with_writer(std::io::stderr);
    // An error means that there is a subscriber already.
    logs.try_init().ok();
}
