//! A figure of panels below each other, with lines over the years.

use super::canvas::{Figure, Surface};
use super::panel::{DATA_COLUMNS, TimePanel};
use super::table::{BANDS, Data, Results};
use super::{ChartError, ChartFile};
use plotters::prelude::DrawingBackend;

/// Panels of one rule set over the years.
pub struct OverTime {
    words: ChartFile,
    panels: Vec<TimePanel>,
    footer: String,
}

impl OverTime {
    /// Panels under a title that names the baseline, whose lines they show.
    pub fn new(results: &Results, words: ChartFile, panels: Vec<TimePanel>) -> Self {
        let words = ChartFile { title: results.of_baseline(&words.title), ..words };
        Self { words, panels, footer: results.footer(BANDS) }
    }
}

impl Figure for OverTime {
    fn words(&self) -> ChartFile {
        self.words.clone()
    }

    fn height(&self) -> u32 {
        460 + 720 * self.panels.len() as u32
    }

    fn footer(&self) -> String {
        self.footer.clone()
    }

    fn data(&self) -> Data {
        let mut data = Data::new(&DATA_COLUMNS);
        self.panels.iter().for_each(|panel| panel.add_data(&mut data));
        data
    }

    fn draw<DB: DrawingBackend>(&self, surface: &Surface<DB>) -> Result<(), ChartError> {
        let rows = surface.split_evenly((self.panels.len(), 1));
        self.panels.iter().zip(&rows).try_for_each(|(panel, row)| panel.draw(row))
    }
}
