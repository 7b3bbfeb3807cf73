//! One look for all figures: font, sizes, palette, both file formats from one drawing.

use super::table::Data;
use super::{ChartError, ChartFile};
use crate::folder::{Folder, NewFile};
use base64::Engine;
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontStyle, register_font};

/// The chart font, a subset of DejaVu Sans; licence beside it.
static FONT: &[u8] = include_bytes!("font/dejavu-sans-subset.ttf");
/// Its name in SVG files.
pub const FONT_NAME: &str = "Rebalance Sans";
/// Width of every figure: 170 mm at 300 dpi.
pub const WIDTH: u32 = 2008;
/// Pixels per metre at 300 dpi.
const PIXELS_PER_METRE: u32 = 11_811;

/// Okabe and Ito's colours, safe for colour-blind readers, darkest first so that greys differ too.
pub const PALETTE: [RGBColor; 6] = [
    RGBColor(0, 0, 0),
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(230, 159, 0),
];
/// Axes and small print.
pub const INK: RGBColor = RGBColor(60, 60, 60);
/// Grid lines.
pub const GRID: RGBColor = RGBColor(225, 225, 225);

/// A drawing surface.
pub type Surface<DB> = DrawingArea<DB, Shift>;

/// A figure: its words, its data, and how it is drawn on any surface.
pub trait Figure {
    /// File name, title, caption, description.
    fn words(&self) -> ChartFile;
    /// Height in pixels.
    fn height(&self) -> u32;
    /// The small print.
    fn footer(&self) -> String;
    /// The data shown.
    fn data(&self) -> Data;
    /// Draws into the space between title and footer.
    fn draw<DB: DrawingBackend>(&self, surface: &Surface<DB>) -> Result<(), ChartError>;
}

/// Text of a size in pixels (12 pixels are about 2.9 points on paper).
pub fn text(size: u32) -> TextStyle<'static> {
    TextStyle::from((FONT_NAME, size).into_font()).color(&INK)
}

/// Text of a size in pixels, or smaller where so many words would be wider than the room.
pub fn fitting<DB: DrawingBackend>(
    surface: &Surface<DB>,
    words: &str,
    size: u32,
    room: u32,
) -> Result<TextStyle<'static>, ChartError> {
    let (width, _) = surface.estimate_text_size(words, &text(size)).map_err(failed)?;
    Ok(text(if width > room { size * room / width } else { size }))
}

/// One line of text whose middle is level with a point.
pub fn label<DB: DrawingBackend>(
    surface: &Surface<DB>,
    words: &str,
    style: &TextStyle,
    side: HPos,
    at: (i32, i32),
) -> Result<(), ChartError> {
    // Both backends centre the whole line, with its room for accents; letters sit a little higher.
    let drop = (style.font.get_size() * 0.12) as i32;
    surface.draw_text(words, &style.pos(Pos::new(side, VPos::Center)), (at.0, at.1 + drop)).map_err(failed)
}

/// An error of any surface.
pub fn failed(error: impl std::fmt::Display) -> ChartError {
    ChartError(error.to_string())
}

/// Writes a figure as SVG, PNG and CSV.
pub fn write<F: Figure>(figure: &F, out: &Folder) -> Result<ChartFile, ChartError> {
    register_font(FONT_NAME, FontStyle::Normal, FONT).map_err(|_| ChartError("the font is broken".into()))?;
    let words = figure.words();
    let size = (WIDTH, figure.height());
    let mut svg = String::new();
    {
        let root = SVGBackend::with_string(&mut svg, size).into_drawing_area();
        page(figure, &words, &root)?;
        root.present().map_err(failed)?;
    }
    let name = |ending: &str| format!("charts/{}.{ending}", words.name);
    out.write(&name("svg"), finish_svg(&svg, &words, size).as_bytes())?;
    let mut pixels = vec![0_u8; (size.0 * size.1 * 3) as usize];
    {
        let root = BitMapBackend::with_buffer(&mut pixels, size).into_drawing_area();
        page(figure, &words, &root)?;
        root.present().map_err(failed)?;
    }
    write_png(out.create(&name("png"))?, &pixels, size)?;
    figure.data().write(out.create(&name("csv"))?)?;
    Ok(words)
}

fn page<F: Figure, DB: DrawingBackend>(
    figure: &F,
    words: &ChartFile,
    root: &Surface<DB>,
) -> Result<(), ChartError> {
    root.fill(&WHITE).map_err(failed)?;
    let (_, height) = root.dim_in_pixel();
    root.draw_text(&words.title, &text(46).color(&BLACK), (40, 30)).map_err(failed)?;
    root.draw_text(&figure.footer(), &text(30), (40, height as i32 - 52)).map_err(failed)?;
    let inside = root.margin(105, 75, 20, 20);
    figure.draw(&inside)
}

