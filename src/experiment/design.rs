//! Designs: points that fill the unit cube evenly, as rows of coordinates in (0, 1).
//!
//! Every design is a pure function of its arguments. A Sobol design keeps its first points when points are
//! added; a Latin hypercube does not, because its strata are as many as its points.

use crate::random::{Luck, Purpose};

/// Direction numbers of Joe and Kuo (2008).
static DIRECTIONS: &str = include_str!("joe_kuo.txt");
/// Bits of a Sobol coordinate: designs have at most 2^32 points.
const BITS: usize = 32;
/// Most Sobol coordinates; columns beyond are those of a Latin hypercube (padding: Owen 1998).
pub const MOST_SOBOL_COLUMNS: usize = 200;

/// A Latin hypercube (McKay, Beckman and Conover 1979): in every coordinate each of `points` equal strata
/// holds one point, at a place in it that chance decides. Adding points moves all of them.
pub fn latin_hypercube(points: usize, dimensions: usize, seed: u64) -> Vec<Vec<f64>> {
    rows(points, (0..dimensions).map(|column| strata(points, column, seed)).collect())
}

/// A Sobol sequence with the direction numbers of Joe and Kuo (2008), scrambled as by Owen (1995) with the
/// hash of Laine and Karras (2011), so that every point is uniform and averages are unbiased. The first
/// points are the same however many there are, up to [`MOST_SOBOL_COLUMNS`] dimensions.
pub fn sobol(points: usize, dimensions: usize, seed: u64) -> Vec<Vec<f64>> {
    let directions = directions(dimensions.min(MOST_SOBOL_COLUMNS));
    let scrambled = directions.iter().enumerate().map(|(column, directions)| {
        let seed = column_seed(column, seed);
        (0..points).map(|point| unit(scramble(coordinate(point, directions), seed))).collect()
    });
    let padding = (MOST_SOBOL_COLUMNS..dimensions).map(|column| strata(points, column, seed));
    rows(points, scrambled.chain(padding).collect())
}

/// Every combination of levels, the last factor changing fastest: rows of level numbers from 0.
pub fn factorial(levels: &[usize]) -> Vec<Vec<usize>> {
    levels.iter().fold(vec![Vec::new()], |points, &count| {
        let with =
            |point: &Vec<usize>| (0..count).map(|level| [&point[..], &[level]].concat()).collect::<Vec<_>>();
        points.iter().flat_map(with).collect()
    })
}

/// A full factorial grid with its ends: level `i` of `n` stands at `i / (n - 1)`, a single one in the middle.
pub fn grid(levels: &[usize]) -> Vec<Vec<f64>> {
    let at = |(&level, &count): (&usize, &usize)| {
        if count > 1 { level as f64 / (count - 1) as f64 } else { 0.5 }
    };
    factorial(levels).iter().map(|point| point.iter().zip(levels).map(at).collect()).collect()
}

/// Rows from columns.
fn rows(points: usize, columns: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    (0..points).map(|point| columns.iter().map(|column| column[point]).collect()).collect()
}

/// One column of a Latin hypercube: strata in random order, a random place in each.
fn strata(points: usize, column: usize, seed: u64) -> Vec<f64> {
    let mut stream = Luck::new(seed, 0).stream::<2>(Purpose::Design, column as u32);
    let draws: Vec<[f64; 2]> = (0..points).map(|point| stream.uniforms(point as u64)).collect();
    let mut order: Vec<usize> = (0..points).collect();
    order.sort_by(|&a, &b| draws[a][0].total_cmp(&draws[b][0]));
    let mut values = vec![0.0; points];
    for (stratum, point) in order.into_iter().enumerate() {
        values[point] = (stratum as f64 + draws[point][1]) / points as f64;
    }
    values
}

