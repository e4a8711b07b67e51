//! How long loading takes.
use lanner_model::source::*;
use lanner_probe::*;
use std::time::Instant;
fn main() {
    let facts = Facts::read(&Roots::default());
    let d = decide(&facts, &Wishes::default());
    let t = Instant::now();
    let mut p =
        Probe::start(&d, &ProbeConfig { interest: Interest::everything(), ..Default::default() }).unwrap();
    println!("start {:?} rejected {:?}", t.elapsed(), p.rejected());
    let mut n = 0;
    while let Next::Record(r) = p.next().unwrap() {
        n += 1;
        if n < 400 {
            println!("{r:?}");
        }
    }
    println!("{n} records; cgroups {}", p.cgroups().len());
    let t = Instant::now();
    let mut n = [0u64; 500];
    while t.elapsed().as_secs() < 3 {
        if let Next::Event(d) = p.next().unwrap() {
            n[d.event.event_type().0 as usize] += 1;
            if n[d.event.event_type().0 as usize] < 3 {
                println!("{:?} {:?}", d.event, d.event.fd_info());
            }
        }
    }
    println!("{:?} sent {}", p.losses(), p.sent());
}
