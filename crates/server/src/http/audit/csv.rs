//! The audit log as comma-separated values (RFC 4180), for spreadsheets.

#[cfg(test)]
mod tests;

use service::audit::{Logged, hex};

/// The first line.
pub(super) const HEAD: &str =
    "at,action,actor_id,actor_email,subject,address,request_id,detail,id,place,hash\r\n";

/// One line.
pub(super) fn line(logged: &Logged) -> String {
    let entry = &logged.entry;
    let text = |value: Option<String>| value.unwrap_or_default();
    let fields = [
        entry.at.to_string(),
        entry.action.clone(),
        text(entry.actor.map(|actor| actor.to_string())),
        text(logged.actor_email.clone()),
        text(entry.subject.map(|subject| subject.to_string())),
        text(entry.address.clone()),
        text(entry.request.map(|request| request.to_string())),
        entry.detail.to_string(),
        entry.id.to_string(),
        text(logged.sealed.as_ref().map(|(place, _)| place.to_string())),
        text(logged.sealed.as_ref().map(|(_, hash)| hex(hash))),
    ];
    let mut line = fields.map(|text| field(&text)).join(",");
    line.push_str("\r\n");
    line
}

/// A field, quoted where it must be. What a spreadsheet would take for a formula begins with an
/// apostrophe: people choose their own e-mail addresses.
fn field(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let lead = if formula { "'" } else { "" };
    if text.contains([',', '"', '\r', '\n']) {
        format!("\"{lead}{}\"", text.replace('"', "\"\""))
    } else {
        format!("{lead}{text}")
    }
}
