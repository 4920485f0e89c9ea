//! `mediavault admin`: what an operator does at the machine itself, without an account. Whoever can
//! read the data directory can do all of this anyway.

use blobs::MasterKey;
use clap::Subcommand;
use domain::Role;

use crate::cli::{Ended, Failure};
use crate::commands::open;
use crate::config::Flags;
use crate::output::{self, Table};
use crate::wiring;

/// Rescue people who are locked out, at the machine itself
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
        #[arg(long, default_value = "user", value_parser = role)]
        role: Vec<Role>,
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

pub async fn run(args: Args) -> Result<Ended, Failure> {
    match args.action {
        Action::ListUsers { flags } => list_users(&flags).await,
        Action::CreateUser {
            email,
            name,
            role,
            flags,
        } => create_user(&flags, &email, name.as_deref(), role).await,
        Action::ResetPassword { email, flags } => reset_password(&flags, &email).await,
        Action::SetupCode { flags } => setup_code(&flags).await,
        Action::RecoveryKey { flags } => recovery_key(&flags),
    }
}

async fn list_users(flags: &Flags) -> Result<Ended, Failure> {
    let opened = open(flags).await?;
    let accounts = opened
        .identity
        .list_users()
        .await
        .map_err(anyhow::Error::from);
    opened.close().await;
    let mut table = Table::new(&["ID", "E-MAIL", "NAME", "ROLES", "MADE"]);
    for account in accounts? {
        let roles: Vec<&str> = account.roles.iter().map(|role| role.as_str()).collect();
        table.row([
            account.id.to_string(),
            account.email,
            account.name.unwrap_or_default(),
            roles.join(" "),
            account.created_at.to_string(),
        ]);
    }
    table.print()?;
    Ok(Ended::Done)
}

async fn create_user(
    flags: &Flags,
    email: &str,
    name: Option<&str>,
    roles: Vec<Role>,
) -> Result<Ended, Failure> {
    let opened = open(flags).await?;
    let made = opened
        .identity
        .create_user(email, name, roles)
        .await
        .map_err(anyhow::Error::from);
    opened.close().await;
    let (account, password) = made?;
    eprintln!("{} can sign in with this password:", account.email);
    output::line(&password)?;
    Ok(Ended::Done)
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

fn role(word: &str) -> Result<Role, String> {
    word.parse()
}
