//! `mediavault admin`: what an operator does at the machine itself, without an account. Whoever can
//! read the data directory can do all of this anyway.

mod audit;
mod jobs;
mod people;
mod roles;

use blobs::MasterKey;
use clap::Subcommand;

use crate::cli::{Ended, Failure};
use crate::commands::open;
use crate::config::{Flags, parse_size};
use crate::output;
use crate::wiring;

/// Look after accounts and jobs, and rescue people who are locked out, at the machine itself
///
/// These open the data directory: stop the vault first (recovery-key works beside it).
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List the accounts
    ListUsers {
        /// Print JSON
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        flags: Flags,
    },
    /// Make an account; prints its password
    CreateUser {
        /// E-mail address
        email: String,
        /// Name to show
        #[arg(long)]
        name: Option<String>,
        /// Role, may be repeated
        #[arg(long, default_value = "user")]
        role: Vec<String>,
        /// Print JSON
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        flags: Flags,
    },
    /// Invite somebody to make an account; prints the link
    CreateInvitation {
        /// The only address that can accept it; without, whoever has the link
        #[arg(long)]
        email: Option<String>,
        /// Role of the account, may be repeated
        #[arg(long, default_value = "user")]
        role: Vec<String>,
        /// Space of the account, or none for no limit [default: the setting default_quota]
        #[arg(long, value_name = "SIZE", value_parser = quota)]
        quota: Option<Quota>,
        /// Days until it expires
        #[arg(long)]
        days: Option<u32>,
        /// In whose name: the e-mail address of somebody who may manage users
        #[arg(long, value_name = "EMAIL")]
        by: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        flags: Flags,
    },
    /// Give an account these roles and no others
    SetRole {
        /// E-mail address
        email: String,
        /// Roles
        #[arg(required = true)]
        role: Vec<String>,
        /// Print JSON
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        flags: Flags,
    },
    /// Say how much an account may own
    SetQuota {
        /// E-mail address
        email: String,
        /// Such as 50 GB, or none for no limit
        #[arg(value_parser = quota)]
        quota: Quota,
        /// Print JSON
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        flags: Flags,
    },
    /// Keep an account from signing in, and end its sessions; its media stay
    DisableUser {
        /// E-mail address
        email: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        flags: Flags,
    },
    /// Let a disabled account sign in again
    EnableUser {
        /// E-mail address
        email: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        flags: Flags,
    },
    /// Put the built-in roles back to what they came with; roles of your own and who holds what stay
    RestoreRoles {
        /// Print JSON
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        flags: Flags,
    },
    /// Keep jobs from beginning for a while
    PauseJobs {
        /// A kind of job; without, all
        #[arg(long)]
        kind: Option<String>,
        /// How long, at most a day
        #[arg(long, default_value_t = 3600)]
        seconds: u32,
        /// Print JSON
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        flags: Flags,
    },
    /// End a pause
    ResumeJobs {
        /// A kind of job; without, the pause of all kinds
        #[arg(long)]
        kind: Option<String>,
        #[command(flatten)]
        flags: Flags,
    },
    /// Read the audit log again and tell the first entry that was altered, removed or inserted
    VerifyAudit {
        /// Print JSON
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        flags: Flags,
    },
    /// Give an account a new password and end its sessions; prints the password
    ResetPassword {
        /// E-mail address
        email: String,
        #[command(flatten)]
        flags: Flags,
    },
    /// Make a fresh code for the first account; prints it
    SetupCode {
        #[command(flatten)]
        flags: Flags,
    },
    /// Print the recovery key: keep it outside of this machine
    RecoveryKey {
        #[command(flatten)]
        flags: Flags,
    },
}

/// How much an account may own; `None`: no limit.
#[derive(Debug, Clone, Copy)]
struct Quota(Option<u64>);

fn quota(word: &str) -> Result<Quota, String> {
    match word {
        "none" => Ok(Quota(None)),
        size => parse_size(size).map(|bytes| Quota(Some(bytes))),
    }
}

