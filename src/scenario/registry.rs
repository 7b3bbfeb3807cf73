//! The registry: one table entry per parameter, from which everything else is generated.
//!
//! The `parameters!` macro turns a table into a typed struct for the engine (no look-up by name in
//! the model) and into [`Parameter`] entries for parsing, validation, JSON Schema, `rebalance new`,
//! `rebalance explain` and the documentation.

use crate::units::{Fte, Gbp, People, Probability, Share, Weeks};

/// What a value may be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// A real number in a closed range.
    Number {
        /// Smallest allowed value.
        min: f64,
        /// Largest allowed value.
        max: f64,
    },
    /// A whole number in a closed range.
    Whole {
        /// Smallest allowed value.
        min: i64,
        /// Largest allowed value.
        max: i64,
    },
    /// `true` or `false`.
    Switch,
    /// One of a few named choices.
    Choice(&'static [Choice]),
    /// Free text, or a path.
    Text,
    /// A list of real numbers, each in a closed range.
    Numbers {
        /// Smallest allowed value.
        min: f64,
        /// Largest allowed value.
        max: f64,
    },
}

/// One of the named choices of a parameter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Choice {
    /// How it is written in a scenario.
    pub name: &'static str,
    /// What it means.
    pub meaning: &'static str,
}

/// A value as a scenario states it, after its kind has been checked.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A real number.
    Number(f64),
    /// A whole number.
    Whole(i64),
    /// A switch.
    Switch(bool),
    /// Text, a path, or the name of a choice.
    Text(String),
    /// A list of real numbers.
    Numbers(Vec<f64>),
}

/// One parameter: everything there is to say about it.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Dotted key, block first: `rules.weight_price`.
    pub key: &'static str,
    /// What it may be, with range.
    pub kind: Kind,
    /// Value where a scenario says nothing.
    pub default: fn() -> Value,
    /// Unit, or `share`, `probability`, `count`, `none`.
    pub unit: &'static str,
    /// Power of money in the unit: 1 for GBP, -1 for "per GBP", 0 for none. Multiplying every
    /// parameter by `c^power` must multiply every money output by `c` and change nothing else.
    pub gbp_power: i8,
    /// The value that switches the mechanism off, where it drives one.
    pub off: Option<&'static str>,
    /// What it means, for a policy reader.
    pub meaning: &'static str,
    /// Where the default comes from, or the word *assumption*.
    pub source: &'static str,
    /// First version that has it.
    pub since: &'static str,
}

impl Parameter {
    /// The block (first part of the key).
    pub fn block(&self) -> &'static str {
        self.key.split_once('.').map_or("", |(block, _)| block)
    }

    /// The name inside its block.
    pub fn name(&self) -> &'static str {
        self.key.split_once('.').map_or(self.key, |(_, name)| name)
    }
}

/// A Rust type that a parameter can have in the engine.
pub trait Setting: Sized {
    /// Its kind, given the range stated in the table.
    fn kind(range: &[f64]) -> Kind;
    /// The engine's value. The caller has checked the kind and range.
    fn from_value(value: &Value) -> Option<Self>;
    /// The value as a scenario would state it.
    fn to_value(&self) -> Value;
}

fn ends(range: &[f64]) -> (f64, f64) {
    match range {
        [min, max] => (*min, *max),
        _ => (f64::MIN, f64::MAX),
    }
}

macro_rules! number_setting {
    ($($name:ty: $new:expr, $value:expr;)*) => {$(
        impl Setting for $name {
            fn kind(range: &[f64]) -> Kind {
                let (min, max) = ends(range);
                Kind::Number { min, max }
            }
            fn from_value(value: &Value) -> Option<Self> {
                match value {
                    Value::Number(number) => Some(($new)(*number)),
                    _ => None,
                }
            }
            fn to_value(&self) -> Value {
                Value::Number(($value)(*self))
            }
        }
    )*};
}

number_setting! {
    f64: |x| x, |x| x;
    Gbp: Gbp::new, Gbp::value;
    People: People::new, People::value;
    Fte: Fte::new, Fte::value;
    Weeks: Weeks::new, Weeks::value;
    Share: Share::new, Share::value;
    Probability: Probability::new, Probability::value;
}

