//! Passwords of links, for visitors who have no account. Kept and checked as those of accounts are, and
//! guessing them is slowed down likewise: per link and address, per address, and per link.

use std::net::IpAddr;

use domain::ShareId;

use crate::caller::Peer;
use crate::error::Error;
use crate::identity::Identity;
use crate::password::{self, Match};
use crate::throttle::neighbourhood;

/// Fewest characters: people say these to one another.
const MIN: usize = 6;

/// A link, tried from an address.
pub(crate) type Door = (ShareId, IpAddr);

impl Identity {
    /// What is stored of a link's new password.
    ///
    /// # Errors
    /// [`Error::Field`] for `password`, [`Error::Busy`].
    pub async fn hash_link_password(&self, password: String) -> Result<String, Error> {
        if password.chars().count() < MIN || !password::is_possible(&password) {
            return Err(Error::field(
                "password",
                format!("The password of a link has {MIN} characters or more, and no NUL."),
            ));
        }
        self.hasher().hash(password).await
    }

    /// Holds what a visitor typed against a link's password.
    ///
    /// # Errors
    /// [`Error::Wait`] after too many wrong ones, [`Error::Busy`].
    pub async fn unlock(
        &self,
        share: ShareId,
        stored: String,
        password: String,
        peer: &Peer,
    ) -> Result<bool, Error> {
        let now = self.now();
        let place = neighbourhood(peer.address);
        let door = (share, place);
        self.doors_throttle().attempt(&door, now)?;
        // A wrong link is nobody's account: the addresses of sign-ins are counted apart.
        if let Err(wait) = self.visitors_throttle().attempt(&place, now) {
            self.doors_throttle().forgive(&door, now);
            return Err(wait);
        }
        if let Err(wait) = self.links_throttle().attempt(&share, now) {
            self.doors_throttle().forgive(&door, now);
            self.visitors_throttle().forgive(&place, now);
            return Err(wait);
        }
        let right = password::is_possible(&password)
            && self.hasher().verify(password, Some(stored)).await? != Match::No;
        if right {
            self.doors_throttle().clear(&door);
            self.visitors_throttle().forgive(&place, now);
            self.links_throttle().forgive(&share, now);
        }
        Ok(right)
    }
}
