//! Settings that an operator may change while the vault runs.
//!
//! What the configuration (file, environment, flags) says wins and is shown as fixed; the rest comes from
//! the catalog, else from the defaults. Requests read a copy in memory: it is made anew after a change on
//! this node, and every few seconds by a keeper for changes on others.

use std::collections::BTreeMap;
use std::sync::Arc;

use catalog::{audit, settings};
use domain::{Code, Permission};
use futures::FutureExt;
use identity::{Caller, Policy, Registration};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::Vault;
use crate::config::Config;
use crate::error::{Error, Result};

/// Longest time in the trash, in days.
const MAX_DAYS: u32 = 3_650;

/// The settings that may change while the vault runs.
const NAMES: [&str; 5] = [
    "registration",
    "default_quota",
    "trash_days",
    "allowed_types",
    "max_upload_size",
];

/// Rows of the catalog in which they are kept begin with this.
const PREFIX: &str = "settings/";

/// What holds now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Live {
    config: Arc<Config>,
    kept: BTreeMap<&'static str, Value>,
}

impl Live {
    /// What the configuration says, before the catalog was asked.
    pub(crate) fn of(config: &Config) -> Self {
        Self {
            config: Arc::new(config.clone()),
            kept: BTreeMap::new(),
        }
    }
}

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The configuration: it can be changed only there.
    Configuration,
    /// Somebody has changed it here.
    Vault,
    /// Nobody has said anything.
    Default,
}

/// The settings in force, and where each comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InForce {
    /// Who may register.
    pub registration: Registration,
    /// Bytes a new account may own; `None`: no limit.
    pub default_quota: Option<u64>,
    /// Days a trashed asset is kept.
    pub trash_days: u32,
    /// Accepted types; empty accepts all.
    pub allowed_types: Vec<String>,
    /// Bytes one file may have.
    pub max_upload_size: u64,
    /// By name.
    pub origins: BTreeMap<&'static str, Origin>,
}

/// What to change; what is `None` stays.
#[derive(Debug, Clone, Default)]
pub struct SettingsEdit {
    /// Who may register.
    pub registration: Option<Registration>,
    /// Bytes a new account may own; `Some(None)`: no limit.
    pub default_quota: Option<Option<u64>>,
    /// Days a trashed asset is kept.
    pub trash_days: Option<u32>,
    /// Accepted types; empty accepts all.
    pub allowed_types: Option<Vec<String>>,
    /// Bytes one file may have.
    pub max_upload_size: Option<u64>,
}

impl SettingsEdit {
    /// As they are kept: 0 is no quota, as in the configuration.
    fn values(&self) -> Vec<(&'static str, Value)> {
        let quota = self.default_quota.map(|quota| json!(quota.unwrap_or(0)));
        let values = [
            ("registration", self.registration.map(|value| json!(value))),
            ("default_quota", quota),
            ("trash_days", self.trash_days.map(|value| json!(value))),
            (
                "allowed_types",
                self.allowed_types.as_ref().map(|value| json!(value)),
            ),
            (
                "max_upload_size",
                self.max_upload_size.map(|value| json!(value)),
            ),
        ];
        values
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)))
            .collect()
    }
}

impl Vault {
    /// The settings in force.
    ///
    /// # Errors
    /// `Forbidden` without `system:maintain`.
    pub fn settings(&self, caller: &Caller) -> Result<InForce> {
        caller.require(Permission::SystemMaintain)?;
        Ok(self.in_force())
    }

    /// Changes settings, from now on here and within seconds on other nodes.
    ///
    /// # Errors
    /// `Forbidden`, `WrongState` naming one that the configuration fixes, a field problem.
    pub async fn change_settings(&self, caller: &Caller, edit: SettingsEdit) -> Result<InForce> {
        caller.require(Permission::SystemMaintain)?;
        let values = edit.values();
        if let Some((name, _)) = values.iter().find(|(name, _)| self.is_fixed(name)) {
            return Err(Error::Refused {
                code: Code::WrongState,
                detail: "the configuration says so: change it there".into(),
                field: Some(name),
            });
        }
        let (mut config, mut policy) = (Config::clone(&self.live()), self.identity().policy());
        for (name, value) in &values {
            apply(&mut config, &mut policy, name, value.clone())?;
        }
        let now = self.clock().now();
        let told: serde_json::Map<String, Value> = values
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect();
        let entry = self.entry(caller, "settings.changed", None, told.into());
        self.catalog()
            .write(move |tx| {
                async move {
                    for (name, value) in &values {
                        settings::put(tx, &format!("{PREFIX}{name}"), value, now).await?;
                    }
                    audit::append(tx, &entry).await
                }
                .boxed()
            })
            .await?;
        self.load_settings().await?;
        Ok(self.in_force())
    }

    /// Reads the settings that were changed, on any node, into memory.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn load_settings(&self) -> Result<()> {
        let names: Vec<String> = NAMES
            .iter()
            .filter(|name| !self.is_fixed(name))
            .map(|name| format!("{PREFIX}{name}"))
            .collect();
        let found = self
            .catalog()
            .read(move |tx| async move { settings::get_all(tx, &names).await }.boxed())
            .await?;
        let (mut config, mut policy) = (self.config().clone(), self.identity().configured_policy());
        let mut kept = BTreeMap::new();
        for name in NAMES {
            let Some(value) = found.get(&format!("{PREFIX}{name}")) else {
                continue;
            };
            // A value that a later program wrote must not stop this one.
            match apply(&mut config, &mut policy, name, value.clone()) {
                Ok(()) => drop(kept.insert(name, value.clone())),
                Err(error) => tracing::warn!(name, %error, "a kept setting is passed over"),
            }
        }
        self.identity().set_policy(policy);
        let config = Arc::new(config);
        self.set_live(Live { config, kept });
        Ok(())
    }

    /// The settings of the verbs as they hold now.
    pub fn live(&self) -> Arc<Config> {
        self.read_live().config
    }

    fn in_force(&self) -> InForce {
        let (live, policy) = (self.read_live(), self.identity().policy());
        let origin = |name| match name {
            name if self.is_fixed(name) => Origin::Configuration,
            name if live.kept.contains_key(name) => Origin::Vault,
            _ => Origin::Default,
        };
        InForce {
            registration: policy.registration,
            default_quota: policy.quota(),
            trash_days: live.config.trash_days,
            allowed_types: live.config.allowed_types.clone(),
            max_upload_size: live.config.max_upload_size,
            origins: NAMES.map(|name| (name, origin(name))).into(),
        }
    }
}

/// Puts one value where it belongs, if it can work there; else nothing changes.
fn apply(config: &mut Config, policy: &mut Policy, name: &'static str, value: Value) -> Result<()> {
    let mut new = config.clone();
    match name {
        "registration" => policy.registration = read(name, value)?,
        "default_quota" => policy.default_quota = read(name, value)?,
        "trash_days" => new.trash_days = read(name, value)?,
        "allowed_types" => new.allowed_types = read(name, value)?,
        _ => new.max_upload_size = read(name, value)?,
    }
    if new.trash_days > MAX_DAYS {
        return Err(Error::field("trash_days", format!("at most {MAX_DAYS}")));
    }
    new.validate()
        .map_err(|(name, what)| Error::field(name, what))?;
    *config = new;
    Ok(())
}

fn read<T: DeserializeOwned>(name: &'static str, value: Value) -> Result<T> {
    serde_json::from_value(value).map_err(|error| Error::field(name, error.to_string()))
}
