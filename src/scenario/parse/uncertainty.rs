//! The block `[uncertainty]`: ranges and a design, or a region.

use super::{Item, Key, Reader};
use crate::scenario::closest::{closest_keys, nearest_name};
use crate::scenario::document::{StatedRange, StatedUncertainty};
use crate::scenario::registry::{Parameter, Value};
use crate::scenario::uncertainty::{Design, unfit};
use crate::scenario::values::{allowed, clip, convert, described};
use std::ops::Range;
use toml::de::DeTable;

/// Keys of the block.
const KEYS: [&str; 4] = ["ranges", "design", "region", "fixed"];

impl Reader<'_> {
    /// Reads the block; the last one of a chain of scenarios counts, as a whole.
    pub(super) fn uncertainty(&mut self, value: &Item) {
        let Some(table) = value.get_ref().as_table() else {
            let message = format!("uncertainty is a block of keys; this is {}", described(value.get_ref()));
            let hint = || vec!["write [uncertainty] on a line of its own and its keys below".into()];
            self.fault(value.span(), message, hint);
            return;
        };
        let mut stated = StatedUncertainty::default();
        for (key, value) in table.iter() {
            if self.is_broken(key, value) {
                continue;
            }
            match key.get_ref().as_ref() {
                "ranges" => stated.ranges = self.ranges(value),
                "design" => stated.design = self.design(value),
                "region" => stated.region = self.region(value),
                "fixed" => stated.fixed = self.fixed(value),
                other => self.no_such_key(other, key.span()),
            }
        }
        self.contradictions(table);
        self.document.uncertainty = Some(stated);
    }

    fn no_such_key(&mut self, name: &str, span: Range<usize>) {
        let hints = || match nearest_name(name, KEYS) {
            Some(near) => vec![format!("did you mean \"{near}\"?")],
            None => vec![format!("it has {}", KEYS.join(", "))],
        };
        self.fault(span, format!("there is no key \"{}\" in [uncertainty]", clip(name)), hints);
    }

    fn contradictions(&mut self, table: &DeTable) {
        let span = |wanted: &str| {
            table.iter().find(|(key, _)| key.get_ref().as_ref() == wanted).map(|(key, _)| key.span())
        };
        let Some(region) = span("region") else { return };
        for (other, why) in [
            ("ranges", "worlds come from ranges or from a region, not from both"),
            ("design", "a design chooses points in ranges; the points of a region are given"),
        ] {
            if span(other).is_some() {
                self.fault(region.clone(), why, || vec![format!("remove region or {other}")]);
            }
        }
    }

    /// `"block.key" = [low, high]`, or the same with dots outside quotes.
    fn ranges(&mut self, value: &Item) -> Vec<StatedRange> {
        let Some(table) = value.get_ref().as_table() else {
            let hint = || vec!["write ranges = { \"market.contract_spread\" = [2.5, 2.8] }".into()];
            self.fault(value.span(), "ranges is a table of keys with their lowest and highest values", hint);
            return Vec::new();
        };
        let mut ranges = Vec::new();
        for (key, value) in table.iter() {
            let name = key.get_ref().as_ref();
            match value.get_ref().as_table() {
                Some(block) => {
                    for (inner, value) in block.iter() {
                        ranges.extend(self.range(&format!("{name}.{}", inner.get_ref()), inner, value));
                    }
                }
                None => ranges.extend(self.range(name, key, value)),
            }
        }
        ranges
    }

    fn range(&mut self, name: &str, key: &Key, value: &Item) -> Option<StatedRange> {
        let parameter = self.uncertain(name, key.span())?;
        let place = self.place(value.span());
        let ends = value.get_ref().as_array().map(|items| items.iter().collect::<Vec<_>>());
        let Some([low, high]) = ends.as_deref() else {
            let hints =
                || vec![format!("write \"{}\" = [lowest, highest]", parameter.key), allowed(&parameter)];
            self.errors.add(place, "a range is a list of two numbers", hints);
            return None;
        };
        let (low, high) = (self.end(low, &parameter), self.end(high, &parameter));
        let (low, high) = (low?, high?);
        if low >= high {
            let hint =
                || vec!["write the lowest value first; a value without a range goes in its block".into()];
            self.errors.add(place, "the range is empty", hint);
            return None;
        }
        Some(StatedRange { key: parameter.key, low, high })
    }

    fn end(&mut self, item: &Item, parameter: &Parameter) -> Option<f64> {
        match convert(item.get_ref(), parameter) {
            Ok(Value::Number(number)) => Some(number),
            Ok(Value::Whole(whole)) => Some(whole as f64),
            Ok(_) => None,
            Err((message, hints)) => {
                self.fault(item.span(), message, || hints);
                None
            }
        }
    }

    /// The parameter of that name, if it can be uncertain.
    fn uncertain(&mut self, name: &str, span: Range<usize>) -> Option<Parameter> {
        let Some(parameter) = self.all.iter().find(|parameter| parameter.key == name).cloned() else {
            let place = self.place(span);
            let message = format!("there is no parameter \"{}\"", clip(name));
            self.errors.add(place, message, || closest_keys(name, &self.all, None));
            return None;
        };
        match unfit(&parameter) {
            None => Some(parameter),
            Some((message, hint)) => {
                self.fault(span, message, || vec![hint]);
                None
            }
        }
    }

    fn design(&mut self, value: &Item) -> Option<Design> {
        let text = value.get_ref().as_str().unwrap_or_default();
        let found = Design::ALL.into_iter().find(|design| design.name() == text);
        if found.is_none() {
            let hint = || vec!["design is \"sobol\" or \"latin-hypercube\"".into()];
            self.fault(value.span(), "this design is not known", hint);
        }
        found
    }

    fn region(&mut self, value: &Item) -> Option<(String, crate::scenario::faults::Place)> {
        let path = value.get_ref().as_str().filter(|path| !path.is_empty()).map(str::to_string);
        if path.is_none() {
            let hint = || vec!["write region = \"region.csv\"".into()];
            self.fault(value.span(), "region takes the path of a CSV file in quotes", hint);
        }
        path.map(|path| (path, self.place(value.span())))
    }

    fn fixed(&mut self, value: &Item) -> Vec<&'static str> {
        let Some(items) = value.get_ref().as_array() else {
            let hint = || vec!["write fixed = [\"market.contract_spread\"]".into()];
            self.fault(value.span(), "fixed is a list of keys", hint);
            return Vec::new();
        };
        let mut fixed = Vec::new();
        for item in items.iter() {
            let name = item.get_ref().as_str().unwrap_or_default();
            fixed.extend(self.uncertain(name, item.span()).map(|parameter| parameter.key));
        }
        fixed
    }
}