/// Direction numbers of the first coordinates, bit by bit (Bratley and Fox 1988).
fn directions(dimensions: usize) -> Vec<[u32; BITS]> {
    let first = std::array::from_fn(|bit| 1 << (BITS - 1 - bit));
    let table = DIRECTIONS.lines().filter(|line| !line.starts_with('#')).map(|line| {
        let numbers: Vec<u32> = line.split_whitespace().filter_map(|number| number.parse().ok()).collect();
        recurrence(numbers[2], &numbers[3..])
    });
    std::iter::once(first).chain(table).take(dimensions).collect()
}

/// Direction numbers from the inner coefficients of a primitive polynomial and its first numbers.
fn recurrence(coefficients: u32, initial: &[u32]) -> [u32; BITS] {
    let degree = initial.len();
    let mut numbers = [0_u32; BITS];
    for bit in 0..BITS {
        numbers[bit] = match initial.get(bit) {
            Some(number) => number << (BITS - 1 - bit),
            None => (1..degree)
                .filter(|inner| coefficients >> (degree - 1 - inner) & 1 == 1)
                .fold(numbers[bit - degree] ^ (numbers[bit - degree] >> degree), |sum, inner| {
                    sum ^ numbers[bit - inner]
                }),
        };
    }
    numbers
}

/// A coordinate of point number `point`: the direction numbers of the bits of its Gray code.
fn coordinate(point: usize, directions: &[u32; BITS]) -> u32 {
    let gray = point ^ (point >> 1);
    (0..BITS).filter(|bit| gray >> bit & 1 == 1).fold(0, |sum, bit| sum ^ directions[bit])
}

/// The hash that scrambles a column.
fn column_seed(column: usize, seed: u64) -> u32 {
    let [bits] = Luck::new(seed, 1).stream::<1>(Purpose::Design, column as u32).raw(0);
    (bits >> 32) as u32
}

/// Nested uniform scrambling: every bit is flipped or not by a hash of the bits above it (Laine and Karras
/// 2011, constants of Burley 2020).
fn scramble(coordinate: u32, seed: u32) -> u32 {
    let mut bits = coordinate.reverse_bits().wrapping_add(seed);
    for constant in [0x6c50_b47c_u32, 0xb82f_1e52, 0xc7af_e638, 0x8d22_f6e6] {
        bits ^= bits.wrapping_mul(constant);
    }
    bits.reverse_bits()
}

