//! Calls of 32-bit programs have other numbers: they are counted, and never told as what they are not.

use lanner_model::event::EventType;
use lanner_model::loss::LossCause;

use crate::watch::{skip, watch};

#[test]
fn a_32_bit_call_is_not_taken_for_the_call_of_the_same_number() {
    let Some(run) = watch("compat") else { return };
    if !run.has("compat") || run.number("compat") != run.number("pid") {
        skip("the kernel takes no 32-bit calls");
        return;
    }
    run.only(EventType::SYSCALL_WRITEV_X, |_| true).unwrap_err();
    let counted = run.losses.iter().any(|loss| loss.cause == LossCause::Compat && loss.count > 0);
    assert!(counted, "{:?}", run.losses);
}
