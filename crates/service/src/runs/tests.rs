use domain::{Permissions, ShareId, TenantId, UserId, Visibility};
use identity::{Caller, Trace, Via};
use uuid::Uuid;

use super::{AT_ONCE, FOR_ACCOUNT, FOR_LINK, Runs};
use crate::error::Error;

fn caller(user: u128, via: Via) -> Caller {
    let user = UserId::from_uuid(Uuid::from_u128(user));
    Caller {
        tenant: TenantId::DEFAULT,
        user,
        permissions: Permissions::all(),
        visibility: Visibility::of_user(TenantId::DEFAULT, user),
        via,
        trace: Trace::default(),
    }
}

fn is_put_off(refused: Result<super::Run, Error>) -> bool {
    matches!(refused, Err(Error::TooMany { retry_after, .. }) if retry_after > 0)
}

#[test]
fn an_account_has_so_many_at_once_and_another_when_one_is_over() {
    let runs = Runs::default();
    let (ada, ben) = (caller(1, Via::Service), caller(2, Via::Service));
    let mut own: Vec<_> = (0..FOR_ACCOUNT)
        .map(|_| runs.begin(&ada).expect("one more"))
        .collect();
    assert!(is_put_off(runs.begin(&ada)));
    let other = runs.begin(&ben).expect("others are not held up");
    drop(own.pop());
    own.push(runs.begin(&ada).expect("one is over"));
    drop((own, other));
    assert!(runs.lock().is_empty(), "nobody is remembered");
}

#[test]
fn visitors_do_not_use_up_what_is_their_hosts() {
    let runs = Runs::default();
    let link = Via::Share(ShareId::from_uuid(Uuid::from_u128(7)));
    let visitor = caller(1, link);
    let all: Vec<_> = (0..FOR_LINK)
        .map(|_| runs.begin(&visitor).expect("one more"))
        .collect();
    assert!(is_put_off(runs.begin(&visitor)));
    runs.begin(&caller(1, Via::Service))
        .expect("the host's own");
    drop(all);
}

#[test]
fn a_node_has_so_many_for_everybody_together() {
    let runs = Runs::default();
    let all: Vec<_> = (0..AT_ONCE)
        .map(|number| {
            let caller = caller(number as u128, Via::Service);
            runs.begin(&caller).expect("one more")
        })
        .collect();
    let late = caller(999, Via::Service);
    assert!(is_put_off(runs.begin(&late)));
    drop(all);
    runs.begin(&late).expect("there is room again");
}
