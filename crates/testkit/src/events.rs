//! A reader of server-sent events (HTML Living Standard, §9.2), as much as the vault sends of them.

use reqwest::Response;
use serde_json::Value;

use crate::PATIENCE;

/// One event.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// The cursor to resume from.
    pub id: String,
    /// What happened, such as `asset.created`.
    pub name: String,
    /// To what.
    pub data: Value,
}

/// An open stream of events.
pub struct Events {
    answer: Response,
    buffer: String,
}

impl Events {
    pub(crate) fn new(answer: Response) -> Self {
        Self {
            answer,
            buffer: String::new(),
        }
    }

    /// The next event, comments passed over; panics when none comes.
    pub async fn next(&mut self) -> Event {
        let awaited = tokio::time::timeout(PATIENCE, self.read()).await;
        awaited.expect("no event came in time")
    }

    /// The next event with this name about this asset.
    pub async fn next_of(&mut self, name: &str, asset: &str) -> Event {
        loop {
            let event = self.next().await;
            if event.name == name && event.data["asset_id"] == asset {
                return event;
            }
        }
    }

    /// The next event with this name, whatever it is about.
    pub async fn next_named(&mut self, name: &str) -> Event {
        loop {
            let event = self.next().await;
            if event.name == name {
                return event;
            }
        }
    }

    async fn read(&mut self) -> Event {
        loop {
            if let Some((block, rest)) = self.buffer.split_once("\n\n") {
                let event = parse(block);
                self.buffer = rest.to_owned();
                match event {
                    Some(event) => return event,
                    None => continue,
                }
            }
            let chunk = self.answer.chunk().await.expect("the event stream");
            let chunk = chunk.expect("the event stream goes on");
            self.buffer.push_str(&String::from_utf8_lossy(&chunk));
        }
    }
}

/// An event from its lines; none when they are a comment.
fn parse(block: &str) -> Option<Event> {
    let mut event = Event {
        id: String::new(),
        name: "message".to_owned(),
        data: Value::Null,
    };
    let mut data = Vec::new();
    for line in block.lines() {
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "id" => event.id = value.to_owned(),
            "event" => event.name = value.to_owned(),
            "data" => data.push(value),
            _ => {}
        }
    }
    if data.is_empty() && event.name == "message" {
        return None;
    }
    event.data = serde_json::from_str(&data.join("\n")).unwrap_or(Value::Null);
    Some(event)
}

#[cfg(test)]
mod tests;
