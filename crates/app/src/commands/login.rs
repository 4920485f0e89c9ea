//! `mediavault login`

use std::io::{BufRead as _, IsTerminal as _, Write as _};

use reqwest::Method;
use serde_json::json;

use crate::cli::{Ended, Failure};
use crate::client::{Client, ClientError, Credentials, KeyMade, Session, User};

/// What the stored key may do: what the commands need, and no more.
const SCOPES: &[&str] = &["assets:read", "assets:write", "collections:manage"];

/// Sign in to a vault, and keep a key for the other commands
///
/// Asks for e-mail and password, makes an API key with them, and stores that key where only you
/// can read it. The password is not kept. The key shows up (and can be revoked) in your account.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Address of the vault
    #[arg(default_value = "http://localhost:8080")]
    url: String,
    /// Your e-mail address [default: asks]
    #[arg(long)]
    email: Option<String>,
    /// Use this API key instead of making one
    #[arg(
        long,
        env = "MEDIAVAULT_KEY",
        hide_env_values = true,
        conflicts_with = "email"
    )]
    key: Option<String>,
    /// Name of the new key in your account
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
}

pub async fn run(args: Args) -> Result<Ended, Failure> {
    let client = Client::new(&args.url, None)?;
    let key = match &args.key {
        Some(key) => key.clone(),
        None => key_by_password(&client, &args).await?,
    };
    // Also proves that the key works.
    let user: User = client.with_token(key.clone()).get("/me", &[]).await?;
    let path = Credentials::path()?;
    let credentials = Credentials {
        url: client.address().to_owned(),
        email: user.email,
        key,
    };
    credentials.save(&path)?;
    eprintln!(
        "Signed in to {} as {}. The key is in {}.",
        credentials.url,
        credentials.email,
        path.display()
    );
    Ok(Ended::Done)
}

async fn key_by_password(client: &Client, args: &Args) -> Result<String, Failure> {
    let email = match &args.email {
        Some(email) => email.clone(),
        None => ask("E-mail: ")?,
    };
    let password = ask_secret("Password: ")?;
    let body = json!({"email": email, "password": password, "session": "token"});
    let session: Session = client.post("/auth/login", &body).await?;
    let client = client.with_token(session.access_token);
    let name = args
        .name
        .clone()
        .unwrap_or_else(|| format!("Command line on {}", host_name()));
    let made: KeyMade = client
        .post("/me/keys", &json!({"name": name, "scopes": SCOPES}))
        .await?;
    // The session has served; if it cannot be ended it ends by itself.
    if let Err(error) = client
        .send(client.request(Method::POST, "/auth/logout"))
        .await
    {
        eprintln!("note: the sign-in session could not be ended early: {error}");
    }
    tracing::debug!(user = session.user.email, "made a key");
    Ok(made.key)
}

fn ask(prompt: &str) -> Result<String, Failure> {
    let terminal = std::io::stdin().is_terminal();
    if terminal {
        eprint!("{prompt}");
        std::io::stderr().flush()?;
    }
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    let answer = line.trim_end_matches(['\r', '\n']);
    if answer.is_empty() {
        return Err(ClientError::Usage(format!("{prompt}nothing was entered")).into());
    }
    Ok(answer.to_owned())
}

/// From the terminal without showing it, else from the environment or standard input.
fn ask_secret(prompt: &str) -> Result<String, Failure> {
    if let Ok(password) = std::env::var("MEDIAVAULT_PASSWORD") {
        return Ok(password);
    }
    if std::io::stdin().is_terminal() {
        return Ok(rpassword::prompt_password(prompt)?);
    }
    ask(prompt)
}

fn host_name() -> String {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let name = name.trim();
    if name.is_empty() {
        "this machine".to_owned()
    } else {
        name.to_owned()
    }
}
