//! The headline: outcomes for communities against market-share concentration.

use super::canvas::{Figure, INK, PALETTE, Surface, failed, label, round_range, text, write};
use super::crowd::{self, Crowd, MOST_MARKERS, Member};
use super::marks::{Frame, line, marker, rules_colour, rules_marker};
use super::table::{Data, Pair, Results};
use super::{ChartError, ChartFile};
use crate::folder::Folder;
use crate::math::{mean, mean_and_sd};
use crate::measure::names;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// Horizontal and vertical measure.
const MEASURES: [&str; 2] = ["hhi_local_lead", "outcomes_per_1000_residents"];
/// Words of the axes.
const LABELS: (&str, &str) =
    ("local HHI, points (0 to 10,000), spend-weighted", "outcomes per 1,000 residents a year");
/// Points on an ellipse.
const ELLIPSE_POINTS: u32 = 120;
/// Years of the burn-in.
const UNSETTLED: RGBColor = RGBColor(170, 170, 170);

/// A rule set after burn-in: one point per replicate that has both measures.
struct Cluster {
    label: String,
    cloud: Vec<Pair>,
    /// Its means, each over all replicates that have the measure: those of the tables.
    at: (f64, f64),
}

impl Cluster {
    /// The joint region of its means.
    fn region(&self) -> Option<Vec<(f64, f64)>> {
        let (x, y) = centre(&self.cloud);
        let (dx, dy) = (self.at.0 - x, self.at.1 - y);
        let [of_x, of_y] = MEASURES.map(names::bounds);
        // What lies outside what the measures can be is drawn in to their bounds: the true means are within.
        let within =
            |(x, y): (f64, f64)| ((x + dx).clamp(of_x.low, of_x.high), (y + dy).clamp(of_y.low, of_y.high));
        Some(joint_region(&self.cloud)?.into_iter().map(within).collect())
    }
}

/// A year of a single run: one point per replicate.
struct Year {
    year: usize,
    settled: bool,
    cloud: Vec<Pair>,
}

struct Headline {
    clusters: Vec<Cluster>,
    years: Vec<Year>,
    baseline: usize,
    footer: String,
    description: String,
}

fn centre(cloud: &[Pair]) -> (f64, f64) {
    let n = cloud.len().max(1) as f64;
    (cloud.iter().map(|p| p.x).sum::<f64>() / n, cloud.iter().map(|p| p.y).sum::<f64>() / n)
}

/// Draws the figure; nothing where no round after the burn-in has both measures.
pub fn draw(results: &Results, out: &Folder) -> Result<Option<ChartFile>, ChartError> {
    let clusters: Vec<Cluster> = (0..results.rules.len())
        .map(|rules| Cluster {
            label: results.rules[rules].clone(),
            cloud: results.pairs_after_burn_in(rules, MEASURES),
            at: MEASURES.map(|measure| mean(&results.after_burn_in(rules, measure))).into(),
        })
        .filter(|cluster| !cluster.cloud.is_empty())
        .collect();
    if clusters.is_empty() {
        return Ok(None);
    }
    let mut clusters = clusters;
    if clusters.len() > MOST_MARKERS {
        // Numbers run from the most outcomes to the fewest.
        clusters.sort_by(|a, b| b.at.1.total_cmp(&a.at.1));
    }
    let years = if clusters.len() == 1 { results.pairs_by_year(0, MEASURES) } else { Vec::new() };
    let points: Vec<String> = clusters
        .iter()
        .map(|cluster| {
            let (x, y) = cluster.at;
            format!("{}: {y:.2} outcomes at a local HHI of {x:.0}", cluster.label)
        })
        .collect();
    let baseline = &results.rules[results.baseline];
    let fewest = clusters.iter().map(|cluster| cluster.cloud.len()).min().unwrap_or(0);
    let ellipses = if fewest < FEWEST_OF_A_REGION {
        format!("no joint region below {FEWEST_OF_A_REGION} replicates")
    } else if clusters.len() > MOST_MARKERS {
        "ellipse: joint 95% region of the paired difference from the baseline".to_string()
    } else {
        "ellipse: joint 95% region of the two means".to_string()
    };
    let without = match fewest < results.n {
        true => format!("; dots: replicates that have both measures, {fewest} of {} at least", results.n),
        false => String::new(),
    };
    let figure = Headline {
        description: format!("Outcomes per 1,000 residents a year against local HHI. {}.", points.join("; ")),
        baseline: clusters.iter().position(|cluster| cluster.label == *baseline).unwrap_or(0),
        clusters,
        years: (years.into_iter().enumerate())
            .filter(|(_, cloud)| !cloud.is_empty())
            .map(|(row, cloud)| Year { year: row + 1, settled: row as f64 >= results.burn_in_years(), cloud })
            .collect(),
        footer: results.footer(&format!("{ellipses}{without}")),
    };
    write(&figure, out).map(Some)
}

