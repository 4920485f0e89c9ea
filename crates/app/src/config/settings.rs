//! The table of all settings. What is here exists in the file, in the environment and as a flag;
//! what is not here does not exist.

use std::fmt::Display;
use std::str::FromStr;

use super::assemble::Config;
use super::size;
use super::value::Secret;

/// One setting.
#[derive(Debug)]
pub struct Setting {
    /// Its one name.
    pub name: &'static str,
    /// Placeholder for its value in help texts.
    pub value: &'static str,
    /// What it decides, and its default.
    pub help: &'static str,
    /// Never shown.
    pub secret: bool,
    /// Puts a value into the configuration; an error says what the value must be.
    pub apply: fn(&mut Config, &str) -> Result<(), String>,
    /// The value in force, as it would be written.
    pub show: fn(&Config) -> String,
}

impl PartialEq for Setting {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

/// The setting with this name.
pub fn named(name: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.name == name)
}

/// The setting that was probably meant by a name that does not exist.
pub fn closest(name: &str) -> Option<&'static str> {
    SETTINGS
        .iter()
        .map(|setting| (distance(name, setting.name), setting.name))
        .filter(|(distance, meant)| *distance <= 2.max(meant.len() / 3))
        .min()
        .map(|(_, meant)| meant)
}

/// Levenshtein's distance between two short ASCII names.
pub fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.bytes().enumerate() {
            let change = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

/// A setting whose value is read by `FromStr` and written by `Display`.
macro_rules! plain {
    ($name:literal, $value:literal, $($field:ident).+, $help:literal) => {
        Setting {
            name: $name,
            value: $value,
            help: $help,
            secret: false,
            apply: |config, text| parse(text).map(|value| config.$($field).+ = value),
            show: |config| config.$($field).+.to_string(),
        }
    };
}

/// A setting in bytes.
macro_rules! bytes {
    ($name:literal, $($field:ident).+, $help:literal) => {
        Setting {
            name: $name,
            value: "SIZE",
            help: $help,
            secret: false,
            apply: |config, text| bytes(text).map(|value| config.$($field).+ = value),
            show: |config| shown_bytes(config.$($field).+),
        }
    };
}

/// A setting that may be absent and is never shown.
macro_rules! secret {
    ($name:literal, $value:literal, $field:ident, $help:literal) => {
        Setting {
            name: $name,
            value: $value,
            help: $help,
            secret: true,
            apply: |config, text| {
                config.$field = Some(Secret::new(text));
                Ok(())
            },
            show: |config| shown(config.$field.as_ref()),
        }
    };
}

/// A rate, or `off`.
macro_rules! rate {
    ($name:literal, $field:ident, $help:literal) => {
        Setting {
            name: $name,
            value: "RATE",
            help: $help,
            secret: false,
            apply: |config, text| {
                let rule = server::Rule::parse(text).map_err(|error| error.to_string())?;
                config.server.$field = rule;
                Ok(())
            },
            show: |config| server::Rule::show(config.server.$field),
        }
    };
}

/// Every setting, in the order in which people meet them.
pub const SETTINGS: &[Setting] = &[
    plain!(
        "listen",
        "ADDRESS",
        listen,
        "Address and port to listen on [default: 127.0.0.1:8080]"
    ),
    Setting {
        name: "data_dir",
        value: "DIR",
        help: "Everything the vault keeps on this machine [default: mediavault in the user's data folder]",
        secret: false,
        apply: |config, text| {
            config.data_dir = text.into();
            if text.is_empty() {
                Err("must not be empty".to_owned())
            } else {
                Ok(())
            }
        },
        show: |config| config.data_dir.display().to_string(),
    },
    Setting {
        name: "public_url",
        value: "URL",
        help: "Where people reach the vault [default: http://localhost and the port of listen]",
        secret: false,
        apply: |config, text| {
            config.server.public_url = Some(text.trim_end_matches('/').to_owned());
            Ok(())
        },
        show: Config::public_url,
    },
    secret!(
        "database_url",
        "URL",
        database_url,
        "postgres://… [default: SQLite in data_dir]"
    ),
    Setting {
        name: "store_url",
        value: "URL",
        help: "Where bytes are kept: a folder, s3://bucket/prefix, or memory: for trying things out [default: a folder in data_dir]",
        secret: false,
        apply: |config, text| {
            config.store_url = Some(text.to_owned());
            Ok(())
        },
        show: |config| config.store_url.clone().unwrap_or_default(),
    },
    Setting {
        name: "s3_endpoint",
        value: "URL",
        help: "https://… of a store that speaks S3 and is not AWS [default: AWS in s3_region]",
        secret: false,
        apply: |config, text| endpoint(text).map(|url| config.s3.endpoint = url),
        show: |config| config.s3.endpoint.clone().unwrap_or_default(),
    },
    plain!(
        "s3_region",
        "REGION",
        s3.region,
        "Region of the bucket; stores that are not AWS usually take any [default: us-east-1]"
    ),
    secret!(
        "s3_access_key_id",
        "KEY",
        s3_access_key_id,
        "Id of the access key for the bucket [default: the machine's role at AWS]"
    ),
    secret!(
        "s3_secret_access_key",
        "SECRET",
        s3_secret_access_key,
        "The secret that belongs to s3_access_key_id"
    ),
    Setting {
        name: "s3_path_style",
        value: "on|off",
        help: "Name the bucket in the path and not in the host [default: on with s3_endpoint, else off]",
        secret: false,
        apply: |config, text| {
            config.s3_path_style = Some(match text {
                "on" | "true" => true,
                "off" | "false" => false,
                _ => return Err("must be on or off".to_owned()),
            });
            Ok(())
        },
        show: |config| {
            let on = config.s3_path_style.unwrap_or(config.s3.endpoint.is_some());
            if on { "on" } else { "off" }.to_owned()
        },
    },
    Setting {
        name: "s3_timeout_seconds",
        value: "SECONDS",
        help: "Longest silence of the bucket in answer to a small request [default: 10]",
        secret: false,
        apply: |config, text| {
            let seconds: u32 = parse(text)?;
            if !(1..=300).contains(&seconds) {
                return Err("must be 1 to 300".to_owned());
            }
            config.s3.timeout = std::time::Duration::from_secs(seconds.into());
            Ok(())
        },
        show: |config| config.s3.timeout.as_secs().to_string(),
    },
    bytes!(
        "s3_memory",
        s3.part_memory,
        "Memory for parts of large files on their way to the bucket [default: 256 MiB]"
    ),
    Setting {
        name: "replica_url",
        value: "URL",
        help: "Where a second copy of every byte is kept: a folder on another disk, or s3://bucket/prefix [default: nowhere]",
        secret: false,
        apply: |config, text| {
            config.replica_url = Some(text.to_owned()).filter(|url| !url.is_empty());
            Ok(())
        },
        show: |config| config.replica_url.clone().unwrap_or_default(),
    },
    bytes!(
        "replica_rate",
        service.replica_rate,
        "Bytes a second that are copied there at most; 0 is as fast as it goes [default: 64 MiB]"
    ),
    plain!(
        "scrub_days",
        "DAYS",
        service.scrub_days,
        "Days in which every copy is read again once; 0 is only when asked for [default: 30]"
    ),
    bytes!(
        "scrub_rate",
        service.scrub_rate,
        "Bytes a second that are read for that at most; 0 is as fast as it goes [default: 16 MiB]"
    ),
    plain!(
        "scrub_hours",
        "HOURS",
        service.scrub_hours,
        "Hours of the day, in UTC, in which that is done, such as 22-6 [default: 0-24]"
    ),
    plain!(
        "encryption",
        "on|off",
        encryption,
        "Encrypt stored bytes with the vault's own keys [default: on]"
    ),
    secret!(
        "master_key",
        "KEY",
        master_key,
        "The recovery key that wraps all others [default: kept in data_dir]"
    ),
    Setting {
        name: "registration",
        value: "invite|open|closed",
        help: "Who may make an account once the first one exists [default: invite]",
        secret: false,
        apply: |config, text| {
            use identity::Registration;
            let choices = [
                Registration::Invite,
                Registration::Open,
                Registration::Closed,
            ];
            let chosen = choices.into_iter().find(|choice| choice.as_str() == text);
            config.identity.registration = chosen.ok_or("must be invite, open or closed")?;
            Ok(())
        },
        show: |config| config.identity.registration.as_str().to_owned(),
    },
    secret!(
        "setup_code",
        "CODE",
        setup_code,
        "Code for making the first account [default: a fresh one, printed at start]"
    ),
    bytes!(
        "max_upload_size",
        service.max_upload_size,
        "Largest file that is accepted [default: 64 GiB]"
    ),
    Setting {
        name: "allowed_types",
        value: "TYPES",
        help: "Accepted types, such as image/*,video/mp4; empty accepts all [default: empty]",
        secret: false,
        apply: |config, text| {
            config.service.allowed_types = list(text);
            Ok(())
        },
        show: |config| config.service.allowed_types.join(","),
    },
    Setting {
        name: "type_mismatch",
        value: "record|refuse",
        help: "What to do with content that belies its name [default: record]",
        secret: false,
        apply: |config, text| {
            use service::config::MismatchPolicy;
            config.service.type_mismatch = match text {
                "record" => MismatchPolicy::Record,
                "refuse" => MismatchPolicy::Refuse,
                _ => return Err("must be record or refuse".to_owned()),
            };
            Ok(())
        },
        show: |config| format!("{:?}", config.service.type_mismatch).to_lowercase(),
    },
    bytes!(
        "default_quota",
        identity.default_quota,
        "Space of a new account; 0 is without limit [default: 0]"
    ),
    bytes!(
        "min_free_space",
        service.min_free_space,
        "Space that uploads must leave free on the disk [default: 256 MiB]"
    ),
    bytes!(
        "picture_cache",
        service.picture_cache,
        "Memory for pictures that were asked for lately [default: 32 MiB]"
    ),
    plain!(
        "trash_days",
        "DAYS",
        service.trash_days,
        "Days before trashed files are deleted for good [default: 30]"
    ),
    plain!(
        "audit_days",
        "DAYS",
        service.audit_days,
        "Days entries of the audit log are kept; 0 is for ever [default: 0]"
    ),
    plain!(
        "unfinished_upload_seconds",
        "SECONDS",
        service.unfinished_upload_seconds,
        "Seconds after which a resumable upload that nothing arrives for is given up [default: 259200]"
    ),
    plain!(
        "max_open_uploads",
        "COUNT",
        service.max_open_uploads,
        "Resumable uploads one account may have under way [default: 200]"
    ),
    Setting {
        name: "external_roots",
        value: "DIRS",
        help: "Folders below which others may be attached that stay where they are [default: none]",
        secret: false,
        apply: |config, text| {
            config.service.external_roots = list(text);
            Ok(())
        },
        show: |config| config.service.external_roots.join(","),
    },
    plain!(
        "external_scan_minutes",
        "MINUTES",
        service.external_scan_minutes,
        "Time between two looks through such a folder; 0 is only when asked for [default: 60]"
    ),
    plain!(
        "workers",
        "COUNT",
        service.workers,
        "Files worked on at the same time; 0 is one a core [default: 0]"
    ),
    plain!(
        "lease_seconds",
        "SECONDS",
        service.lease_seconds,
        "Silence after which a job is given to another worker [default: 60]"
    ),
    plain!(
        "drain_seconds",
        "SECONDS",
        service.drain_seconds,
        "Time that running jobs get when the vault stops [default: 20]"
    ),
    plain!(
        "max_attempts",
        "COUNT",
        service.max_attempts,
        "Times a job is tried before it is put aside [default: 5]"
    ),
    Setting {
        name: "memory_budget",
        value: "SIZE",
        help: "Memory that all decoders may take together [default: a quarter of the machine's, at most 2 GiB]",
        secret: false,
        apply: |config, text| {
            size::parse(text).map(|value| config.media.memory_budget = Some(value))
        },
        show: |config| size::show(config.media.memory_budget()),
    },
    bytes!(
        "max_memory",
        media.max_memory,
        "Memory that one decoder may take [default: 1 GiB]"
    ),
    plain!(
        "max_pixels",
        "COUNT",
        media.max_pixels,
        "Pixels of a picture that is decoded [default: 200000000]"
    ),
    plain!(
        "max_cpu_seconds",
        "SECONDS",
        media.max_cpu_seconds,
        "Processor time of one decoder [default: 30]"
    ),
    plain!(
        "max_wall_seconds",
        "SECONDS",
        media.max_wall_seconds,
        "Time of one decoder from start to end [default: 60]"
    ),
    bytes!(
        "max_output",
        media.max_output,
        "Largest picture a decoder may make [default: 16 MiB]"
    ),
    bytes!(
        "spool_budget",
        media.spool_budget,
        "Disk for files that are too large to be decoded from memory [default: 8 GiB]"
    ),
    plain!(
        "max_waiting",
        "COUNT",
        media.max_waiting,
        "Files that may wait for a decoder's memory [default: 256]"
    ),
    Setting {
        name: "sandbox",
        value: "auto|require",
        help: "Where the kernel cannot lock decoders in: decode all the same, or not at all [default: auto]",
        secret: false,
        apply: |config, text| {
            use media::SandboxPolicy;
            config.media.sandbox = match text {
                "auto" => SandboxPolicy::BestEffort,
                "require" => SandboxPolicy::Require,
                _ => return Err("must be auto or require".to_owned()),
            };
            Ok(())
        },
        show: |config| match config.media.sandbox {
            media::SandboxPolicy::BestEffort => "auto".to_owned(),
            media::SandboxPolicy::Require => "require".to_owned(),
        },
    },
    Setting {
        name: "trusted_proxies",
        value: "NETWORKS",
        help: "Proxies whose X-Forwarded-For is believed, such as 10.0.0.0/8,::1/128 [default: none]",
        secret: false,
        apply: |config, text| {
            let networks = list(text)
                .into_iter()
                .map(|network| network.parse().map_err(|_| network));
            let networks: Result<Vec<_>, String> = networks.collect();
            let wrong = |network| format!("{network} is not a network such as 10.0.0.0/8");
            config.server.trusted_proxies = networks.map_err(wrong)?;
            Ok(())
        },
        show: |config| {
            let networks = config
                .server
                .trusted_proxies
                .iter()
                .map(ToString::to_string);
            networks.collect::<Vec<_>>().join(",")
        },
    },
    rate!(
        "rate_limit",
        rate_limit,
        "API calls of an address without an account; off takes the other rates away too [default: 100/min]"
    ),
    rate!(
        "user_rate_limit",
        user_rate_limit,
        "API calls of an account [default: 30000/min]"
    ),
    rate!(
        "key_rate_limit",
        key_rate_limit,
        "API calls of an API key [default: 30000/min]"
    ),
    plain!(
        "max_transfers_per_user",
        "COUNT",
        server.max_transfers_per_user,
        "Uploads, downloads and pictures on their way at the same time for one account or key [default: 1024]"
    ),
    plain!(
        "max_transfers_per_address",
        "COUNT",
        server.max_transfers_per_address,
        "The same for an address without an account, and files of the page [default: 256]"
    ),
    plain!(
        "max_connections",
        "COUNT",
        server.max_connections,
        "Connections served at the same time [default: 4096]"
    ),
    plain!(
        "max_connections_per_address",
        "COUNT",
        server.max_connections_per_address,
        "Connections of one address, trusted proxies and this machine apart [default: 512]"
    ),
    plain!(
        "max_streams",
        "COUNT",
        server.max_streams,
        "HTTP/2 requests under way on one connection [default: 256]"
    ),
    bytes!(
        "max_url_bytes",
        server.max_url_bytes,
        "Longest path with its query [default: 32 KiB]"
    ),
    plain!(
        "max_headers",
        "COUNT",
        server.max_headers,
        "Most headers of a request [default: 100]"
    ),
    bytes!(
        "max_header_bytes",
        server.max_header_bytes,
        "All headers of a request together [default: 64 KiB]"
    ),
    bytes!(
        "max_json_bytes",
        server.max_json_bytes,
        "Largest JSON body [default: 1 MiB]"
    ),
    plain!(
        "header_seconds",
        "SECONDS",
        server.header_seconds,
        "Time to send a request's headers [default: 15]"
    ),
    plain!(
        "min_body_rate",
        "BYTES",
        server.min_body_rate,
        "Bytes a second that must arrive of a request body on average [default: 128]"
    ),
    plain!(
        "idle_seconds",
        "SECONDS",
        server.idle_seconds,
        "Time a request body may stand still, and a connection may be idle [default: 60]"
    ),
    plain!(
        "access_seconds",
        "SECONDS",
        identity.access_seconds,
        "Life of an access token [default: 900]"
    ),
    plain!(
        "idle_days",
        "DAYS",
        identity.idle_days,
        "Days after which an unused session ends [default: 30]"
    ),
    plain!(
        "session_days",
        "DAYS",
        identity.session_days,
        "Days after which every session ends [default: 365]"
    ),
    plain!(
        "account_failures",
        "COUNT",
        identity.account_failures,
        "Failed sign-ins of one account before it has to wait [default: 10]"
    ),
    plain!(
        "address_failures",
        "COUNT",
        identity.address_failures,
        "Failed sign-ins from one address before it has to wait [default: 30]"
    ),
    plain!(
        "failure_window_seconds",
        "SECONDS",
        identity.failure_window_seconds,
        "Time in which failed sign-ins count [default: 900]"
    ),
    plain!(
        "password_memory_kib",
        "KIB",
        identity.password_memory_kib,
        "Memory of one password hash (Argon2id) [default: 19456]"
    ),
    plain!(
        "password_passes",
        "COUNT",
        identity.password_passes,
        "Passes of one password hash (Argon2id) [default: 2]"
    ),
    plain!(
        "password_parallel",
        "COUNT",
        identity.password_parallel,
        "Passwords hashed at the same time [default: 4]"
    ),
    plain!(
        "log",
        "FILTER",
        log,
        "Least severe level that is logged, or a filter such as info,service=debug [default: info]"
    ),
    plain!(
        "log_format",
        "text|json",
        log_format,
        "How the log is written [default: text]"
    ),
];

fn parse<T: FromStr<Err: Display>>(text: &str) -> Result<T, String> {
    text.trim()
        .parse()
        .map_err(|error: T::Err| format!("{error}"))
}

fn bytes<T: TryFrom<u64>>(text: &str) -> Result<T, String> {
    T::try_from(size::parse(text)?).map_err(|_| "is more than this machine can count".to_owned())
}

fn shown_bytes(value: impl TryInto<u64>) -> String {
    value.try_into().map_or_else(|_| String::new(), size::show)
}

/// An address of a store; nothing is none.
fn endpoint(text: &str) -> Result<Option<String>, String> {
    let schemes = ["http://", "https://"];
    if text.is_empty() {
        Ok(None)
    } else if schemes.iter().any(|scheme| text.starts_with(scheme)) {
        Ok(Some(text.trim_end_matches('/').to_owned()))
    } else {
        Err("must begin with https:// or http://".to_owned())
    }
}

fn list(text: &str) -> Vec<String> {
    text.split([',', ' '])
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

fn shown(secret: Option<&Secret>) -> String {
    secret.map(|_| "(secret)".to_owned()).unwrap_or_default()
}
