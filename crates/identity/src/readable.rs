//! Codes and passwords that a person copies from a terminal: Crockford's base 32 in groups, which
//! has no letters that look like digits and forgives those who type them anyway.

#[cfg(test)]
mod tests;

use domain::Entropy;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Characters in a group.
const GROUP: usize = 4;

/// A random code of so many groups of four characters, twenty bits each.
pub(crate) fn code(groups: usize, entropy: &dyn Entropy) -> String {
    let mut random = vec![0; groups * GROUP];
    entropy.fill(&mut random);
    let letters: Vec<char> = random
        .iter()
        .map(|byte| char::from(ALPHABET[usize::from(byte % 32)]))
        .collect();
    let groups: Vec<String> = letters.chunks(GROUP).map(String::from_iter).collect();
    groups.join("-")
}

/// What was meant by a code as it was typed: case, dashes and look-alikes do not matter.
pub(crate) fn canonical(typed: &str) -> String {
    typed
        .chars()
        .filter(|letter| letter.is_ascii_alphanumeric())
        .map(|letter| match letter.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            letter => letter,
        })
        .collect()
}
