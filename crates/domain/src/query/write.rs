//! From a [`Filter`] to the query that reads as it.

use std::fmt::{Display, Formatter, Result};

use super::{Album, Filter, Stars, Term, Test};

impl Display for Filter {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let mut parts: Vec<String> = self.terms.iter().map(ToString::to_string).collect();
        let places = [
            (self.trashed, "trashed"),
            (self.archived, "archived"),
            (self.locked, "locked"),
            (self.shared, "shared"),
        ];
        let asked = places.iter().filter(|(asked, _)| *asked);
        parts.extend(asked.map(|(_, word)| format!("is:{word}")));
        parts.extend(self.albums.iter().map(|album| match album {
            Album::Id(id) => format!("album:{id}"),
            Album::Name(name) => format!("album:\"{name}\""),
        }));
        f.write_str(&parts.join(" "))
    }
}

impl Display for Term {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        if self.negated {
            f.write_str("-")?;
        }
        match &self.test {
            Test::Word(word) => write!(f, "\"{word}\""),
            Test::Name(name) => write!(f, "name:\"{name}\""),
            Test::Kind(kind) => write!(f, "type:{kind}"),
            Test::Camera(camera) => write!(f, "camera:\"{camera}\""),
            Test::After(day) => write!(f, "after:{day}"),
            Test::Before(day) => write!(f, "before:{day}"),
            Test::Tag(tag) => write!(f, "tag:\"{tag}\""),
            Test::Rating(stars) => write!(f, "rating:{stars}"),
            Test::Favourite => f.write_str("is:favourite"),
            Test::Status(status) => write!(f, "status:{status}"),
            Test::HasPlace => f.write_str("has:place"),
            Test::Near(circle) => write!(f, "near:{circle}"),
            Test::Within(area) => write!(f, "box:{area}"),
        }
    }
}

impl Display for Stars {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match (self.from, self.to) {
            (from, to) if from == to => write!(f, "{from}"),
            (0, to) => write!(f, "<={to}"),
            (from, _) => write!(f, ">={from}"),
        }
    }
}