/// The middle of the 2^-32 cell.
fn unit(bits: u32) -> f64 {
    (f64::from(bits) + 0.5) / (1_u64 << BITS) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_latin_hypercube_hits_each_stratum_once() {
        for (points, dimensions) in [(1, 1), (7, 3), (100, 12)] {
            let design = latin_hypercube(points, dimensions, 5);
            for column in 0..dimensions {
                let mut strata: Vec<usize> =
                    design.iter().map(|point| (point[column] * points as f64) as usize).collect();
                strata.sort_unstable();
                assert_eq!(strata, (0..points).collect::<Vec<_>>());
            }
        }
        assert_ne!(latin_hypercube(9, 2, 1), latin_hypercube(9, 2, 2));
        let design = latin_hypercube(200, 2, 1);
        assert!(correlation(&design).abs() < 0.2, "columns are in different orders");
    }

    fn correlation(design: &[Vec<f64>]) -> f64 {
        12.0 * design.iter().map(|p| (p[0] - 0.5) * (p[1] - 0.5)).sum::<f64>() / design.len() as f64
    }

    /// As published with the direction numbers (Joe and Kuo 2008) for the first points in three dimensions.
    #[test]
    fn first_points_of_the_sequence() {
        let expected = [
            [0.0, 0.0, 0.0],
            [0.5, 0.5, 0.5],
            [0.75, 0.25, 0.25],
            [0.25, 0.75, 0.75],
            [0.375, 0.375, 0.625],
            [0.875, 0.875, 0.125],
            [0.625, 0.125, 0.875],
            [0.125, 0.625, 0.375],
            [0.1875, 0.3125, 0.9375],
            [0.6875, 0.8125, 0.4375],
        ];
        let directions = directions(3);
        for (point, expected) in expected.iter().enumerate() {
            for (directions, expected) in directions.iter().zip(expected) {
                assert_eq!(f64::from(coordinate(point, directions)) / (1_u64 << BITS) as f64, *expected);
            }
        }
    }

    #[test]
    fn scrambled_points_fill_every_stratum_and_elementary_box() {
        let design = sobol(256, MOST_SOBOL_COLUMNS, 3);
        for column in 0..MOST_SOBOL_COLUMNS {
            let mut strata: Vec<usize> =
                design.iter().map(|point| (point[column] * 256.0) as usize).collect();
            strata.sort_unstable();
            assert_eq!(strata, (0..256).collect::<Vec<_>>(), "column {column}");
        }
        // The first two coordinates are a (0, 8, 2)-net: each box of 2^-3 by 2^-5 holds one point.
        let mut boxes: Vec<(usize, usize)> =
            design.iter().map(|point| ((point[0] * 8.0) as usize, (point[1] * 32.0) as usize)).collect();
        boxes.sort_unstable();
        boxes.dedup();
        assert_eq!(boxes.len(), 256);
    }

    #[test]
    fn more_points_keep_the_first() {
        let (few, many) = (sobol(20, 5, 9), sobol(300, 5, 9));
        assert_eq!(few[..], many[..20]);
        assert!(many.iter().flatten().all(|&x| x > 0.0 && x < 1.0));
        assert_ne!(sobol(20, 5, 10), few);
    }

    /// Centred L2 discrepancy, squared (Hickernell 1998).
    fn discrepancy(design: &[Vec<f64>]) -> f64 {
        let (n, d) = (design.len() as f64, design[0].len() as i32);
        let away = |x: f64| (x - 0.5).abs();
        let one =
            |p: &Vec<f64>| p.iter().map(|&x| 1.0 + 0.5 * away(x) - 0.5 * away(x).powi(2)).product::<f64>();
        let two = |p: &Vec<f64>, q: &Vec<f64>| {
            let factor = |(&x, &y): (&f64, &f64)| 1.0 + 0.5 * (away(x) + away(y) - (x - y).abs());
            p.iter().zip(q).map(factor).product::<f64>()
        };
        let pairs: f64 = design.iter().flat_map(|p| design.iter().map(move |q| two(p, q))).sum();
        (13.0_f64 / 12.0).powi(d) - 2.0 / n * design.iter().map(one).sum::<f64>() + pairs / (n * n)
    }

    #[test]
    fn designs_fill_the_cube_better_than_chance() {
        let mut stream = Luck::new(1, 7).stream::<4>(Purpose::Design, 0);
        let chance: Vec<Vec<f64>> = (0..128).map(|slot| stream.uniforms(slot).to_vec()).collect();
        let [by_chance, by_strata, by_sobol] =
            [chance, latin_hypercube(128, 4, 1), sobol(128, 4, 1)].map(|design| discrepancy(&design));
        assert!(by_strata < 0.7 * by_chance, "{by_strata} and {by_chance}");
        assert!(by_sobol < 0.3 * by_chance, "{by_sobol} and {by_chance}");
        assert!(by_sobol < by_strata);
    }

    #[test]
    fn a_grid_has_every_combination_and_its_ends() {
        let expected: Vec<Vec<f64>> =
            [[0.0, 0.5], [0.5, 0.5], [1.0, 0.5]].iter().map(|point| point.to_vec()).collect();
        assert_eq!(grid(&[3, 1]), expected);
        assert_eq!(factorial(&[2, 2]), [[0, 0], [0, 1], [1, 0], [1, 1]].map(|p| p.to_vec()));
        assert_eq!(factorial(&[2, 3, 4]).len(), 24);
    }

    #[test]
    fn columns_beyond_the_table_are_stratified() {
        let design = sobol(16, MOST_SOBOL_COLUMNS + 1, 1);
        let mut strata: Vec<usize> =
            design.iter().map(|point| (point[MOST_SOBOL_COLUMNS] * 16.0) as usize).collect();
        strata.sort_unstable();
        assert_eq!(strata, (0..16).collect::<Vec<_>>());
    }
}
