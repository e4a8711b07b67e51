//! What templates render.

use super::facts_table::FactsTable;
use crate::template::Template;

fn facts() -> FactsTable {
    let mut facts = FactsTable::default();
    facts.set("proc.name", &["cat"], false);
    facts.set("fd.name", &["/etc/sha\ndow"], false);
    facts.set("proc.aname", &["bash", "sshd"], true);
    facts.set("proc.acmdline", &[], true);
    facts.set("proc.aname[2]", &["sshd"], false);
    facts.set("user.uid", &["0"], false);
    facts.set("evt.arg.flags", &["O_RDONLY"], false);
    facts.set("evt.is_open_read", &["true"], false);
    facts.set("fd.sip", &["2001:db8::1"], false);
    facts
}

fn check(template: &str, rendered: &str) {
    let parsed = Template::parse(template).unwrap_or_else(|mistakes| panic!("{template}: {}", mistakes[0]));
    let mut out = String::new();
    parsed.render(&facts(), &mut out);
    assert_eq!(out, rendered, "{template}");
}

#[test]
fn fields_become_values() {
    check("%proc.name", "cat");
    check("a %proc.name b", "a cat b");
    check("%user.uid %evt.is_open_read %fd.sip", "0 true 2001:db8::1");
    check("%evt.arg.flags %evt.arg[flags]", "O_RDONLY O_RDONLY");
    check("%proc.aname[2] %proc.aname", "sshd (bash,sshd)");
    check("%toupper(proc.name)", "CAT");
    check("no field", "no field");
}

#[test]
fn a_field_ends_where_its_name_ends() {
    check("%proc.name.", "cat.");
    check("%proc.name.txt", "cat.txt");
    check("(%proc.name)", "(cat)");
    check("%proc.name%user.uid", "cat0");
    check("file=%proc.name|x", "file=cat|x");
}

#[test]
fn percent_signs_are_doubled() {
    check("100%%", "100%");
    check("%%proc.name", "%proc.name");
}

#[test]
fn missing_values_are_shown_as_such() {
    check("%proc.pname x", "<NA> x");
    check("%proc.aname[7]", "<NA>");
    check("%proc.acmdline", "<NA>");
}

#[test]
fn a_width_cuts_and_fills() {
    check("[%6proc.name]", "[cat   ]");
    check("[%2proc.name]", "[ca]");
    check("[%8proc.pname]", "[<NA>    ]");
}

#[test]
fn an_output_stays_one_line() {
    check("%fd.name", "/etc/sha.dow");
}

#[test]
fn what_rule_files_still_carry_renders_as_nothing() {
    check("a %container.info b", "a  b");
}

#[test]
fn without_a_star_a_missing_value_suppresses_the_line() {
    for (template, expected) in [
        ("%proc.name", Some("cat")),
        ("%proc.name %proc.pname", None),
        ("*%proc.name %proc.pname", Some("cat <NA>")),
    ] {
        let parsed = Template::parse(template).expect("it is right");
        let mut out = String::from("before ");
        let complete = parsed.render_complete(&facts(), &mut out);
        assert_eq!(complete, expected.is_some(), "{template}");
        assert_eq!(out, format!("before {}", expected.unwrap_or("")), "{template}");
    }
}

#[test]
fn fields_of_a_template_are_listed_once() {
    let template =
        Template::parse("%proc.name %fd.name %proc.name %tolower(proc.exepath)").expect("it is right");
    let names: Vec<String> = template.fields().iter().map(ToString::to_string).collect();
    assert_eq!(names, ["proc.name", "fd.name", "proc.exepath"]);
}
