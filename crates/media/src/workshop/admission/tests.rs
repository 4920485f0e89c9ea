use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use proptest::prelude::{ProptestConfig, prop_assert, proptest};

use super::{Admission, UNIT};
use crate::ProblemCode;

const BUDGET: u64 = 100 * UNIT;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever is asked for and whenever it is given back, no more than the budget is ever out,
    /// and everybody gets a turn.
    #[test]
    fn the_budget_is_never_exceeded(costs in proptest::collection::vec((0..3 * BUDGET, 0..5_u8), 1..60)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let most = runtime.block_on(async {
            let admission = Arc::new(Admission::new(BUDGET, 100));
            let out = Arc::new(AtomicU64::new(0));
            let most = Arc::new(AtomicU64::new(0));
            let mut tasks = tokio::task::JoinSet::new();
            for (cost, turns) in costs {
                let (admission, out, most) = (admission.clone(), out.clone(), most.clone());
                tasks.spawn(async move {
                    let seat = admission.admit(cost).await.unwrap();
                    let cost = cost.min(BUDGET);
                    let now = out.fetch_add(cost, Ordering::SeqCst) + cost;
                    most.fetch_max(now, Ordering::SeqCst);
                    for _ in 0..turns {
                        tokio::task::yield_now().await;
                    }
                    out.fetch_sub(cost, Ordering::SeqCst);
                    drop(seat);
                });
            }
            while let Some(ended) = tasks.join_next().await {
                ended.unwrap();
            }
            assert_eq!((admission.taken(), admission.waiting()), (0, 0));
            most.load(Ordering::SeqCst)
        });
        prop_assert!(most <= BUDGET);
    }
}

#[tokio::test]
async fn too_many_are_turned_away_and_those_who_leave_make_room() {
    let admission = Arc::new(Admission::new(BUDGET, 1));
    let seat = admission.admit(BUDGET).await.unwrap();
    let waiter = tokio::spawn({
        let admission = Arc::clone(&admission);
        async move { admission.admit(1).await.map(drop) }
    });
    while admission.waiting() == 0 {
        tokio::task::yield_now().await;
    }
    let problem = admission.admit(1).await.unwrap_err();
    assert_eq!(problem.code, ProblemCode::Unavailable);
    waiter.abort();
    assert!(waiter.await.unwrap_err().is_cancelled());
    assert_eq!(admission.waiting(), 0);
    drop(seat);
    admission.admit(BUDGET).await.unwrap();
}

#[tokio::test]
async fn a_job_larger_than_everything_runs_alone() {
    let admission = Admission::new(BUDGET, 1);
    let seat = admission.admit(u64::MAX).await.unwrap();
    assert_eq!(admission.taken(), BUDGET);
    drop(seat);
    assert_eq!(admission.taken(), 0);
}
