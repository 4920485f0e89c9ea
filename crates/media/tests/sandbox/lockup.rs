//! What a decoder that was taken over can reach: nothing.

use media::{ProblemCode, SandboxPolicy};

use crate::villain::{Villain, children_of, small, start};

#[tokio::test]
async fn every_way_out_is_closed() {
    let villain = Villain::new(small()).await;
    let level = villain.workshop.state().level;
    if !level.seccomp {
        println!("this kernel has {level}: nothing to hold");
        return;
    }
    let answers = villain.ask("probe").await;
    let expected = [
        "open=EACCES",
        "write=EACCES",
        "stat=ENOSYS",
        "socket=EACCES",
        "exec=EACCES",
        "fork=ENOSYS",
        "clone3=ENOSYS",
        "kill parent=EACCES",
        "kill all=EACCES",
        "tgkill parent=ENOSYS",
        "ptrace=EACCES",
        "mount=EACCES",
        "unshare=ENOSYS",
        "setrlimit=ENOSYS",
        "setuid=ENOSYS",
        "executable memory=ENOSYS",
        "io_uring=ENOSYS",
        "bpf=ENOSYS",
        "keyctl=ENOSYS",
        "owner of signals=ENOSYS",
        "dumpable=ENOSYS",
        "process_vm_readv=ENOSYS",
    ];
    assert_eq!(answers, expected);
}

#[tokio::test]
async fn a_child_has_its_own_descriptors_and_no_others() {
    let villain = Villain::new(small()).await;
    let sleeping = villain.run("sleep");
    let asked = async {
        crate::villain::until("a child sleeps", || {
            !children_of(villain.zygote()).is_empty()
        })
        .await;
        villain.ask("list descriptors").await
    };
    let answer = tokio::select! {
        _ = sleeping => panic!("a sleeper woke"),
        answer = asked => answer,
    };
    // Standard ones, input, answer: neither control socket nor line, nor the sleeper's.
    assert_eq!(answer.len(), 5, "{answer:?}");
}

#[tokio::test]
async fn threads_can_be_used_within_the_memory() {
    let villain = Villain::new(small()).await;
    assert_eq!(villain.ask("use threads").await, ["30"]);
    // 128 MiB hold sixty stacks of 2 MiB at most.
    let answer = villain.ask("hoard in threads").await;
    let threads: u32 = answer[0].parse().unwrap();
    assert!((1..64).contains(&threads), "{threads}");
}

#[tokio::test]
async fn a_zygote_with_threads_refuses_to_serve() {
    let error = start(small(), &["threaded"]).await.unwrap_err();
    assert!(
        error.to_string().contains("ended before it was ready"),
        "{error}"
    );
}

#[tokio::test]
async fn a_required_sandbox_is_had_or_refused() {
    let config = media::Config {
        sandbox: SandboxPolicy::Require,
        ..small()
    };
    match start(config, &[]).await {
        Ok(workshop) => assert!(workshop.state().level.is_full()),
        Err(error) => assert!(error.to_string().contains("requires"), "{error}"),
    }
}

#[tokio::test]
async fn a_task_with_too_many_pictures_is_not_begun() {
    let villain = Villain::new(small()).await;
    let seat = villain.workshop.admit(1).await.unwrap();
    let input = media::Spool::new("/nowhere".into(), 0)
        .begin(0)
        .await
        .unwrap();
    let mut task = media::steps::picture_task(domain::MediaType::Jpeg, &villain.config);
    task.renditions = vec![task.renditions[0].clone(); 9];
    let refused = villain
        .workshop
        .run(seat, task, input.seal().unwrap())
        .await;
    assert_eq!(refused.unwrap_err().code, ProblemCode::Unavailable);
}
