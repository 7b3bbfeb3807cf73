//! `--until-precise MEASURE=WIDTH`: replicates are added until an interval is narrow enough.

use super::{CliError, Common};
use crate::experiment::statistics::difference;
use crate::experiment::statistics::stopping::{Verdict, half_width, look};
use crate::math::sum;
use crate::measure::names::{self, Measure};
use crate::scenario::nearest_name;
use crate::words::counted;

/// Most replicates where the command line does not say.
const CAP: u32 = 1_000;

/// What is to be how precise.
#[derive(Clone, Debug, PartialEq)]
pub struct Precision {
    /// Column of the measure.
    pub column: usize,
    measure: Measure,
    width: f64,
    relative: bool,
    /// Most replicates.
    pub cap: u32,
}

/// What to do after a look at all rule sets.
#[derive(Clone, Debug, PartialEq)]
pub enum Decision {
    /// Add replicates up to this number.
    More(u32),
    /// Stop, and say this.
    Stop(String),
}

impl Precision {
    /// What the flags ask for, if they do.
    pub fn asked(common: &Common) -> Result<Option<Self>, CliError> {
        let cap = common.max_replicates.map_or(Ok(CAP), |cap| {
            let usage = |_| CliError::Usage("error: --max-replicates is at most 100000".into());
            u32::try_from(cap).map_err(usage)
        })?;
        match &common.until_precise {
            None if common.max_replicates.is_some() => {
                Err(CliError::Usage("error: --max-replicates goes with --until-precise".into()))
            }
            None => Ok(None),
            Some(_) if common.replicates.is_some() || common.sets_key("run.replicates") => {
                Err(CliError::Usage(
                    "error: --until-precise decides how many replicates there are\n  = help: cap them with \
                 --max-replicates instead of --replicates or --set run.replicates"
                        .into(),
                ))
            }
            Some(text) => Self::parse(text, cap).map(Some),
        }
    }

    fn parse(text: &str, cap: u32) -> Result<Self, CliError> {
        let wrong = |why: String| {
            let help =
                "write --until-precise outcomes_per_1000_residents=0.5%, or =0.2 in the measure's unit";
            CliError::Usage(format!("error: --until-precise {text}: {why}\n  = help: {help}"))
        };
        let (name, width) = text.split_once('=').ok_or_else(|| wrong("there is no = in it".into()))?;
        let column = measure_column(name.trim()).map_err(&wrong)?;
        let (number, relative) = match width.trim().strip_suffix('%') {
            Some(percent) => (percent.trim().parse::<f64>().map(|percent| percent / 100.0), true),
            None => (width.trim().parse(), false),
        };
        let width = number.map_err(|_| wrong(format!("\"{width}\" is not a number or a percentage")))?;
        if !(width > 0.0 && width.is_finite()) {
            return Err(wrong("the width must be above 0".into()));
        }
        if cap == 0 {
            return Err(wrong("--max-replicates must be above 0".into()));
        }
        Ok(Self { column, measure: names::all()[column].clone(), width, relative, cap })
    }

    /// A line that tells plans apart.
    pub fn plan(&self) -> String {
        format!("until {} {} {} {}\n", self.measure.name, self.width, self.relative, self.cap)
    }

    /// Looks at the values of all rule sets, replicate by replicate: at differences from the baseline where there
    /// are several, at the mean of the only one otherwise. A percentage is one of the baseline's mean; divided by
    /// 1 + width, it holds for the true mean too (Chow and Robbins 1965).
    pub fn decide(&self, values: &[Vec<Option<f64>>], baseline: usize) -> Decision {
        let base: Vec<f64> = values[baseline].iter().copied().flatten().collect();
        let mean = sum(base.iter().copied()) / (base.len() as f64).max(1.0);
        let wanted = if self.relative { self.width * mean.abs() / (1.0 + self.width) } else { self.width };
        let targets: Vec<Vec<f64>> = if values.len() == 1 {
            vec![base]
        } else {
            let others = values.iter().enumerate().filter(|(row, _)| *row != baseline);
            let apart = |own: &Vec<Option<f64>>| {
                own.iter()
                    .zip(&values[baseline])
                    .filter_map(|(a, b)| Some(difference((*a)?, (*b)?)))
                    .collect()
            };
            others.map(|(_, own)| apart(own)).collect()
        };
        let verdicts =
            targets.iter().map(|target| look(target, wanted, self.cap).unwrap_or(Verdict::More(self.cap)));
        self.together(&verdicts.collect::<Vec<_>>(), wanted, values[baseline].len() as u32, values.len() > 1)
    }

