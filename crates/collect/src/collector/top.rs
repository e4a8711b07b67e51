//! Which processes have series of their own.

use std::cmp::Ordering;

use rustc_hash::FxHashSet;

/// How many of a node have series of their own, per resource.
pub(super) const TOP: usize = 50;
/// One that has series keeps them while it is among this many: otherwise those at the edge would end and
/// begin all the time.
const KEPT: usize = 75;

/// What a process is ranked by.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Weight {
    pub(super) cpu: Option<f64>,
    pub(super) memory: Option<f64>,
    pub(super) disk: Option<f64>,
    pub(super) network: Option<f64>,
}

/// The pids of the highest in each resource. One that uses none of a resource is not among its highest.
pub(super) fn highest(weights: &[(u32, Weight)], before: &FxHashSet<u32>) -> FxHashSet<u32> {
    let mut chosen = FxHashSet::default();
    let resources: [fn(&Weight) -> Option<f64>; 4] =
        [|one| one.cpu, |one| one.memory, |one| one.disk, |one| one.network];
    let mut ranked = Vec::with_capacity(weights.len());
    for resource in resources {
        ranked.clear();
        ranked.extend(weights.iter().filter_map(|(pid, weight)| Some((*pid, resource(weight)?))));
        ranked.retain(|(_, value)| *value > 0.0);
        let down = |a: &(u32, f64), b: &(u32, f64)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
        let considered = ranked.len().min(KEPT);
        if considered < ranked.len() {
            ranked.select_nth_unstable_by(considered, down);
            ranked.truncate(considered);
        }
        ranked.sort_unstable_by(down);
        let is_chosen = |(place, (pid, _)): &(usize, &(u32, f64))| match place.cmp(&TOP) {
            Ordering::Less => true,
            _ => before.contains(pid),
        };
        chosen.extend(ranked.iter().enumerate().filter(is_chosen).map(|(_, (pid, _))| *pid));
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by_cpu(count: u32) -> Vec<(u32, Weight)> {
        (1..=count).map(|pid| (pid, Weight { cpu: Some(f64::from(pid)), ..Weight::default() })).collect()
    }

    #[test]
    fn the_highest_of_each_resource_are_chosen() {
        let mut weights = by_cpu(200);
        weights[0].1.memory = Some(1.0);
        weights[1].1.network = Some(1.0);
        weights[2].1.disk = Some(0.0);
        let chosen = highest(&weights, &FxHashSet::default());
        assert_eq!(chosen.len(), TOP + 2);
        assert!(chosen.contains(&1) && chosen.contains(&2) && !chosen.contains(&3));
        assert!(chosen.contains(&151) && !chosen.contains(&150));
    }

    #[test]
    fn one_that_was_chosen_stays_until_it_falls_far() {
        let before: FxHashSet<u32> = [150, 126, 125].into_iter().collect();
        let chosen = highest(&by_cpu(200), &before);
        assert!(chosen.contains(&150) && chosen.contains(&126) && !chosen.contains(&125));
        assert_eq!(highest(&by_cpu(3), &before).len(), 3);
        assert!(highest(&[], &before).is_empty());
    }
}