macro_rules! whole_setting {
    ($($name:ty),*) => {$(
        impl Setting for $name {
            fn kind(range: &[f64]) -> Kind {
                let (min, max) = ends(range);
                Kind::Whole { min: min as i64, max: max as i64 }
            }
            fn from_value(value: &Value) -> Option<Self> {
                match value {
                    Value::Whole(whole) => <$name>::try_from(*whole).ok(),
                    _ => None,
                }
            }
            fn to_value(&self) -> Value {
                Value::Whole(i64::try_from(*self).unwrap_or(i64::MAX))
            }
        }
    )*};
}

whole_setting!(u32, u64);

impl Setting for bool {
    fn kind(_: &[f64]) -> Kind {
        Kind::Switch
    }
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Switch(on) => Some(*on),
            _ => None,
        }
    }
    fn to_value(&self) -> Value {
        Value::Switch(*self)
    }
}

impl Setting for String {
    fn kind(_: &[f64]) -> Kind {
        Kind::Text
    }
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Text(text) => Some(text.clone()),
            _ => None,
        }
    }
    fn to_value(&self) -> Value {
        Value::Text(self.clone())
    }
}

impl Setting for Vec<f64> {
    fn kind(range: &[f64]) -> Kind {
        let (min, max) = ends(range);
        Kind::Numbers { min, max }
    }
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Numbers(numbers) => Some(numbers.clone()),
            _ => None,
        }
    }
    fn to_value(&self) -> Value {
        Value::Numbers(self.clone())
    }
}

/// Declares an enum whose variants are the named choices of a parameter.
macro_rules! choices {
    ($(#[$doc:meta])* $name:ident { $($(#[doc = $meaning:literal])+ $variant:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name {
            $($(#[doc = $meaning])+ $variant,)+
        }

        impl $crate::scenario::registry::Setting for $name {
            fn kind(_: &[f64]) -> $crate::scenario::registry::Kind {
                $crate::scenario::registry::Kind::Choice(&[
                    $($crate::scenario::registry::Choice {
                        name: $text,
                        meaning: concat!($($meaning),+),
                    },)+
                ])
            }
            fn from_value(value: &$crate::scenario::registry::Value) -> Option<Self> {
                match value {
                    $($crate::scenario::registry::Value::Text(text) if text == $text => Some(Self::$variant),)+
                    _ => None,
                }
            }
            fn to_value(&self) -> $crate::scenario::registry::Value {
                $crate::scenario::registry::Value::Text(self.to_string())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                out.write_str(match self { $(Self::$variant => $text,)+ })
            }
        }
    };
}
pub(crate) use choices;

/// Declares one block of parameters: a struct for the engine and its registry entries.
///
/// Each line reads `name: Type = default, [range], "unit", gbp POWER, off OFF, "meaning", "source";`.
macro_rules! parameters {
    (
        $(#[$doc:meta])*
        $block:literal $name:ident {
            $($field:ident: $type:ty = $default:expr, [$($range:expr),*], $unit:literal, gbp $gbp:literal,
              off $off:expr, $meaning:literal, $source:literal;)+
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name {
            $(#[doc = concat!($meaning, " (unit: ", $unit, ")")] pub $field: $type,)+
        }

        impl $name {
            /// Registry entries of this block, in the order in which a scenario states them.
            pub fn parameters() -> Vec<$crate::scenario::registry::Parameter> {
                vec![$($crate::scenario::registry::Parameter {
                    key: concat!($block, ".", stringify!($field)),
                    kind: <$type as $crate::scenario::registry::Setting>::kind(&[$($range as f64),*]),
                    default: || {
                        let default: $type = $default;
                        $crate::scenario::registry::Setting::to_value(&default)
                    },
                    unit: $unit,
                    gbp_power: $gbp,
                    off: $off,
                    meaning: $meaning,
                    source: $source,
                    since: "0.1.0",
                },)+]
            }

            /// The block with the values that `look_up` gives for dotted keys. `None` when a value
            /// is missing or of the wrong kind, which validation has excluded.
            pub fn from_values(
                look_up: &dyn Fn(&str) -> Option<$crate::scenario::registry::Value>,
            ) -> Option<Self> {
                Some(Self {
                    $($field: <$type as $crate::scenario::registry::Setting>::from_value(
                        &look_up(concat!($block, ".", stringify!($field)))?,
                    )?,)+
                })
            }

            /// The block's values, by dotted key, in registry order.
            pub fn values(&self) -> Vec<(&'static str, $crate::scenario::registry::Value)> {
                vec![$((
                    concat!($block, ".", stringify!($field)),
                    $crate::scenario::registry::Setting::to_value(&self.$field),
                ),)+]
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self { $($field: $default,)+ }
            }
        }
    };
}
pub(crate) use parameters;