    fn together(&self, verdicts: &[Verdict], wanted: f64, n: u32, differences: bool) -> Decision {
        let more = verdicts.iter().filter_map(|verdict| match verdict {
            Verdict::More(next) => Some((*next).min(self.cap)),
            _ => None,
        });
        if let Some(next) = more.max().filter(|next| *next > n) {
            return Decision::More(next);
        }
        let widest = verdicts.iter().filter_map(|verdict| match verdict {
            Verdict::Precise(estimate) | Verdict::Capped(estimate, _) => Some(half_width(estimate)),
            Verdict::More(_) => None,
        });
        let widest = widest.fold(0.0, f64::max);
        let needed = verdicts.iter().filter_map(|verdict| match verdict {
            Verdict::Capped(_, needed) => Some(*needed),
            _ => None,
        });
        let what = if differences { "differences" } else { "mean" };
        let name = &self.measure.name;
        let (figure, counted) = (super::run::figure, counted(n, "replicate"));
        Decision::Stop(match needed.max() {
            None if verdicts.iter().all(|verdict| matches!(verdict, Verdict::Precise(_))) => format!(
                "precise after {counted}: {what} of {name} within {} (wanted {})",
                figure(widest),
                figure(wanted)
            ),
            Some(_) if !widest.is_finite() => {
                format!(
                    "NOT precise: the cap of {counted} came first, which tells nothing of {what} of {name}; two are the least"
                )
            }
            Some(needed) => format!(
                "NOT precise: the cap of {counted} came first; {what} of {name} within {} (wanted {}); about {needed} \
                 are needed",
                figure(widest),
                figure(wanted)
            ),
            None => format!("NOT precise: {name} is not defined in enough of {counted}"),
        })
    }
}

/// The column of a measure, or why there is none.
pub fn measure_column(name: &str) -> Result<usize, String> {
    let all = names::all();
    all.iter().position(|measure| measure.name == name).ok_or_else(|| {
        let near = nearest_name(name, all.iter().map(|measure| measure.name.as_str()));
        let near = near.map_or(String::new(), |near| format!("; did you mean \"{near}\"?"));
        format!("there is no measure \"{name}\"{near} (`rebalance list measures` shows all)")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_are_percentages_or_plain() {
        let parse = |text: &str| Precision::parse(text, 100);
        let half = parse("people_served=0.5%").expect("valid");
        assert_eq!((half.width, half.relative), (0.005, true));
        assert!(!parse("people_served=20").expect("valid").relative);
        for (text, why) in [
            ("people_served", "no ="),
            ("people_servd=1%", "did you mean \"people_served\"?"),
            ("people_served=x", "not a number"),
            ("people_served=-1", "above 0"),
        ] {
            let Err(CliError::Usage(message)) = parse(text) else { panic!("{text}") };
            assert!(message.contains(why), "{message}");
        }
    }

    #[test]
    fn one_replicate_tells_no_width() {
        let precision = Precision::parse("people_served=50%", 1).expect("valid");
        let Decision::Stop(words) = precision.decide(&[vec![Some(7.0)]], 0) else { panic!("the cap is 1") };
        assert!(words.contains("the cap of 1 replicate came first, which tells nothing"), "{words}");
    }

    #[test]
    fn the_widest_difference_decides() {
        let precision = Precision::parse("people_served=1", 60).expect("valid");
        let wave = |size: f64| (0..60).map(|i| Some(size * f64::from(i % 7))).collect::<Vec<_>>();
        let still = vec![Some(0.0); 60];
        assert!(
            matches!(precision.decide(&[still.clone(), wave(0.1)], 0), Decision::Stop(words) if words.starts_with("precise"))
        );
        let capped = precision.decide(&[still, wave(0.1), wave(90.0)], 0);
        assert!(
            matches!(capped, Decision::Stop(words) if words.contains("the cap of 60 replicates came first"))
        );
    }
}
