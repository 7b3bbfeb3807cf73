//! What a researcher reads when a scenario is wrong: exact texts, and all errors at once.

use crate::program::{complained, folder, rebalance};
use rebalance::scenario::{load, load_rules, load_under};

/// The messages for a scenario with this text.
fn messages(text: &str) -> String {
    messages_with(text, &[])
}

fn messages_with(text: &str, files: &[(&str, &str)]) -> String {
    let folder = folder();
    std::fs::write(folder.path().join("mine.toml"), text).expect("a file");
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).expect("a file");
    }
    let output = rebalance(folder.path(), &["diff", "mine.toml", "quick"]);
    let messages = complained(&output);
    let expected = if messages.is_empty() { Some(0) } else { Some(2) };
    assert_eq!(output.status.code(), expected, "{messages}");
    messages.trim_end().to_string()
}

#[test]
fn a_misspelt_key_is_named_with_its_neighbour_and_its_sum_is_not_blamed() {
    let expected = r#"error: there is no key "price_weight" in [rules]
 --> mine.toml:4:1
  |
4 | price_weight = 0.7
  | ^^^^^^^^^^^^
  |
  = help: did you mean "rules.weight_price"? weight of the price criterion; all weights sum to one
  = help: rules.weight_price takes a number from 0 to 1 (share)"#;
    assert_eq!(messages("version = 1\n[rules]\nweight_quality = 0.3\nprice_weight = 0.7\n"), expected);
}

#[test]
fn weights_that_do_not_sum_to_one_are_told_where_they_were_stated_last() {
    let expected = r"error: the weights of the award criteria sum to 0.9, not to 1
 --> mine.toml:4:16
  |
4 | weight_price = 0.3
  |                ^^^
  |
  = help: rules.weight_quality is 0.6 and rules.weight_price is 0.3";
    assert_eq!(messages("version = 1\n\n[rules]\nweight_price = 0.3\n"), expected);
}

#[test]
fn columns_count_characters_and_the_range_and_unit_are_given() {
    let expected = r#"error: 105 is out of range
 --> mine.toml:2:70
  |
2 | reform = [{ areas = ["Ö", "Ü"], from_round = 1, rules.notice_weeks = 105 }]
  |                                                                      ^^^
  |
  = help: rules.notice_weeks takes a number from 0 to 104 (weeks)"#;
    let text =
        "version = 1\nreform = [{ areas = [\"Ö\", \"Ü\"], from_round = 1, rules.notice_weeks = 105 }]\n";
    assert_eq!(messages(text), expected);
}

#[test]
fn all_errors_are_told_at_once_in_the_order_of_the_text() {
    let text = "version = 2\nnam = \"x\"\n[run]\nrounds = 3.0\nseed = \"1\"\n[rules]\nformula = \"absolut-linear\"\n\
                payment = true\n[world]\nareas_file = \"/etc/passwd\"\n[market]\nattrition = 2\n";
    let messages = messages(text);
    let lines: Vec<usize> = messages
        .lines()
        .filter_map(|line| line.trim_start().strip_prefix("--> mine.toml:")?.split(':').next()?.parse().ok())
        .collect();
    assert_eq!(lines, [1, 2, 4, 5, 7, 8, 10, 12]);
    for hint in [
        "did you mean \"name\"?",
        "leave out the decimal point",
        "leave out the quotes",
        "--set world.areas_file",
    ] {
        assert!(messages.contains(hint), "{hint}: {messages}");
    }
}

#[test]
fn the_command_line_is_a_place_too() {
    let sets =
        ["rules.weight_price=abc", "rules.formula=lowest", "rulez.x=1", "run.rounds"].map(String::from);
    let errors = load("quick", &sets).expect_err("four errors");
    let places: Vec<String> = errors
        .faults()
        .iter()
        .map(|fault| format!("{}:{}", fault.place.source.name, fault.place.column()))
        .collect();
    assert_eq!(places, ["--set #1:20", "--set #2:15", "--set #3:1", "--set #4:1"]);
}

