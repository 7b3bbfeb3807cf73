//! The headline: outcomes for communities against market-share concentration.

use super::canvas::{Figure, INK, PALETTE, Surface, failed, round_range, text, write};
use super::panel::{Frame, line, marker};
use super::table::{Results, Yearly};
use super::{ChartError, ChartFile};
use crate::math::mean_and_sd;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use std::fmt::Write;
use std::path::Path;

/// Horizontal measure.
const CONCENTRATION: &str = "hhi_local_lead";
/// Vertical measure.
const OUTCOMES: &str = "outcomes_per_1000_residents";
/// Points on an ellipse.
const ELLIPSE_POINTS: u32 = 120;

/// Points that belong together: a rule set after burn-in, or the years of one run.
struct Cluster {
    label: String,
    cloud: Vec<(f64, f64)>,
}

struct Headline {
    clusters: Vec<Cluster>,
    path: Vec<(f64, f64)>,
    first_settled_year: usize,
    baseline: usize,
    footer: String,
    description: String,
}

fn centre(cloud: &[(f64, f64)]) -> (f64, f64) {
    let n = cloud.len().max(1) as f64;
    (cloud.iter().map(|p| p.0).sum::<f64>() / n, cloud.iter().map(|p| p.1).sum::<f64>() / n)
}

/// Draws the figure.
pub fn draw(results: &Results, out: &Path) -> Result<ChartFile, ChartError> {
    let pairs =
        |xs: &[f64], ys: &[f64]| -> Vec<(f64, f64)> { xs.iter().copied().zip(ys.iter().copied()).collect() };
    let clusters: Vec<Cluster> = (0..results.rules.len())
        .map(|rules| Cluster {
            label: results.rules[rules].clone(),
            cloud: pairs(
                &results.after_burn_in(rules, CONCENTRATION),
                &results.after_burn_in(rules, OUTCOMES),
            ),
        })
        .collect();
    let path = if clusters.len() == 1 {
        let x = results.by_year(0, CONCENTRATION, Yearly::Mean);
        let y = results.by_year(0, OUTCOMES, Yearly::Mean);
        x.iter().zip(&y).map(|(x, y)| centre(&pairs(x, y))).collect()
    } else {
        Vec::new()
    };
    let points: Vec<String> = clusters
        .iter()
        .map(|cluster| {
            let (x, y) = centre(&cluster.cloud);
            format!("{}: {y:.2} outcomes at a local HHI of {x:.0}", cluster.label)
        })
        .collect();
    let figure = Headline {
        description: format!("Outcomes per 1,000 residents a year against local HHI. {}.", points.join("; ")),
        clusters,
        path,
        first_settled_year: libm::ceil(results.burn_in_years()) as usize,
        baseline: results.baseline,
        footer: results.footer().replace(
            "bands and bars: 95% t interval of the mean",
            "ellipse: joint 95% region of the two means",
        ),
    };
    write(&figure, out)
}

