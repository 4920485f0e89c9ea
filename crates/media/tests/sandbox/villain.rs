//! A workshop whose decoder does as the input says.

use std::fs;
use std::time::Duration;

use domain::MediaType;
use media::{Config, Outcome, Problem, RenditionSpec, Spool, Task, Workshop, steps};

pub struct Villain {
    pub workshop: Workshop,
    pub config: Config,
}

/// Small limits, so that a test reaches them soon.
pub fn small() -> Config {
    Config {
        max_memory: 128 << 20,
        max_cpu_seconds: 1,
        max_wall_seconds: 10,
        max_output: 1 << 20,
        max_children: Some(4),
        ..Config::default()
    }
}

impl Villain {
    pub async fn new(config: Config) -> Self {
        let workshop = start(config.clone(), &[]).await.unwrap();
        Self { workshop, config }
    }

    /// Runs a job that asks for no pictures, with all the memory it may have.
    pub async fn run(&self, command: &str) -> Result<Outcome, Problem> {
        self.job(command, Vec::new(), self.all()).await
    }

    /// Runs a job that asks for the usual pictures, with all the memory it may have.
    pub async fn draw(&self, command: &str) -> Result<Outcome, Problem> {
        self.draw_within(command, self.all()).await
    }

    /// Runs a job that asks for the usual pictures on a seat of `cost` bytes.
    pub async fn draw_within(&self, command: &str, cost: u64) -> Result<Outcome, Problem> {
        self.job(command, steps::picture_renditions(), cost).await
    }

    /// The cost of a job with all the memory it may have, input included.
    fn all(&self) -> u64 {
        self.config.max_memory + (1 << 20)
    }

    /// What the child says in answer to a question.
    pub async fn ask(&self, command: &str) -> Vec<String> {
        let outcome = self.run(command).await.unwrap();
        outcome.report.facts.keywords
    }

    async fn job(
        &self,
        command: &str,
        renditions: Vec<RenditionSpec>,
        cost: u64,
    ) -> Result<Outcome, Problem> {
        let seat = self.workshop.admit(cost).await?;
        let spool = Spool::new("/nowhere".into(), 0);
        let mut input = spool.begin(command.len() as u64).await.unwrap();
        input.write(command.as_bytes()).unwrap();
        let task = Task {
            media_type: MediaType::Jpeg,
            renditions,
            limits: self.config.limits(),
        };
        self.workshop.run(seat, task, input.seal().unwrap()).await
    }

    pub fn zygote(&self) -> u32 {
        self.workshop.zygote_pid().unwrap()
    }
}

pub async fn start(config: Config, args: &[&str]) -> Result<Workshop, media::Error> {
    let exe = env!("CARGO_BIN_EXE_hostile-sandbox").into();
    Workshop::start(config, exe, args.iter().map(Into::into).collect()).await
}

/// Living children of a process.
pub fn children_of(parent: u32) -> Vec<u32> {
    let entries = fs::read_dir("/proc").unwrap().filter_map(Result::ok);
    entries
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter(|pid| stat(*pid).is_some_and(|(state, its)| its == parent && state != "Z"))
        .collect()
}

/// Whether a process lives. One that waits to be buried does not.
pub fn is_alive(pid: u32) -> bool {
    stat(pid).is_some_and(|(state, _)| state != "Z")
}

/// State and parent, by proc(5): they follow the name, which stands in brackets.
fn stat(pid: u32) -> Option<(String, u32)> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let mut fields = text.rsplit_once(") ")?.1.split(' ');
    Some((fields.next()?.to_owned(), fields.next()?.parse().ok()?))
}

/// Waits until something is so.
pub async fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let all = async {
        while !holds() {
            tokio::task::yield_now().await;
        }
    };
    let ended = tokio::time::timeout(Duration::from_secs(10), all).await;
    assert!(ended.is_ok(), "never came true: {what}");
}

pub fn signal(pid: u32, signal: rustix::process::Signal) {
    let pid = rustix::process::Pid::from_raw(pid.cast_signed()).unwrap();
    rustix::process::kill_process(pid, signal).unwrap();
}
