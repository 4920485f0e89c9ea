//! An identity on a catalog of its own.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use catalog::{DataDirLock, Db, audit};
use domain::{ManualClock, SeededEntropy, TenantId, Timestamp};
pub(super) use testkit::Database;
use testkit::postgres::TestDatabase;

use crate::{
    Authority, Caller, Carrier, Config, Credential, Error, Grant, Identity, NewAccount, NewPerson,
    Peer, SignIn,
};

pub(super) const EMAIL: &str = "ada@example.org";
pub(super) const PASSWORD: &str = "correct horse battery";

/// 14 November 2023.
const BEGIN: Timestamp = Timestamp::from_millis(1_700_000_000_000);

pub(super) struct World {
    pub(super) identity: Identity,
    pub(super) clock: Arc<ManualClock>,
    pub(super) db: Db,
    config: Config,
    seeds: AtomicU64,
    _place: Place,
}

/// Where the catalog is; gone with the test.
enum Place {
    Sqlite { _dir: tempfile::TempDir },
    Postgres { _database: TestDatabase },
}

impl World {
    /// Without any account.
    pub(super) async fn empty(database: Database) -> Self {
        Self::with(database, |_| {}).await
    }

    /// Without any account, and with other settings. Passwords are cheap to hash here.
    pub(super) async fn with(database: Database, change: impl FnOnce(&mut Config)) -> Self {
        let (db, place) = open(database).await;
        let mut config = Config {
            password_memory_kib: 8,
            password_passes: 1,
            ..Config::default()
        };
        change(&mut config);
        let clock = Arc::new(ManualClock::at(BEGIN));
        let seeds = AtomicU64::new(1);
        let identity = node(&db, &clock, &config, &seeds);
        Self {
            identity,
            clock,
            db,
            config,
            seeds,
            _place: place,
        }
    }

    /// With the first account, made at the machine.
    pub(super) async fn owned(database: Database) -> Self {
        let world = Self::empty(database).await;
        world
            .register(EMAIL, &loopback())
            .await
            .expect("the first account");
        world
    }

    /// Another node of the same vault, with the same key and settings.
    pub(super) fn another_node(&self) -> Identity {
        node(&self.db, &self.clock, &self.config, &self.seeds)
    }

    /// The same vault started again with other settings.
    pub(super) fn restarted(&self, change: impl FnOnce(&mut Config)) -> Identity {
        let mut config = self.config.clone();
        change(&mut config);
        node(&self.db, &self.clock, &config, &self.seeds)
    }

    pub(super) async fn register(&self, email: &str, peer: &Peer) -> Result<SignIn, Error> {
        self.identity
            .register(account(email), Carrier::Token, peer)
            .await
    }

    pub(super) async fn login(&self, password: &str) -> Result<SignIn, Error> {
        self.identity
            .login(EMAIL, password.to_owned(), Carrier::Token, &remote(1))
            .await
    }

    /// Makes an account at the machine; gives its password.
    pub(super) async fn person(&self, email: &str, roles: &[&str]) -> String {
        let wish = NewPerson {
            email: email.to_owned(),
            roles: roles.iter().map(|role| (*role).to_owned()).collect(),
            ..NewPerson::default()
        };
        let made = self.identity.make_person(Authority::Console, wish).await;
        made.expect("made").1.expect("a made-up password")
    }

    /// An access and a refresh token of the first account.
    pub(super) async fn tokens(&self) -> (String, String) {
        tokens(self.login(PASSWORD).await.expect("the right password"))
    }

    /// The cookie of a browser in which the first account signed in.
    pub(super) async fn cookie(&self) -> String {
        let sign_in = self
            .identity
            .login(EMAIL, PASSWORD.to_owned(), Carrier::Cookie, &remote(1))
            .await
            .expect("the right password");
        match sign_in.grant {
            Grant::Cookie { secret, .. } => secret,
            Grant::Token { .. } => panic!("a cookie was asked for"),
        }
    }

    pub(super) async fn by_bearer(&self, token: &str) -> Result<Caller, Error> {
        self.identity.authenticate(Credential::Bearer(token)).await
    }

    pub(super) async fn by_cookie(&self, cookie: &str) -> Result<Caller, Error> {
        self.identity.authenticate(Credential::Cookie(cookie)).await
    }

    pub(super) fn pass_seconds(&self, seconds: i64) {
        self.clock.advance_millis(seconds * 1000);
    }

    pub(super) fn pass_days(&self, days: i64) {
        self.pass_seconds(days * 24 * 3600);
    }

    /// What the audit log says happened, oldest first.
    pub(super) async fn deeds(&self) -> Vec<String> {
        let mut deeds: Vec<_> = self
            .db
            .read(|tx| {
                Box::pin(async move {
                    let all = audit::Filter::default();
                    audit::list(tx, TenantId::DEFAULT, &all, None, 200).await
                })
            })
            .await
            .expect("the audit log")
            .items
            .into_iter()
            .map(|logged| (logged.entry.at, logged.entry.action))
            .collect();
        deeds.reverse();
        deeds.into_iter().map(|(_, action)| action).collect()
    }
}

async fn open(database: Database) -> (Db, Place) {
    match database {
        Database::Sqlite => {
            let dir = tempfile::tempdir().expect("a temporary directory");
            let lock = DataDirLock::acquire(dir.path()).expect("nobody else has it");
            let db = Db::open_sqlite(lock).await.expect("a fresh catalog");
            (db, Place::Sqlite { _dir: dir })
        }
        Database::Postgres => {
            let database = TestDatabase::empty();
            let db = Db::open_postgres(database.url(), 8)
                .await
                .expect("a fresh catalog");
            let place = Place::Postgres {
                _database: database,
            };
            (db, place)
        }
    }
}

fn node(db: &Db, clock: &Arc<ManualClock>, config: &Config, seeds: &AtomicU64) -> Identity {
    let clock: Arc<ManualClock> = Arc::clone(clock);
    let entropy = Arc::new(SeededEntropy::new(seeds.fetch_add(1, Ordering::SeqCst)));
    Identity::new(db.clone(), clock, entropy, config.clone(), [7; 32]).expect("valid settings")
}

pub(super) fn account(email: &str) -> NewAccount {
    NewAccount {
        email: email.to_owned(),
        password: PASSWORD.to_owned(),
        name: None,
        setup_code: None,
        invitation: None,
    }
}

pub(super) fn tokens(sign_in: SignIn) -> (String, String) {
    match sign_in.grant {
        Grant::Token {
            access, refresh, ..
        } => (access, refresh),
        Grant::Cookie { .. } => panic!("tokens were asked for"),
    }
}

/// Somebody at the machine.
pub(super) fn loopback() -> Peer {
    Peer {
        address: IpAddr::V4(Ipv4Addr::LOCALHOST),
        on_loopback: true,
        agent: Some("test".to_owned()),
        request: None,
    }
}

/// Somebody elsewhere, at an address that ends in `last`.
pub(super) fn remote(last: u8) -> Peer {
    Peer {
        address: IpAddr::V4(Ipv4Addr::new(203, 0, 113, last)),
        on_loopback: false,
        agent: Some("test".to_owned()),
        request: None,
    }
}