/// The joint confidence region of two means (Hotelling 1931): an ellipse; none below three replicates.
fn joint_region(cloud: &[(f64, f64)]) -> Option<Vec<(f64, f64)>> {
    let n = cloud.len() as f64;
    if cloud.len() < 3 {
        return None;
    }
    let (mx, my) = centre(cloud);
    let (_, sx) = mean_and_sd(&cloud.iter().map(|p| p.0).collect::<Vec<_>>())?;
    let (_, sy) = mean_and_sd(&cloud.iter().map(|p| p.1).collect::<Vec<_>>())?;
    let covariance = cloud.iter().map(|p| (p.0 - mx) * (p.1 - my)).sum::<f64>() / (n - 1.0);
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

impl Headline {
    fn frame(&self, size: (u32, u32)) -> (Frame, (f64, f64)) {
        let regions = self.clusters.iter().filter_map(|cluster| joint_region(&cluster.cloud)).flatten();
        let all: Vec<(f64, f64)> = self
            .clusters
            .iter()
            .flat_map(|cluster| cluster.cloud.iter().copied())
            .chain(self.path.iter().copied())
            .chain(regions)
            .collect();
        let (x_low, x_high, x_step) = round_range(all.iter().map(|p| p.0));
        let (y_low, y_high, y_step) = round_range(all.iter().map(|p| p.1));
        let pixels = (150, 90, size.0 as i32 - 60, size.1 as i32 - 120);
        (Frame { pixels, x: (x_low, x_high), y: (y_low, y_high) }, (x_step, y_step))
    }

    fn draw_path<DB: DrawingBackend>(&self, surface: &Surface<DB>, frame: &Frame) -> Result<(), ChartError> {
        if self.path.len() < 2 {
            return Ok(());
        }
        let points: Vec<Option<(i32, i32)>> = self.path.iter().map(|&(x, y)| Some(frame.at(x, y))).collect();
        let settled = self.first_settled_year.min(points.len() - 1);
        line(surface, &points[..=settled], RGBColor(170, 170, 170), true)?;
        line(surface, &points[settled..], PALETTE[1], false)?;
        for (year, point) in points.iter().enumerate() {
            let Some(at) = point else { continue };
            let colour = if year >= settled { PALETTE[1] } else { RGBColor(170, 170, 170) };
            marker(surface, *at, 0, colour)?;
            if year == 0 || year + 1 == points.len() {
                let style = text(32).pos(Pos::new(HPos::Center, VPos::Top));
                surface
                    .draw_text(&format!("year {}", year + 1), &style, (at.0, at.1 + 22))
                    .map_err(failed)?;
            }
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
        let colour = PALETTE[(row + 1) % PALETTE.len()];
        for &(x, y) in &cluster.cloud {
            surface.draw(&Circle::new(frame.at(x, y), 7, colour.mix(0.3).filled())).map_err(failed)?;
        }
        if let Some(region) = joint_region(&cluster.cloud) {
            let outline: Vec<(i32, i32)> = region.iter().map(|&(x, y)| frame.at(x, y)).collect();
            surface.draw(&PathElement::new(outline, colour.stroke_width(4))).map_err(failed)?;
        }
        let (x, y) = centre(&cluster.cloud);
        self.point(surface, frame.at(x, y), row)
    }

    /// A key to markers and lines, in the corner of the frame that has the most room.
    fn key<DB: DrawingBackend>(&self, surface: &Surface<DB>, frame: &Frame) -> Result<(), ChartError> {
        const ROW: i32 = 46;
        const WIDTH: i32 = 560;
        let (left, top, right, bottom) = frame.pixels;
        let height = ROW * self.clusters.len() as i32 + 20;
        let corners = [
            (right - WIDTH, bottom - height - 20),
            (left + 30, bottom - height - 20),
            (right - WIDTH, top + 10),
            (left + 30, top + 10),
        ];
        let points: Vec<(i32, i32)> = self
            .clusters
            .iter()
            .flat_map(|cluster| {
                cluster.cloud.iter().copied().chain(joint_region(&cluster.cloud).unwrap_or_default())
            })
            .chain(self.path.iter().copied())
            .map(|(x, y)| frame.at(x, y))
            .collect();
        let crowd = |corner: &(i32, i32)| {
            let inside = |p: &&(i32, i32)| {
                p.0 > corner.0 && p.0 < corner.0 + WIDTH && p.1 > corner.1 && p.1 < corner.1 + height
            };
            points.iter().filter(inside).count()
        };
        let (x, y) = corners.into_iter().min_by_key(crowd).unwrap_or(corners[0]);
        for (row, cluster) in self.clusters.iter().enumerate() {
            let at = (x + 20, y + 30 + row as i32 * ROW);
            let note = if self.clusters.len() == 1 {
                "mean after burn-in".to_string()
            } else if row == self.baseline {
                format!("{} (compared with)", cluster.label)
            } else {
                cluster.label.clone()
            };
            self.point(surface, at, row)?;
            let style = text(34).color(&INK).pos(Pos::new(HPos::Left, VPos::Center));
            surface.draw_text(&note, &style, (at.0 + 36, at.1)).map_err(failed)?;
        }
        Ok(())
    }

    /// The marker of a rule set: a hollow diamond for the baseline.
    fn point<DB: DrawingBackend>(
        &self,
        surface: &Surface<DB>,
        at: (i32, i32),
        row: usize,
    ) -> Result<(), ChartError> {
        if row != self.baseline {
            return marker(surface, at, row, PALETTE[(row + 1) % PALETTE.len()]);
        }
        let diamond: Vec<(i32, i32)> = vec![
            (at.0, at.1 - 20),
            (at.0 + 20, at.1),
            (at.0, at.1 + 20),
            (at.0 - 20, at.1),
            (at.0, at.1 - 20),
        ];
        surface.draw(&Polygon::new(diamond.clone(), WHITE.filled())).map_err(failed)?;
        surface.draw(&PathElement::new(diamond, BLACK.stroke_width(5))).map_err(failed)
    }
}

impl Figure for Headline {
    fn words(&self) -> ChartFile {
        let years = if self.path.is_empty() {
            "Each point is a rule set after the burn-in; the hollow diamond is the one the others are compared with."
        } else {
            "The line follows the years, grey and dashed during the burn-in; the hollow diamond is the mean after it."
        };
        ChartFile {
            name: "headline",
            title: "Outcomes for communities against market concentration".into(),
            caption: format!(
                "People helped successfully per 1,000 residents a year, against the concentration of local \
                 markets. {years} Faint dots are replicates, ellipses hold both means with 95% confidence. As a \
                 reading aid only: the US merger guidelines of 2023 call a market highly concentrated above 1,800 \
                 points; the UK CMA applies no threshold."
            ),
            description: self.description.clone(),
        }
    }

    fn height(&self) -> u32 {
        1350
    }

    fn footer(&self) -> String {
        self.footer.clone()
    }

    fn data(&self) -> String {
        let mut csv = String::from("series,point,hhi_local_lead,outcomes_per_1000_residents\n");
        for cluster in &self.clusters {
            let (x, y) = centre(&cluster.cloud);
            let _ = writeln!(csv, "{},mean,{x},{y}", cluster.label);
            for (replicate, (x, y)) in cluster.cloud.iter().enumerate() {
                let _ = writeln!(csv, "{},replicate {replicate},{x},{y}", cluster.label);
            }
        }
        for (year, (x, y)) in self.path.iter().enumerate() {
            let _ = writeln!(csv, "years,year {},{x},{y}", year + 1);
        }
        csv
    }

    fn draw<DB: DrawingBackend>(&self, surface: &Surface<DB>) -> Result<(), ChartError> {
        let (frame, steps) = self.frame(surface.dim_in_pixel());
        let labels =
            ("local HHI, points (0 to 10,000), spend-weighted", "outcomes per 1,000 residents a year");
        frame.axes(surface, steps, labels)?;
        self.draw_path(surface, &frame)?;
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