pub async fn run(args: Args) -> Result<Ended, Failure> {
    match args.action {
        Action::ListUsers { json, flags } => people::list(&flags, json).await,
        Action::CreateUser {
            email,
            name,
            role,
            json,
            flags,
        } => people::create(&flags, json, email, name, role).await,
        Action::CreateInvitation {
            email,
            role,
            quota,
            days,
            by,
            json,
            flags,
        } => {
            let wish = identity::NewInvitation {
                email,
                roles: Some(role),
                quota: quota.map(|Quota(bytes)| bytes),
                expires_in_days: days,
            };
            people::invite(&flags, json, &by, wish).await
        }
        Action::SetRole {
            email,
            role,
            json,
            flags,
        } => {
            let edit = identity::PersonEdit {
                roles: Some(role),
                ..identity::PersonEdit::default()
            };
            people::change(&flags, json, &email, edit).await
        }
        Action::SetQuota {
            email,
            quota: Quota(bytes),
            json,
            flags,
        } => {
            let edit = identity::PersonEdit {
                quota: Some(bytes),
                ..identity::PersonEdit::default()
            };
            people::change(&flags, json, &email, edit).await
        }
        Action::DisableUser { email, json, flags } => {
            people::enable(&flags, json, &email, false).await
        }
        Action::EnableUser { email, json, flags } => {
            people::enable(&flags, json, &email, true).await
        }
        Action::RestoreRoles { json, flags } => roles::restore(&flags, json).await,
        Action::PauseJobs {
            kind,
            seconds,
            json,
            flags,
        } => jobs::pause(&flags, json, kind.as_deref(), seconds).await,
        Action::ResumeJobs { kind, flags } => jobs::resume(&flags, kind.as_deref()).await,
        Action::VerifyAudit { json, flags } => audit::verify(&flags, json).await,
        Action::ResetPassword { email, flags } => reset_password(&flags, &email).await,
        Action::SetupCode { flags } => setup_code(&flags).await,
        Action::RecoveryKey { flags } => recovery_key(&flags),
    }
}

async fn reset_password(flags: &Flags, email: &str) -> Result<Ended, Failure> {
    let opened = open(flags).await?;
    let reset = opened
        .identity
        .reset_password(email)
        .await
        .map_err(anyhow::Error::from);
    opened.close().await;
    let Some(password) = reset? else {
        return Err(Failure::Usage(format!(
            "nobody has the e-mail address {email}"
        )));
    };
    eprintln!("All sessions of {email} have ended. The new password:");
    output::line(&password)?;
    Ok(Ended::Done)
}

async fn setup_code(flags: &Flags) -> Result<Ended, Failure> {
    let opened = open(flags).await?;
    let made = opened
        .identity
        .setup_code(None)
        .await
        .map_err(anyhow::Error::from);
    opened.close().await;
    let Some(code) = made? else {
        return Err(Failure::Usage(
            "there are accounts already; see create-user and reset-password".to_owned(),
        ));
    };
    eprintln!("The next start of the vault replaces this code:");
    output::line(&code)?;
    Ok(Ended::Done)
}

/// Only reads one file, so it works while the vault runs.
fn recovery_key(flags: &Flags) -> Result<Ended, Failure> {
    let (config, _) = flags.load()?;
    if config.master_key.is_some() {
        return Err(Failure::Usage(
            "the key is the setting master_key: keep that one".to_owned(),
        ));
    }
    let path = wiring::master_key_path(&config);
    let Some(key) = MasterKey::load(&path).map_err(anyhow::Error::from)? else {
        let words = format!(
            "{} is not there: the vault was never started on this data directory",
            path.display()
        );
        return Err(Failure::Unavailable(words));
    };
    eprintln!(
        "The recovery key of {}. Whoever has it can read what is stored there:",
        config.data_dir.display()
    );
    output::line(&key.recovery_text())?;
    Ok(Ended::Done)
}