#[test]
fn checks_across_keys() {
    let wrong = [
        ("[run]\nrounds = 10\nburn_in = 10", "burn_in is 10, but there are only 10 rounds"),
        ("[market]\ncontract_min_gbp = 1e9", "market.contract_min_gbp is above market.contract_max_gbp"),
        ("[population]\ncost_low_gbp = 2", "population.cost_low_gbp is above population.cost_high_gbp"),
        ("[population]\nreserves_low_gbp = 2", "population.reserves_low_gbp is above"),
        ("[population]\nincome_max_gbp = 10", "population.tail_start_gbp is above population.income_max_gbp"),
        ("[market]\none_year_share = 0.8", "one_year_share and five_year_share sum to 1.05, more than 1"),
        ("[world]\ncomplexity_shares = [0.5, 0.4]", "complexity_shares has 2 entries that sum to 0.9"),
        ("[world]\ncomplexity_shares = []", "complexity_shares has 0 entries"),
        ("[world]\ncomplexity_shares = [0.2, 0.2, 0.2, 0.2, 0.2]", "complexity_shares has 5 entries"),
        ("[population]\nability_law = \"listed\"\nability_values = []", "ability_values is empty"),
        ("[population]\nreserves_law = \"listed\"\nreserves_values_gbp = []", "reserves_values_gbp is empty"),
        ("[market]\nlot_value_weights = []", "lot_value_weights is empty"),
        ("[[reform]]\nfrom_round = 48", "this reform starts in round 48, after the last round"),
        ("[[reform]]\nrules.notice_weeks = 4", "this reform does not say when"),
        ("[[reform]]\nfrom_round = 4\nareas = [\" \"]", "areas takes a list of codes, names or regions"),
        ("[[reform]]\nfrom_round = 4\n[reform.run]\nseed = 2", "a reform has no \"run\""),
        ("[rules]\nlearning = \"bandit\"", "commissioners learn, but have no menu to choose from"),
        ("[[menu]]\nrules.notice_weeks = 4", "this option has no name"),
        ("[[menu]]\nname = \"a\"\nfrom_round = 4", "an option has no \"from_round\""),
        ("[[menu]]\nname = \"a\"\nrules.learning = \"static\"", "the option \"a\" changes how its"),
        ("[menu]\nname = \"a\"", "menu is a list"),
        ("[[menu]]\nname = \"a\"\nrules.packaging = \"cut-lots\"", "cuts lots, and what is cut stays cut"),
        ("[[menu]]\nname = \"a\"\n[[menu]]\nname = \"a\"", "there are two options \"a\""),
        ("[rules]\nnotice_weeks = \"twelve\"", "\"twelve\" is text"),
    ];
    for (text, message) in wrong {
        let found = messages(&format!("version = 1\n{text}\n"));
        assert!(found.contains(message), "{text}: {found}");
        assert_eq!(found.matches("error:").count(), 1, "{found}");
    }
}

#[test]
fn what_is_not_toml_does_not_hide_the_rest_nor_cause_more() {
    let found = messages("version = 1\n[rules]\nweight_price = 0,5\nnotice_weeks = 200\n");
    assert!(found.contains("decimals have a point: 0.5, not 0,5"), "{found}");
    assert!(found.contains("200 is out of range"), "{found}");
    assert_eq!(found.matches("error:").count(), 2, "{found}");
    let twice = messages("version = 1\n[run]\nseed = 1\nseed = 2\n");
    assert!(twice.contains("duplicate key") && twice.contains("mine.toml:4:1"), "{twice}");
}

#[test]
fn extends_goes_to_neighbours_and_built_in_scenarios_only() {
    assert_eq!(messages("version = 1\nextends = \"england\"\n"), "");
    assert_eq!(messages("version = 1\nextends = \"theory/queue\"\n"), "");
    let base = [("base.toml", "version = 1\nquestion = \"why?\"\n[rules]\nnotice_weeks = 9\n")];
    assert_eq!(messages_with("version = 1\nextends = \"base.toml\"\n", &base), "");
    let missing = messages("version = 1\nextends = \"englnd\"\n");
    assert!(
        missing.contains("there is no \"englnd\" to extend") && missing.contains("did you mean \"england\"")
    );
    let out = messages("version = 1\nextends = \"../base.toml\"\n");
    assert!(out.contains("the path leaves the scenario's folder") && out.contains("mine.toml:2:11"), "{out}");
    let ring = [("other.toml", "version = 1\nextends = \"./mine.toml\"\n")];
    let circle = messages_with("version = 1\nextends = \"other.toml\"\n", &ring);
    assert!(circle.contains("extends goes in a circle") && circle.contains("other.toml -> "), "{circle}");
    let within = [("base.toml", "version = 1\n[rules]\nnotice_weeks = 900\n")];
    assert!(messages_with("version = 1\nextends = \"base.toml\"\n", &within).contains("base.toml:3:16"));
}

