//! One page of a list, and the one way to cut it.

use std::fmt::Display;

/// Some items in order, and where the next ones begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T, P = String> {
    /// The items.
    pub items: Vec<T>,
    /// The place after which the next page begins; `None`: this is the last.
    pub next: Option<P>,
}

/// How many to look for in order to show `limit`: the one more tells whether there is another page.
pub fn one_more(limit: u32) -> i64 {
    i64::from(limit) + 1
}

impl<T, P> Page<T, P> {
    /// A page of at most `limit` of what was found when [`one_more`] was looked for.
    pub fn cut(mut found: Vec<T>, limit: u32, place: impl Fn(&T) -> P) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = found.len() > limit;
        found.truncate(limit);
        let next = found.last().filter(|_| more).map(place);
        Self { items: found, next }
    }

    /// The same page of what each item becomes.
    pub fn map<U>(self, into: impl FnMut(T) -> U) -> Page<U, P> {
        Page {
            items: self.items.into_iter().map(into).collect(),
            next: self.next,
        }
    }
}

impl<T, P: Display> Page<T, P> {
    /// The same page with its place as a text for clients, who give it back unread.
    pub fn written(self) -> Page<T> {
        Page {
            items: self.items,
            next: self.next.map(|place| place.to_string()),
        }
    }
}

#[cfg(test)]
mod tests;