/// Fewest replicates with a joint region: that of three is sixteen standard deviations wide, and hides the points.
const FEWEST_OF_A_REGION: usize = 4;

/// The joint confidence region of two means (Hotelling 1931): an ellipse; none where replicates are too few.
fn joint_region(cloud: &[Pair]) -> Option<Vec<(f64, f64)>> {
    let n = cloud.len() as f64;
    if cloud.len() < FEWEST_OF_A_REGION {
        return None;
    }
    let (mx, my) = centre(cloud);
    let (_, sx) = mean_and_sd(&cloud.iter().map(|p| p.x).collect::<Vec<_>>())?;
    let (_, sy) = mean_and_sd(&cloud.iter().map(|p| p.y).collect::<Vec<_>>())?;
    let covariance = cloud.iter().map(|p| (p.x - mx) * (p.y - my)).sum::<f64>() / (n - 1.0);
    let correlation = if sx * sy > 0.0 { (covariance / (sx * sy)).clamp(-1.0, 1.0) } else { 0.0 };
    let radius = libm::sqrt(hotelling_radius(n) / n);
    let across = libm::sqrt(1.0 - correlation * correlation);
    let point = |step: u32| {
        let angle = f64::from(step) / f64::from(ELLIPSE_POINTS) * std::f64::consts::TAU;
        let (u, v) = (libm::cos(angle), libm::sin(angle));
        (mx + radius * sx * u, my + radius * sy * (correlation * u + across * v))
    };
    Some((0..=ELLIPSE_POINTS).map(point).collect())
}

/// T squared at 95% for two means: 2(n-1)/(n-2) F(2, n-2), where F(2, m) has the closed quantile
/// m/2 (0.05^(-2/m) - 1).
fn hotelling_radius(n: f64) -> f64 {
    let m = n - 2.0;
    let f = m / 2.0 * (crate::math::pow(0.05, -2.0 / m) - 1.0);
    2.0 * (n - 1.0) / m * f
}

/// A line of the key: its sign and its words.
enum Sign {
    Rules(usize),
    Replicate(RGBColor),
    Region(RGBColor),
    Years(RGBColor, bool),
}

impl Headline {
    /// Whether rule sets are told apart by numbers.
    fn is_numbered(&self) -> bool {
        self.clusters.len() > MOST_MARKERS
    }

    /// Many rule sets, each with the joint interval of its difference from the baseline in the same worlds.
    fn draw_numbered<DB: DrawingBackend>(&self, surface: &Surface<DB>) -> Result<(), ChartError> {
        let baseline = &self.clusters[self.baseline].cloud;
        let (x, y) = centre(baseline);
        let member = |((_, name), cluster): ((Sign, String), &Cluster)| {
            let paired = |pair: &Pair| {
                let same = baseline.iter().find(|other| other.replicate == pair.replicate)?;
                Some(Pair { x: x + pair.x - same.x, y: y + pair.y - same.y, ..*pair })
            };
            let cloud: Vec<Pair> = cluster.cloud.iter().filter_map(paired).collect();
            let region = joint_region(&cloud).unwrap_or_default();
            Member { name, at: cluster.at, region }
        };
        let members: Vec<Member> = self.signs().into_iter().zip(&self.clusters).map(member).collect();
        Crowd { members: &members, baseline: self.baseline, labels: LABELS }.draw(surface)
    }

    /// Everything that the figure shows, as values.
    fn points(&self) -> Vec<(f64, f64)> {
        let years = self.years.iter().map(|year| &year.cloud);
        let clouds = self.clusters.iter().map(|c| &c.cloud).chain(years);
        let regions = self.clusters.iter().filter_map(Cluster::region).flatten();
        clouds.flatten().map(|pair| (pair.x, pair.y)).chain(regions).collect()
    }

    fn frame(&self, size: (u32, u32)) -> (Frame, (f64, f64)) {
        let all = self.points();
        let (x_low, x_high, x_step) = round_range(all.iter().map(|p| p.0));
        let (y_low, y_high, y_step) = round_range(all.iter().map(|p| p.1));
        let pixels = (150, 90, size.0 as i32 - 60, size.1 as i32 - 120);
        (Frame { pixels, x: (x_low, x_high), y: (y_low, y_high) }, (x_step, y_step))
    }

