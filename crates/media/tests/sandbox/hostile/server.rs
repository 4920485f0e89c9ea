//! Servers for tests that need one in a process of its own.

use std::process::ExitCode;

use domain::MediaType;
use media::{Config, Outcome, Problem, Spool, Workshop, steps};

pub fn run<F: Future<Output = ()>>(server: fn() -> F) -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime can be had");
    runtime.block_on(server());
    ExitCode::SUCCESS
}

/// Prints the zygote's process id, then runs a job until killed.
pub async fn serve() {
    let workshop = workshop().await;
    println!("{}", workshop.zygote_pid().expect("there is a zygote"));
    let ended = job(&workshop, "sleep").await;
    eprintln!("a job without end ended: {ended:?}");
}

/// Prints what is open and who is there, before and after two hundred jobs.
pub async fn count() {
    let workshop = workshop().await;
    println!("{}", census(&workshop).await);
    for number in 0..200 {
        let command = match number % 4 {
            0 => "segfault",
            1 => "lie about the size",
            _ => "be honest",
        };
        let went_well = job(&workshop, command).await.is_ok();
        assert_eq!(went_well, command == "be honest");
    }
    println!("{}", census(&workshop).await);
}

async fn workshop() -> Workshop {
    let exe = "/proc/self/exe".into();
    let workshop = Workshop::start(Config::default(), exe, Vec::new()).await;
    workshop.expect("the workshop starts")
}

async fn job(workshop: &Workshop, command: &str) -> Result<Outcome, Problem> {
    let spool = Spool::new("/nowhere".into(), 0);
    let size = command.len() as u64;
    let mut input = spool.begin(size).await.expect("a few bytes can be had");
    input.write(command.as_bytes()).expect("they are given");
    let input = input.seal().expect("they were given");
    let seat = workshop.admit(1 << 30).await.expect("there is room");
    let task = steps::picture_task(MediaType::Jpeg, &Config::default());
    workshop.run(seat, task, input).await
}

/// Our descriptors, those of a child (whose numbers rise with what leaks in the zygote), and the
/// zygote's children, dead or alive.
async fn census(workshop: &Workshop) -> String {
    let outcome = job(workshop, "list descriptors").await;
    let theirs = outcome
        .expect("descriptors can be listed")
        .report
        .facts
        .keywords;
    let ours = entries("/proc/self/fd").count();
    let zygote = workshop
        .zygote_pid()
        .expect("there is a zygote")
        .to_string();
    let is_child = |pid: &String| {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        let after_name = stat.rsplit_once(") ").map_or("", |(_, fields)| fields);
        after_name.split(' ').nth(1) == Some(zygote.as_str())
    };
    let children = entries("/proc").filter(is_child).count();
    format!("ours {ours}, theirs {theirs:?}, children {children}")
}

fn entries(dir: &str) -> impl Iterator<Item = String> {
    let entries = std::fs::read_dir(dir).expect("proc can be read");
    entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok())
}