#[test]
fn precedence_runs_from_defaults_to_the_command_line() {
    let folder = folder();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("a file");
        path.to_string_lossy().into_owned()
    };
    file(
        "base.toml",
        "version = 1\nname = \"base\"\nquestion = \"why?\"\n[rules]\nnotice_weeks = 1\nceiling_ratio = 1.1\nturnover_multiple = 1.5\n",
    );
    let reform = "[[reform]]\nfrom_round = 30\nrules.notice_weeks = 4\n";
    let mine = file(
        "mine.toml",
        &format!("version = 1\nextends = \"base.toml\"\n[rules]\nnotice_weeks = 2\n{reform}"),
    );
    let rules = file("long.toml", "description = \"d\"\n[rules]\nnotice_weeks = 3\n");
    let rules = load_rules(&rules).expect("valid rules");
    assert_eq!(rules.name, "long");
    let scenario =
        load_under(&mine, &rules, &["rules.turnover_multiple=2".into()]).expect("a valid scenario");
    assert_eq!((scenario.name.as_str(), scenario.question.as_str()), ("mine", "why?"));
    let rules = &scenario.regime.rules;
    assert_eq!(rules.ceiling_ratio, 1.1);
    assert_eq!(rules.notice_weeks.value(), 3.0);
    assert_eq!(rules.turnover_multiple, 2.0);
    let after = scenario.regime.with(&scenario.reforms[0].changes).rules;
    assert_eq!((after.notice_weeks.value(), after.turnover_multiple), (4.0, 2.0));
}

#[test]
fn a_rule_file_holds_rules_alone() {
    let folder = folder();
    let path = folder.path().join("r.toml");
    std::fs::write(&path, "name = \"r\"\nquestion = \"x\"\n[run]\nseed = 2\n[rules]\nnotice_weeks = -1\n")
        .expect("a file");
    let errors = load_rules(&path.to_string_lossy()).expect_err("three errors");
    let text = errors.to_string();
    assert_eq!(errors.count(), 3, "{text}");
    assert!(text.contains("a rule file holds [rules] alone"), "{text}");
}

#[test]
fn an_overlay_that_breaks_a_sum_is_told_in_the_rule_file() {
    let folder = folder();
    let path = folder.path().join("half.toml");
    std::fs::write(&path, "[rules]\nweight_price = 0.5\n").expect("a file");
    let rules = load_rules(&path.to_string_lossy()).expect("valid by itself");
    let errors = load_under("quick", &rules, &[]).expect_err("0.6 + 0.5").to_string();
    assert!(errors.contains("sum to 1.1, not to 1") && errors.contains("half.toml:2:16"), "{errors}");
}

#[test]
fn names_fit_a_folder_on_every_system() {
    for name in ["", "../x", "a/b", "a\\\\b", "nul", "COM1.x", ".hidden", "x.", "a:b", "tab\\tbed"] {
        let found = messages(&format!("version = 1\nname = \"{name}\"\n"));
        assert!(found.contains("cannot be a name") && found.contains("mine.toml:2:8"), "{name}: {found}");
    }
    for name in ["console", "comet", "wave 2", "größe", "v1.2"] {
        assert_eq!(messages(&format!("version = 1\nname = \"{name}\"\n")), "");
    }
}

/// Rational bidders reckon with the law of rivals' costs, and there is no price for a lognormal one.
#[test]
fn rational_bidders_need_a_law_of_costs_that_can_be_reckoned_with() {
    let text = "version = 1\n[behaviour]\nbeliefs = \"rational\"\n[population]\ncost_law = \"lognormal\"\n";
    let said = messages(text);
    assert!(said.contains("there is no equilibrium price") && said.contains("mine.toml:5:12"), "{said}");
    for law in ["uniform", "power", "exponential"] {
        assert_eq!(messages(&text.replace("lognormal", law)), "");
    }
    assert_eq!(messages(&text.replace("rational", "market")), "");
}
