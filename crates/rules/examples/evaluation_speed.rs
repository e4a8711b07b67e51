//! How many events per second one core evaluates:
//! `cargo run --release -p lanner-rules --example evaluation_speed -- rules/*.yaml`.
//!
//! The facts are made up: three opens, an exec and a connect in turn, none of which hits. What is
//! measured is the evaluator and a lookup per field, not the work of finding a process.
#![allow(clippy::print_stdout, reason = "a program that prints a figure")]

use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use lanner_model::event::EventType;
use lanner_model::field::{FIELDS, FieldArg, FieldRef};
use lanner_rules::{Evaluator, Facts, RuleFile, RuleSet, Value};

/// Values by the field's number.
struct Made {
    event_type: EventType,
    values: Vec<Value<'static>>,
}

impl Facts for Made {
    fn value(&self, field: &FieldRef) -> Value<'_> {
        match &field.argument {
            Some(FieldArg::Index(_)) => Value::text("bash"),
            _ => match &self.values[field.id as usize] {
                Value::Text(text) => Value::text(&**text),
                other => other.clone(),
            },
        }
    }
}

fn made(event_type: EventType, own: &[(&str, Value<'static>)]) -> Made {
    let common = [
        ("evt.num", Value::Uint(1)),
        ("evt.rawres", Value::Int(3)),
        ("evt.failed", Value::Bool(false)),
        ("evt.is_open_read", Value::Bool(true)),
        ("evt.is_open_write", Value::Bool(false)),
        ("fd.num", Value::Int(3)),
        ("fd.typechar", Value::text("f")),
        ("fd.type", Value::text("file")),
        ("proc.name", Value::text("cargo")),
        ("proc.pname", Value::text("bash")),
        ("proc.aname", Value::List(["bash", "sshd", "sshd", "systemd"].map(Value::text).to_vec())),
        ("proc.exepath", Value::text("/usr/bin/cargo")),
        ("proc.exe", Value::text("cargo")),
        ("proc.cmdline", Value::text("cargo build --release --workspace")),
        ("proc.args", Value::text("build --release --workspace")),
        ("proc.pcmdline", Value::text("bash")),
        ("proc.cwd", Value::text("/home/ann/project/")),
        ("proc.tty", Value::Uint(34816)),
        ("proc.duration", Value::Duration(1_000_000_000)),
        ("user.uid", Value::Uint(1000)),
        ("user.name", Value::text("ann")),
        ("user.loginuid", Value::Int(1000)),
        ("container.id", Value::text("host")),
    ];
    let mut values = vec![Value::None; FIELDS.len()];
    for (name, value) in common.iter().chain(own) {
        let field = FieldRef::parse(name).expect("the field exists");
        values[field.id as usize] = value.clone();
    }
    Made { event_type, values }
}

fn open(path: &'static str) -> Made {
    let (directory, name) = path.rsplit_once('/').expect("the path is absolute");
    let own = [
        ("evt.type", Value::text("openat")),
        ("fd.name", Value::text(path)),
        ("fd.nameraw", Value::text(path)),
        ("fd.directory", Value::text(directory)),
        ("fd.filename", Value::text(name)),
    ];
    made(EventType::SYSCALL_OPENAT_2_X, &own)
}

fn main() {
    let names: Vec<String> = std::env::args().skip(1).collect();
    let texts: Vec<String> =
        names.iter().map(|name| std::fs::read_to_string(name).expect("the file can be read")).collect();
    let files: Vec<RuleFile<'_>> =
        names.iter().zip(&texts).map(|(name, text)| RuleFile { name, text }).collect();
    let begin = Instant::now();
    let compiled = RuleSet::compile(&files);
    println!(
        "{} rules, {} diagnostics, compiled in {:?}",
        compiled.rules.rules().len(),
        compiled.diagnostics.len(),
        begin.elapsed()
    );

    let events = [
        open("/home/ann/project/target/release/deps/libserde.rlib"),
        open("/usr/lib/x86_64-linux-gnu/libc.so.6"),
        open("/etc/ld.so.cache"),
        made(EventType::SYSCALL_EXECVE_19_X, &[("evt.type", Value::text("execve"))]),
        made(
            EventType::SOCKET_CONNECT_X,
            &[("evt.type", Value::text("connect")), ("fd.typechar", Value::text("4"))],
        ),
    ];
    let mut evaluator = Evaluator::new(Arc::new(compiled.rules));
    let rounds = 400_000;
    for event in events.iter() {
        let begin = Instant::now();
        let mut hits = 0;
        for _ in 0..rounds {
            evaluator.evaluate(event.event_type, black_box(event), |_| hits += 1);
        }
        let ns = begin.elapsed().as_nanos() / rounds;
        let candidates = evaluator
            .rules()
            .rules()
            .iter()
            .filter(|rule| rule.event_types().contains(event.event_type))
            .count();
        let per_second = 1_000_000_000 / ns.max(1);
        println!(
            "{:8} {ns:5} ns/event {per_second:9} events/s {candidates:3} rules concerned {hits} hits",
            event.event_type.name()
        );
    }
}
