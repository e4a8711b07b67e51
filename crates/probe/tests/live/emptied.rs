//! The checks themselves are checked: with a program emptied, they must complain.

use crate::execve;
use crate::watch::{Setup, watch_with};

#[test]
fn a_probe_whose_program_is_empty_is_found_out() {
    let setup = Setup { emptied: &["execve"], ..Setup::default() };
    if let Some(run) = watch_with("execve", &setup) {
        let complaint = execve::verify(&run).unwrap_err();
        assert!(complaint.contains("0 events"), "{complaint}");
    }
}
