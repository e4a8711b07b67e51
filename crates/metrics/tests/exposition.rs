//! The text format: what is written is read back, what is wrong is told.

use lanner_metrics::exposition::{FamilyKind, parse, write};
use lanner_model::series::{Labels, Sample};
use lanner_model::time::WallMs;

fn sample(metric: &str, labels: &[(&str, &str)], value: f64) -> Sample {
    Sample { labels: Labels::new(metric, labels.iter().copied()), time: WallMs(7), value }
}

#[track_caller]
fn check_error(text: &str, error: &str) {
    assert_eq!(parse(text).map_err(|error| error.to_string()), Err(error.to_owned()), "{text}");
}

#[test]
fn families_and_series_are_sorted_and_declared_metrics_have_help() {
    let text = write(&[
        sample("zoo", &[("b", "2")], 1.0),
        sample("node_load1", &[], 0.25),
        sample("zoo", &[("a", "1")], f64::INFINITY),
        sample("zoo", &[("a", "1"), ("b", "1")], 1e300),
    ]);
    let expected = format!(
        "# HELP node_load1 Runnable and uninterruptible tasks, averaged over one minute.\n\
         # TYPE node_load1 gauge\n\
         node_load1 0.25 7\n\
         zoo{{a=\"1\"}} +Inf 7\n\
         zoo{{a=\"1\",b=\"1\"}} 1{} 7\n\
         zoo{{b=\"2\"}} 1 7\n",
        "0".repeat(300)
    );
    assert_eq!(text, expected);
}

#[test]
fn every_character_of_a_label_survives_writing_and_reading() {
    let samples = [
        sample("a", &[("l", "quote \" backslash \\ newline \n n \\n")], 1.5),
        sample("a", &[("l", "naïve 日本 \u{0}\t\r{}=,")], -0.0),
        sample("b", &[], f64::NEG_INFINITY),
        sample("c", &[("x", "1"), ("y", "2")], 1e-300),
    ];
    let families = parse(&write(&samples)).unwrap();
    let read: Vec<Sample> = families
        .into_iter()
        .flat_map(|family| family.values)
        .map(|value| Sample { labels: value.labels, time: value.time.unwrap(), value: value.value })
        .collect();
    for one in &samples {
        assert!(read.contains(one), "{one:?}");
    }
    assert_eq!(read.len(), samples.len());
}

#[test]
fn blanks_comments_and_trailing_commas_are_taken() {
    let families = parse(
        "# a comment\n#\n\n  # TYPE  x\tcounter\n# HELP x a \\\\ b\\nc\nx { a = \"1\" , b=\"2\", } 3 \r\n",
    )
    .unwrap();
    assert_eq!(families.len(), 1);
    assert_eq!(families[0].kind, FamilyKind::Counter);
    assert_eq!(families[0].help, "a \\ b\nc");
    assert_eq!(families[0].values[0].labels, Labels::new("x", [("a", "1"), ("b", "2")]));
}

#[test]
fn a_histogram_s_lines_are_one_family() {
    let families = parse(
        "# TYPE h histogram\nh_bucket{le=\"1\"} 1\nh_bucket{le=\"+Inf\"} 2\nh_sum 3\nh_count 2\n\
         # TYPE s summary\ns{quantile=\"0.5\"} 1\ns_sum 1\ns_count 1\nh2 1\n",
    )
    .unwrap();
    let counts: Vec<(&str, usize)> =
        families.iter().map(|family| (family.name.as_str(), family.values.len())).collect();
    assert_eq!(counts, [("h", 4), ("s", 3), ("h2", 1)]);
}

#[test]
fn what_is_wrong_is_told_with_its_line() {
    check_error("ok 1\nx\n", "line 2: no value after the metric's name");
    check_error("1x 1", "line 1: a line begins with a metric's name");
    check_error("{a=\"1\"} 1", "line 1: a line begins with a metric's name");
    check_error("x{a=\"1\"}", "line 1: no value after the metric's name");
    check_error("x{a=\"1} 1", "line 1: a label's value has no end");
    check_error("x{a=1} 1", "line 1: a label's value begins with a quotation mark");
    check_error("x{a\"1\"} 1", "line 1: = stands after a label's name");
    check_error("x{1a=\"1\"} 1", "line 1: a label's name is of letters, digits and _");
    check_error("x{a=\"1\"b=\"2\"} 1", "line 1: a comma or } stands after a label");
    check_error("x{a=\"\\t\"} 1", "line 1: a backslash stands before n, \\ or \" only");
    check_error("x{a=\"1\",a=\"2\"} 1", "line 1: a label stands twice");
    check_error("x{a", "line 1: labels have no end");
    check_error("x one", "line 1: a value is a number");
    check_error("x nan", "line 1: a value is a number");
    check_error("x 1 2.5", "line 1: a time stamp is a whole number of milliseconds");
    check_error("x 1 2 3", "line 1: something stands after the time stamp");
    check_error("x 1\nx 2", "line 2: a series has a second value");
    check_error("x 1\ny 1\nx{a=\"1\"} 2", "line 3: a metric's lines stand together");
    check_error("x 1\n# TYPE x counter", "line 2: HELP and TYPE stand before the metric's values");
    check_error("# TYPE x ring", "line 1: a type is counter, gauge, histogram, summary or untyped");
    check_error("# TYPE", "line 1: no metric's name after HELP or TYPE");
}
