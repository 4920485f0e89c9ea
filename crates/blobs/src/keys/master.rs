//! The master key and its written form, the recovery key.

use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::str::FromStr;

use domain::Entropy;
use hkdf::Hkdf;
use sha2::{Digest, Sha256};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::BlobError;
use crate::frames::Cipher;
use crate::store::{create_folder, sync_folder};

/// Crockford's base 32: no I, L, O, U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const MARK: &str = "mvrk";
const CHECK: usize = 3;

/// The key everything else hangs on. Forgotten from memory when dropped; never printed.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct MasterKey([u8; 32]);

/// The text is not a recovery key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RecoveryKeyError {
    /// Characters are missing, too many, or not of the alphabet.
    #[error("a recovery key is mvrk- and 56 letters and digits, or 64 hexadecimal digits")]
    Malformed,
    /// The checksum does not hold.
    #[error("this recovery key has a typing mistake")]
    Mistyped,
}

impl MasterKey {
    /// Draws a new key.
    pub fn generate(entropy: &dyn Entropy) -> Self {
        let mut key = [0; 32];
        entropy.fill(&mut key);
        Self(key)
    }

    /// Reads the key in the file, which holds a recovery key; `None` when there is no such file.
    ///
    /// # Errors
    /// The file cannot be read, or holds no key.
    pub fn load(path: &Path) -> Result<Option<Self>, BlobError> {
        let text = match fs::read_to_string(path) {
            Ok(text) => Zeroizing::new(text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(BlobError::io("read the master key", error)),
        };
        text.trim()
            .parse()
            .map(Some)
            .map_err(|error| BlobError::Keys(format!("{}: {error}", path.display())))
    }

    /// Writes the key as a recovery key to a new file that only its owner may read, safe from a
    /// power cut when done. An existing file is left alone.
    ///
    /// # Errors
    /// There is a file, or it cannot be written.
    pub fn save(&self, path: &Path) -> Result<(), BlobError> {
        let write = || {
            let path = std::path::absolute(path)?;
            let folder = path.parent().unwrap_or(&path);
            create_folder(folder)?;
            let mut file = OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(&path)?;
            writeln!(file, "{}", *self.recovery_text())?;
            file.sync_all()?;
            sync_folder(folder)
        };
        write().map_err(|error| BlobError::io("save the master key", error))
    }

    /// The key as a person saves it: `mvrk-` and 14 groups of 4 characters, the last five of which
    /// are a checksum.
    pub fn recovery_text(&self) -> Zeroizing<String> {
        let mut bytes = Zeroizing::new(self.0.to_vec());
        bytes.extend(self.checksum());
        let mut text = Zeroizing::new(String::with_capacity(80));
        text.push_str(MARK);
        // 35 bytes are exactly 56 digits of 5 bits.
        for digit in 0..bytes.len() * 8 / 5 {
            if digit % 4 == 0 {
                text.push('-');
            }
            let value = (0..5).fold(0, |value, i| {
                let bit = digit * 5 + i;
                value << 1 | usize::from(bytes[bit / 8] >> (7 - bit % 8) & 1)
            });
            text.push(char::from(ALPHABET[value]));
        }
        text
    }

    /// A secret of its own for another use, such as signing: HKDF-SHA256 (RFC 5869) with `label` as
    /// info. Changes with the master key.
    pub fn derive(&self, label: &str) -> Zeroizing<[u8; 32]> {
        let mut secret = Zeroizing::new([0; 32]);
        Hkdf::<Sha256>::new(Some(b"mediavault"), &self.0)
            .expand(label.as_bytes(), &mut *secret)
            .expect("32 bytes are within what HKDF can give");
        secret
    }

    /// Tells keys apart without telling anything about them: 16 hex digits.
    pub fn fingerprint(&self) -> String {
        hex::encode(&self.derive("fingerprint")[..8])
    }

    pub(crate) fn wrapping_cipher(&self) -> Cipher {
        Cipher::new(&self.derive("key ring"))
    }

    fn checksum(&self) -> [u8; CHECK] {
        let digest: [u8; 32] = Sha256::new_with_prefix(MARK)
            .chain_update(self.0)
            .finalize()
            .into();
        [digest[0], digest[1], digest[2]]
    }
}

/// Reads a recovery key, forgiving case, spaces, and O for 0, I or L for 1; or 64 hex digits.
impl FromStr for MasterKey {
    type Err = RecoveryKeyError;

    fn from_str(text: &str) -> Result<Self, RecoveryKeyError> {
        let mut key = Self([0; 32]);
        if text.len() == 64 && hex::decode_to_slice(text, &mut key.0).is_ok() {
            return Ok(key);
        }
        let mut bytes = Zeroizing::new([0_u8; 32 + CHECK]);
        let mut digits = 0;
        for digit in significant(text)? {
            let value = digit_value(digit).ok_or(RecoveryKeyError::Malformed)?;
            for i in 0..5 {
                let bit = digits * 5 + i;
                let byte = bytes.get_mut(bit / 8).ok_or(RecoveryKeyError::Malformed)?;
                *byte |= (value >> (4 - i) & 1) << (7 - bit % 8);
            }
            digits += 1;
        }
        if digits * 5 != bytes.len() * 8 {
            return Err(RecoveryKeyError::Malformed);
        }
        key.0.copy_from_slice(&bytes[..32]);
        if key.checksum() == bytes[32..] {
            Ok(key)
        } else {
            Err(RecoveryKeyError::Mistyped)
        }
    }
}

/// The characters that count, behind the mark.
fn significant(text: &str) -> Result<impl Iterator<Item = char>, RecoveryKeyError> {
    let text = text.trim();
    let marked = text
        .get(..MARK.len())
        .is_some_and(|mark| mark.eq_ignore_ascii_case(MARK));
    if !marked {
        return Err(RecoveryKeyError::Malformed);
    }
    let counts = |c: &char| *c != '-' && !c.is_whitespace();
    Ok(text[MARK.len()..].chars().filter(counts))
}

fn digit_value(digit: char) -> Option<u8> {
    let digit = match digit.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    let place = ALPHABET.iter().position(|c| char::from(*c) == digit)?;
    u8::try_from(place).ok()
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "master key {}", self.fingerprint())
    }
}

#[cfg(test)]
mod tests;