    /// The years of a single run: a line through their means, and every replicate as a faint dot.
    fn draw_years<DB: DrawingBackend>(&self, surface: &Surface<DB>, frame: &Frame) -> Result<(), ChartError> {
        let colour = |year: &Year| if year.settled { PALETTE[1] } else { UNSETTLED };
        for year in &self.years {
            for pair in &year.cloud {
                let dot = Circle::new(frame.at(pair.x, pair.y), 5, colour(year).mix(0.35).filled());
                surface.draw(&dot).map_err(failed)?;
            }
        }
        let at: Vec<(i32, i32)> = self
            .years
            .iter()
            .map(|year| {
                let (x, y) = centre(&year.cloud);
                frame.at(x, y)
            })
            .collect();
        for (row, pair) in self.years.windows(2).enumerate() {
            let settled = pair[1].settled;
            line(surface, &[Some(at[row]), Some(at[row + 1])], colour(&pair[1]), !settled)?;
        }
        for (year, at) in self.years.iter().zip(&at) {
            marker(surface, *at, 0, colour(year))?;
        }
        let ends = [
            (self.years.first().zip(at.first()), VPos::Top, 22),
            (self.years.last().zip(at.last()), VPos::Bottom, -26),
        ];
        for (end, side, away) in ends {
            let Some((year, at)) = end else { continue };
            let style = text(32).pos(Pos::new(HPos::Center, side));
            let words = format!("year {}", year.year);
            surface.draw_text(&words, &style, (at.0, at.1 + away)).map_err(failed)?;
        }
        Ok(())
    }

    fn draw_cluster<DB: DrawingBackend>(
        &self,
        surface: &Surface<DB>,
        frame: &Frame,
        row: usize,
    ) -> Result<(), ChartError> {
        let cluster = &self.clusters[row];
        let colour = self.colour(row);
        for pair in &cluster.cloud {
            let dot = Circle::new(frame.at(pair.x, pair.y), 8, colour.mix(0.3).filled());
            surface.draw(&dot).map_err(failed)?;
        }
        if let Some(region) = cluster.region() {
            let outline: Vec<(i32, i32)> = region.iter().map(|&(x, y)| frame.at(x, y)).collect();
            surface.draw(&PathElement::new(outline, colour.stroke_width(4))).map_err(failed)?;
        }
        let (x, y) = cluster.at;
        rules_marker(surface, frame.at(x, y), row, self.baseline)
    }

    fn colour(&self, row: usize) -> RGBColor {
        rules_colour(row, self.baseline)
    }

    /// The lines of the key.
    fn signs(&self) -> Vec<(Sign, String)> {
        if self.clusters.len() > 1 {
            let name = |row: usize| match &self.clusters[row].label {
                label if row == self.baseline => format!("{label} (compared with)"),
                label => label.clone(),
            };
            return (0..self.clusters.len()).map(|row| (Sign::Rules(row), name(row))).collect();
        }
        let mut signs = vec![(Sign::Rules(0), "mean after burn-in".to_string())];
        if self.clusters[0].cloud.len() > 1 {
            signs.push((Sign::Replicate(self.colour(0)), "one replicate after burn-in".into()));
        }
        if joint_region(&self.clusters[0].cloud).is_some() {
            signs.push((Sign::Region(self.colour(0)), "95% region of the mean".into()));
        }
        if self.years.iter().any(|year| year.settled) {
            signs.push((Sign::Years(PALETTE[1], false), "years after burn-in".into()));
        }
        if self.years.iter().any(|year| !year.settled) {
            signs.push((Sign::Years(UNSETTLED, true), "years of burn-in".into()));
        }
        signs
    }

    /// A key to markers and lines, in the corner of the frame that has the most room.
    fn key<DB: DrawingBackend>(&self, surface: &Surface<DB>, frame: &Frame) -> Result<(), ChartError> {
        const ROW: i32 = 46;
        const WIDTH: i32 = 560;
        let signs = self.signs();
        let (left, top, right, bottom) = frame.pixels;
        let height = ROW * signs.len() as i32 + 20;
        let corners = [
            (right - WIDTH, bottom - height - 20),
            (left + 30, bottom - height - 20),
            (right - WIDTH, top + 10),
            (left + 30, top + 10),
        ];
        let points: Vec<(i32, i32)> = self.points().into_iter().map(|(x, y)| frame.at(x, y)).collect();
        let crowd = |corner: &(i32, i32)| {
            let inside = |p: &&(i32, i32)| {
                p.0 > corner.0 && p.0 < corner.0 + WIDTH && p.1 > corner.1 && p.1 < corner.1 + height
            };
            points.iter().filter(inside).count()
        };
        let (x, y) = corners.into_iter().min_by_key(crowd).unwrap_or(corners[0]);
        for (row, (sign, words)) in signs.into_iter().enumerate() {
            let at = (x + 30, y + 30 + row as i32 * ROW);
            self.sign(surface, sign, at)?;
            label(surface, &words, &text(34).color(&INK), HPos::Left, (at.0 + 46, at.1))?;
        }
        Ok(())
    }