/// Adds title, description, embedded font and a size in millimetres.
fn finish_svg(svg: &str, words: &ChartFile, size: (u32, u32)) -> String {
    let escape = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let font = base64::engine::general_purpose::STANDARD.encode(FONT);
    let head = format!(
        "<svg width=\"170mm\" viewBox=\"0 0 {} {}\" role=\"img\" aria-labelledby=\"{name}-title {name}-desc\" \
         xmlns=\"http://www.w3.org/2000/svg\">\n<title id=\"{name}-title\">{}</title>\n\
         <desc id=\"{name}-desc\">{}</desc>\n<style>@font-face{{font-family:\"{FONT_NAME}\";\
         src:url(data:font/ttf;base64,{font})}}</style>\n",
        size.0,
        size.1,
        escape(&words.title),
        escape(&words.description),
        name = words.name,
    );
    let body = svg.find('>').map_or(svg, |end| &svg[end + 1..]);
    format!("{head}{}", body.trim_start())
}

fn write_png(mut file: NewFile, pixels: &[u8], size: (u32, u32)) -> Result<(), ChartError> {
    let mut encoder = png::Encoder::new(&mut file, size.0, size.1);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_pixel_dims(Some(png::PixelDimensions {
        xppu: PIXELS_PER_METRE,
        yppu: PIXELS_PER_METRE,
        unit: png::Unit::Meter,
    }));
    let mut writer = encoder.write_header().map_err(failed)?;
    writer.write_image_data(pixels).map_err(failed)?;
    writer.finish().map_err(failed)?;
    Ok(file.finish()?)
}

/// The fewest decimals that write a step exactly: one for 2.5, two for 0.25.
fn decimals(step: f64) -> usize {
    let is_exact = |digits: &usize| {
        let scaled = step * libm::pow(10.0, *digits as f64);
        (scaled - libm::round(scaled)).abs() < 1e-6 * scaled
    };
    (0..12).find(is_exact).unwrap_or(12)
}

/// A number on an axis: thousands separated, no needless decimals.
pub fn axis_number(value: f64, step: f64) -> String {
    let digits = decimals(step);
    let plain = format!("{:.digits$}", value.abs());
    let (whole, rest) =
        plain.split_once('.').map_or((plain.as_str(), String::new()), |(w, r)| (w, format!(".{r}")));
    let mut grouped = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let sign =
        if value < 0.0 && plain.chars().any(|c| c.is_ascii_digit() && c != '0') { "\u{2212}" } else { "" };
    format!("{sign}{grouped}{rest}")
}

/// A confidence in percent, with as many digits as tell it from all: 95%, 99.5%, 99.938%.
pub fn percent(confidence: f64) -> String {
    let error = 100.0 * (1.0 - confidence);
    let digits = if error > 0.0 { 1 + libm::ceil(-libm::log10(error)).clamp(0.0, 9.0) as usize } else { 0 };
    let text = format!("{:.digits$}", 100.0 * confidence);
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    format!("{text}%")
}

/// A round step that cuts a range into about `parts` parts.
pub fn round_step(range: f64, parts: f64) -> f64 {
    let raw = (range / parts).max(1e-12);
    let power = libm::pow(10.0, libm::floor(libm::log10(raw)));
    [1.0, 2.0, 2.5, 5.0, 10.0].into_iter().map(|m| m * power).find(|step| *step >= raw * 0.999).unwrap_or(raw)
}

/// The smallest round range around values; zero is included where it is near.
pub fn round_range(values: impl Iterator<Item = f64>) -> (f64, f64, f64) {
    let (mut low, mut high) = values
        .filter(|value| value.is_finite())
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
    if low > high {
        (low, high) = (0.0, 1.0);
    }
    let near_zero_above = low > 0.0 && low < 0.5 * high;
    if near_zero_above {
        low = 0.0;
    }
    if low == 0.0 && high == 0.0 {
        high = 1.0;
    }
    if high - low < 1e-9 * high.abs().max(1e-6) {
        (low, high) = (low - 0.5 * low.abs().max(1e-3), high + 0.5 * high.abs().max(1e-3));
    }
    let step = round_step(high - low, 5.0);
    (libm::floor(low / step + 1e-9) * step, libm::ceil(high / step - 1e-9) * step, step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn confidence_has_the_digits_that_matter() {
        assert_eq!([0.95, 0.995, 0.9875, 1.0].map(percent), ["95%", "99.5%", "98.8%", "100%"]);
        assert_eq!(percent(1.0 - 0.05 / 80.0), "99.938%");
    }

    #[test]
    fn an_axis_holds_all_values_and_one_of_zeros_ends_at_one() {
        assert_eq!(round_range([0.0, 0.0].into_iter()), (0.0, 1.0, 0.2));
        let (low, high, _) = round_range([-0.4, 7.0].into_iter());
        assert!(low <= -0.4 && high >= 7.0, "{low} {high}");
    }

    #[test]
    fn ticks_are_written_as_they_are() {
        let ticks = |step: f64| [1.0, 2.0, 3.0].map(|k| axis_number(k * step, step));
        assert_eq!(ticks(2.5), ["2.5", "5.0", "7.5"]);
        assert_eq!(ticks(0.25), ["0.25", "0.50", "0.75"]);
        assert_eq!(ticks(1_000.0), ["1,000", "2,000", "3,000"]);
    }
}
