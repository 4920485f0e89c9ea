//! By whose authority accounts, roles and invitations are changed, and the two rules that hold for all
//! of it: nobody gives or takes what he does not hold himself, and somebody can always go on.

use catalog::{Tx, roles, users};
use domain::{Permission, Permissions, TenantId};

use crate::caller::Caller;
use crate::error::Error;
use crate::record::Record;

/// What some account that may be used must hold at any time: without it nobody could mend the rest.
const KEPT: [Permission; 3] = [
    Permission::UsersManage,
    Permission::RolesManage,
    Permission::SystemMaintain,
];

/// By whose authority something is changed.
#[derive(Debug, Clone, Copy)]
pub enum Authority<'a> {
    /// Somebody's, within what they may do.
    Of(&'a Caller),
    /// The machine's: whoever can open the database can change it anyway.
    Console,
}

impl Authority<'_> {
    /// The tenant it is limited to.
    pub(crate) fn tenant(self) -> TenantId {
        match self {
            Self::Of(caller) => caller.tenant,
            Self::Console => TenantId::DEFAULT,
        }
    }

    /// Refuses whoever lacks the permission.
    pub(crate) fn may_look(self, permission: Permission) -> Result<(), Error> {
        match self {
            Self::Of(caller) => caller.require(permission),
            Self::Console => Ok(()),
        }
    }

    /// Refuses whoever lacks the permission or came by an API key.
    pub(crate) fn require(self, permission: Permission) -> Result<(), Error> {
        match self {
            Self::Of(caller) => {
                caller.in_person()?;
                caller.require(permission)
            }
            Self::Console => Ok(()),
        }
    }

    /// What it reaches.
    pub(crate) fn reach(self) -> Reach {
        match self {
            Self::Of(caller) => Reach(caller.permissions),
            Self::Console => Reach(Permissions::all()),
        }
    }

    /// Puts down who did it.
    pub(crate) fn sign(self, record: Record) -> Record {
        match self {
            Self::Of(caller) => record.of(caller),
            Self::Console => record,
        }
    }
}

/// The permissions somebody may give and take, because he holds them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reach(pub(crate) Permissions);

impl Reach {
    /// Refuses what goes beyond: giving these permissions, or changing somebody or something that has
    /// them.
    pub(crate) fn covers(self, permissions: Permissions) -> Result<(), Error> {
        match permissions.iter().find(|wanted| !self.0.has(*wanted)) {
            Some(missing) => Err(Error::NotAllowed(missing)),
            None => Ok(()),
        }
    }
}

/// Watches over a change of who may do what. Such changes come one by one, so that of two
/// administrators who disable each other one is refused.
pub(crate) struct Watch {
    tenant: TenantId,
    before: Permissions,
}

impl Watch {
    /// Before the change, first thing in the transaction.
    pub(crate) async fn begin(tx: &mut Tx, tenant: TenantId) -> Result<Self, Error> {
        users::queue_up(tx, tenant).await?;
        let before = roles::in_use(tx, tenant).await?;
        Ok(Self { tenant, before })
    }

    /// After the change: refuses it, and with it the transaction, when it took away the last holder.
    pub(crate) async fn end(self, tx: &mut Tx) -> Result<(), Error> {
        let after = roles::in_use(tx, self.tenant).await?;
        let lost = KEPT
            .into_iter()
            .find(|kept| self.before.has(*kept) && !after.has(*kept));
        lost.map_or(Ok(()), |lost| Err(Error::LastHolder(lost)))
    }
}
