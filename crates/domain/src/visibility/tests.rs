use uuid::Uuid;

use super::{Container, Level, Standing, Visibility};
use crate::id::{CollectionId, TenantId, UserId};

fn user(number: u128) -> UserId {
    UserId::from_uuid(Uuid::from_u128(number))
}

fn album(number: u128) -> Container {
    Container::Collection(CollectionId::from_uuid(Uuid::from_u128(number)))
}

fn standing(containers: &[Container]) -> Standing<'_> {
    Standing {
        tenant: TenantId::DEFAULT,
        containers,
        withheld: false,
    }
}

#[test]
fn the_highest_level_of_all_ways_holds() {
    let seen = Visibility::through(
        TenantId::DEFAULT,
        [
            (album(1), Level::View),
            (album(2), Level::Download),
            (album(2), Level::View),
        ],
    );
    let there = [Container::Owner(user(9)), album(1), album(2)];
    assert_eq!(seen.level(standing(&there)), Some(Level::Download));
    assert_eq!(seen.level(standing(&there[..2])), Some(Level::View));
    assert_eq!(seen.level(standing(&there[..1])), None);
}

#[test]
fn what_is_withheld_is_its_owners_alone() {
    let there = [Container::Owner(user(1)), album(1)];
    let withheld = Standing {
        withheld: true,
        ..standing(&there)
    };
    let guest = Visibility::through(TenantId::DEFAULT, [(album(1), Level::Edit)]);
    assert!(guest.admits(standing(&there)));
    assert!(!guest.admits(withheld));
    assert!(Visibility::of_user(TenantId::DEFAULT, user(1)).admits(withheld));
}

#[test]
fn another_tenant_shows_nothing() {
    let other = TenantId::from_uuid(Uuid::from_u128(2));
    let seen = Visibility::through(other, [(Container::Owner(user(1)), Level::Edit)]);
    assert!(!seen.admits(standing(&[Container::Owner(user(1))])));
}