    fn sign<DB: DrawingBackend>(
        &self,
        surface: &Surface<DB>,
        sign: Sign,
        at: (i32, i32),
    ) -> Result<(), ChartError> {
        let ends = [Some((at.0 - 30, at.1)), Some((at.0 + 30, at.1))];
        match sign {
            Sign::Rules(row) => rules_marker(surface, at, row, self.baseline),
            Sign::Replicate(colour) => {
                surface.draw(&Circle::new(at, 8, colour.mix(0.3).filled())).map_err(failed)
            }
            Sign::Region(colour) => {
                surface.draw(&Circle::new(at, 16, colour.stroke_width(4))).map_err(failed)
            }
            Sign::Years(colour, dashed) => {
                line(surface, &ends, colour, dashed)?;
                marker(surface, at, 0, colour)
            }
        }
    }
}

impl Figure for Headline {
    fn words(&self) -> ChartFile {
        let reading = if self.is_numbered() {
            "Each point is a rule set after the burn-in, numbered from the most outcomes to the fewest; the hollow \
             diamond is the one the others are compared with. Ellipses hold the paired difference from it in the \
             same worlds with 95% confidence, for both measures at once."
        } else if self.years.is_empty() {
            "Each point is a rule set after the burn-in; the hollow diamond is the one the others are compared \
             with. Rule sets meet the same worlds, so differences are much surer than the regions suggest: see the \
             chart of differences. Faint dots are replicates; ellipses, drawn from four replicates on, hold both means with 95% \
             confidence."
        } else {
            "The line follows the years, grey and dashed during the burn-in; the hollow diamond is the mean after \
             it. Faint dots are replicates; the ellipse, drawn from four replicates on, holds both means with 95% \
             confidence."
        };
        ChartFile {
            name: "headline",
            title: "Outcomes for communities against market concentration".into(),
            caption: format!(
                "People helped successfully per 1,000 residents a year, against the concentration of local \
                 markets. {reading} As a \
                 reading aid only: the US merger guidelines of 2023 call a market highly concentrated above 1,800 \
                 points; the UK CMA applies no threshold."
            ),
            description: self.description.clone(),
        }
    }

    fn height(&self) -> u32 {
        if self.is_numbered() { crowd::height(self.clusters.len()) } else { 1350 }
    }

    fn footer(&self) -> String {
        self.footer.clone()
    }

    fn data(&self) -> Data {
        let mut data = Data::new(&["series", "year", "replicate", MEASURES[0], MEASURES[1]]);
        let mut add = |series: &str, year: &str, cloud: &[Pair], (x, y): (f64, f64)| {
            data.row([series, year, "mean", &x.to_string(), &y.to_string()]);
            for pair in cloud {
                let cells = [pair.replicate.to_string(), pair.x.to_string(), pair.y.to_string()];
                data.row([series, year].map(str::to_string).into_iter().chain(cells));
            }
        };
        for cluster in &self.clusters {
            add(&cluster.label, "after burn-in", &cluster.cloud, cluster.at);
        }
        for year in &self.years {
            add(&self.clusters[0].label, &year.year.to_string(), &year.cloud, centre(&year.cloud));
        }
        data
    }

    fn draw<DB: DrawingBackend>(&self, surface: &Surface<DB>) -> Result<(), ChartError> {
        if self.is_numbered() {
            return self.draw_numbered(surface);
        }
        let (frame, steps) = self.frame(surface.dim_in_pixel());
        frame.axes(surface, steps, LABELS)?;
        self.draw_years(surface, &frame)?;
        for row in 0..self.clusters.len() {
            self.draw_cluster(surface, &frame, row)?;
        }
        self.key(surface, &frame)
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn hotelling_radius_reference_value() {
        // F(2, 18) at 95% is 3.5546.
        assert!((super::hotelling_radius(20.0) - 2.0 * 19.0 / 18.0 * 3.554_557).abs() < 1e-4);
    }
}
