//! Accounts and invitations, changed by the authority of the machine.

use identity::{Authority, NewInvitation, NewPerson, Person, PersonEdit};
use serde_json::{Value, json};

use crate::cli::{Ended, Failure};
use crate::commands::open;
use crate::config::Flags;
use crate::output::{self, Table};

pub async fn list(flags: &Flags, as_json: bool) -> Result<Ended, Failure> {
    let opened = open(flags).await?;
    let people = opened.identity.list_users().await;
    opened.close().await;
    let people = people.map_err(anyhow::Error::from)?;
    if as_json {
        let all: Vec<Value> = people.iter().map(shown).collect();
        output::line(&Value::from(all).to_string())?;
        return Ok(Ended::Done);
    }
    let mut table = Table::new(&[
        "ID", "E-MAIL", "NAME", "ROLES", "STATE", "USED", "QUOTA", "MADE",
    ]);
    for person in people {
        let account = person.account;
        table.row([
            account.id.to_string(),
            account.email,
            account.name.unwrap_or_default(),
            account.roles.join(" "),
            state(account.is_active).to_owned(),
            output::size(account.used),
            account.quota.map_or_else(String::new, output::size),
            account.created_at.to_string(),
        ]);
    }
    table.print()?;
    Ok(Ended::Done)
}

pub async fn create(
    flags: &Flags,
    as_json: bool,
    email: String,
    name: Option<String>,
    roles: Vec<String>,
) -> Result<Ended, Failure> {
    let wish = NewPerson {
        email,
        name,
        roles,
        ..NewPerson::default()
    };
    let opened = open(flags).await?;
    let made = opened.identity.make_person(Authority::Console, wish).await;
    opened.close().await;
    let (person, password) = made.map_err(anyhow::Error::from)?;
    let password = password.unwrap_or_default();
    if as_json {
        let mut told = shown(&person);
        told["password"] = json!(password);
        output::line(&told.to_string())?;
    } else {
        eprintln!("{} can sign in with this password:", person.account.email);
        output::line(&password)?;
    }
    Ok(Ended::Done)
}

pub async fn invite(
    flags: &Flags,
    as_json: bool,
    by: &str,
    wish: NewInvitation,
) -> Result<Ended, Failure> {
    let (config, _) = flags.load()?;
    let opened = open(flags).await?;
    let invited = match opened.identity.id_of(by).await {
        Ok(Some(inviter)) => {
            let invited = opened.identity.invite(Authority::Console, inviter, wish);
            invited.await.map(Some)
        }
        Ok(None) => Ok(None),
        Err(error) => Err(error),
    };
    opened.close().await;
    let Some((invitation, secret)) = invited.map_err(anyhow::Error::from)? else {
        return Err(nobody(by));
    };
    let url = format!("{}/join/{secret}", config.public_url());
    if as_json {
        let told = json!({
            "id": invitation.id,
            "email": invitation.email,
            "roles": invitation.roles,
            "quota": invitation.quota,
            "expires_at": invitation.expires_at,
            "url": url,
        });
        output::line(&told.to_string())?;
    } else {
        eprintln!(
            "Good until {}; it is shown only now:",
            invitation.expires_at
        );
        output::line(&url)?;
    }
    Ok(Ended::Done)
}

pub async fn enable(
    flags: &Flags,
    as_json: bool,
    email: &str,
    is_active: bool,
) -> Result<Ended, Failure> {
    let edit = PersonEdit {
        is_active: Some(is_active),
        ..PersonEdit::default()
    };
    change(flags, as_json, email, edit).await
}

pub async fn change(
    flags: &Flags,
    as_json: bool,
    email: &str,
    edit: PersonEdit,
) -> Result<Ended, Failure> {
    let opened = open(flags).await?;
    let changed = match opened.identity.id_of(email).await {
        Ok(Some(id)) => {
            let changed = opened.identity.change_person(Authority::Console, id, edit);
            changed.await
        }
        Ok(None) => Ok(None),
        Err(error) => Err(error),
    };
    opened.close().await;
    let Some(person) = changed.map_err(anyhow::Error::from)? else {
        return Err(nobody(email));
    };
    if as_json {
        output::line(&shown(&person).to_string())?;
    } else {
        let account = &person.account;
        let quota = account
            .quota
            .map_or_else(|| "no limit".to_owned(), output::size);
        let roles = account.roles.join(" ");
        let state = state(account.is_active);
        eprintln!("{email}: {state}, roles {roles}, quota {quota}");
    }
    Ok(Ended::Done)
}

fn nobody(email: &str) -> Failure {
    Failure::Usage(format!("nobody has the e-mail address {email}"))
}

const fn state(is_active: bool) -> &'static str {
    if is_active { "active" } else { "disabled" }
}

fn shown(person: &Person) -> Value {
    let account = &person.account;
    json!({
        "id": account.id,
        "email": account.email,
        "name": account.name,
        "roles": account.roles,
        "state": state(account.is_active),
        "used": account.used,
        "quota": account.quota,
        "assets": person.assets,
        "last_seen_at": person.seen_at,
        "created_at": account.created_at,
    })
}
