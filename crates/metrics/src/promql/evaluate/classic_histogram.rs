//! Quantiles and fractions of histograms whose buckets are series.

/// Counts that differ by less than this part of them are taken to be equal: rates are not exact.
const SMALL_DIFFERENCE: f64 = 1e-12;

/// How many observations were not greater than the bound.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Bucket {
    pub(super) bound: f64,
    pub(super) count: f64,
}

/// A quantile, and whether counts fell where they must grow.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct BucketQuantile {
    pub(super) value: f64,
    pub(super) was_forced: bool,
}

/// The quantile of the observations; within a bucket they are taken to be spread evenly.
pub(super) fn bucket_quantile(quantile: f64, buckets: &mut Vec<Bucket>) -> BucketQuantile {
    let sure = |value| BucketQuantile { value, was_forced: false };
    if quantile.is_nan() {
        return sure(f64::NAN);
    }
    if !(0.0..=1.0).contains(&quantile) {
        return sure(if quantile < 0.0 { f64::NEG_INFINITY } else { f64::INFINITY });
    }
    if !arrange(buckets) {
        return sure(f64::NAN);
    }
    let was_forced = make_monotonic(buckets);
    BucketQuantile { value: interpolated(quantile, buckets), was_forced }
}

fn interpolated(quantile: f64, buckets: &[Bucket]) -> f64 {
    let [finite @ .., all] = buckets else { return f64::NAN };
    let Some(highest) = finite.last() else { return f64::NAN };
    if all.count == 0.0 || all.count.is_nan() {
        return f64::NAN;
    }
    let rank = quantile * all.count;
    let Some(at) = finite.iter().position(|bucket| bucket.count >= rank) else { return highest.bound };
    let bucket = finite[at];
    let below = match at.checked_sub(1) {
        Some(below) => finite[below],
        None if bucket.bound <= 0.0 => return bucket.bound,
        None => Bucket { bound: 0.0, count: 0.0 },
    };
    let part = (rank - below.count) / (bucket.count - below.count);
    below.bound + (bucket.bound - below.bound) * part
}

/// The part of the observations that lies between two values.
pub(super) fn bucket_fraction(lower: f64, upper: f64, buckets: &mut Vec<Bucket>) -> f64 {
    if !arrange(buckets) {
        return f64::NAN;
    }
    make_monotonic(buckets);
    let all = buckets.last().map_or(0.0, |bucket| bucket.count);
    if all == 0.0 || all.is_nan() || lower.is_nan() || upper.is_nan() {
        return f64::NAN;
    }
    if lower >= upper {
        return 0.0;
    }
    (rank_of(upper, buckets).min(all) - rank_of(lower, buckets).min(all)) / all
}

/// How many observations are taken to be smaller than a value.
fn rank_of(value: f64, buckets: &[Bucket]) -> f64 {
    let first = buckets.first().map_or(0.0, |bucket| bucket.bound);
    let mut below = Bucket { bound: if first > 0.0 { 0.0 } else { f64::NEG_INFINITY }, count: 0.0 };
    for bucket in buckets {
        if below.bound >= value {
            return below.count;
        }
        if bucket.bound > value {
            // A bucket without an end has nothing to interpolate between.
            return match () {
                () if below.bound.is_infinite() => bucket.count,
                () if bucket.bound.is_infinite() => below.count,
                () => {
                    let part = (value - below.bound) / (bucket.bound - below.bound);
                    below.count + (bucket.count - below.count) * part
                }
            };
        }
        below = *bucket;
    }
    below.count
}

/// Sorts buckets and joins those with one bound. False when there is none for all observations.
fn arrange(buckets: &mut Vec<Bucket>) -> bool {
    buckets.sort_by(|a, b| a.bound.total_cmp(&b.bound));
    buckets.dedup_by(|next, kept| {
        let is_same = next.bound == kept.bound;
        if is_same {
            kept.count += next.count;
        }
        is_same
    });
    buckets.last().is_some_and(|last| last.bound == f64::INFINITY)
}

/// Lets no count be smaller than the one before; whether any had to be changed by more than rounding.
fn make_monotonic(buckets: &mut [Bucket]) -> bool {
    let mut was_forced = false;
    let mut before = buckets.first().map_or(0.0, |bucket| bucket.count);
    for bucket in buckets.iter_mut().skip(1) {
        let is_near = is_nearly(before, bucket.count);
        if is_near || bucket.count < before {
            was_forced |= !is_near;
            bucket.count = before;
        } else {
            before = bucket.count;
        }
    }
    was_forced
}

fn is_nearly(a: f64, b: f64) -> bool {
    if a == b || a.is_nan() && b.is_nan() {
        return true;
    }
    let (difference, both) = ((a - b).abs(), a.abs() + b.abs());
    if both < f64::MIN_POSITIVE {
        return difference < SMALL_DIFFERENCE * f64::MIN_POSITIVE;
    }
    difference / both.min(f64::MAX) < SMALL_DIFFERENCE
}
