use catalog::changes::{ChangeCursor, ChangeKind};
use domain::{Container, Ids, ManualClock, SeededEntropy, TenantId, Timestamp, UserId, Visibility};

use super::{CAPACITY, Event, Heard, Hub};

struct People {
    clock: ManualClock,
    entropy: SeededEntropy,
}

impl People {
    fn new() -> Self {
        Self {
            clock: ManualClock::at(Timestamp::from_millis(0)),
            entropy: SeededEntropy::new(7),
        }
    }

    fn fresh<T: From<uuid::Uuid>>(&self) -> T {
        Ids::new(&self.clock, &self.entropy).fresh()
    }

    fn event(&self, seq: i64, tenant: TenantId, owner: UserId) -> Event {
        Event {
            place: ChangeCursor { xid: 0, seq },
            kind: ChangeKind::Created,
            status: None,
            tenant,
            containers: vec![Container::Owner(owner)],
            subject: self.fresh(),
        }
    }
}

#[tokio::test]
async fn a_listener_hears_of_what_it_may_see_and_of_nothing_else() {
    let people = People::new();
    let (mine, theirs, elsewhere) = (people.fresh(), people.fresh(), people.fresh());
    let hub = Hub::new();
    let mut listener = hub.listen(Visibility::of_user(TenantId::DEFAULT, mine));
    let own = people.event(3, TenantId::DEFAULT, mine);
    hub.publish(people.event(1, TenantId::DEFAULT, theirs));
    hub.publish(people.event(2, elsewhere, mine));
    hub.publish(own.clone());
    assert_eq!(listener.next().await, Heard::Event(own));
    hub.reset();
    assert_eq!(listener.next().await, Heard::Reset);
    drop(hub);
    assert_eq!(listener.next().await, Heard::End);
}

#[tokio::test]
async fn a_listener_that_falls_behind_starts_over() {
    let people = People::new();
    let mine = people.fresh();
    let hub = Hub::new();
    let mut listener = hub.listen(Visibility::of_user(TenantId::DEFAULT, mine));
    for seq in 0..=i64::try_from(CAPACITY).expect("a small number") {
        hub.publish(people.event(seq, TenantId::DEFAULT, mine));
    }
    assert_eq!(listener.next().await, Heard::Reset);
}
