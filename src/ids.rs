//! Typed ids and the columns they index, so that an area can never be looked up as a charity.

use std::marker::PhantomData;
use std::ops::{Index, IndexMut};

/// An id that indexes columns: a thin wrapper around a row number.
pub trait Id: Copy {
    /// The id of row `row`.
    fn from_row(row: usize) -> Self;
    /// The row that this id names.
    fn row(self) -> usize;
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(transparent)]
        pub struct $name(u32);

        impl Id for $name {
            #[inline]
            fn from_row(row: usize) -> Self {
                debug_assert!(row <= u32::MAX as usize);
                Self(row as u32)
            }
            #[inline]
            fn row(self) -> usize {
                self.0 as usize
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}", self.0)
            }
        }
    };
}

id!(
    /// An upper-tier council area, the home of one commissioner.
    AreaId
);
id!(
    /// A people service that councils buy, such as homelessness support.
    ServiceId
);
id!(
    /// A market: one service in one area.
    MarketId
);
id!(
    /// A lot: a piece of a market's budget that is tendered again and again as one contract.
    LotId
);
id!(
    /// A tender of this round: a lot that is open for bids.
    TenderId
);
id!(
    /// A charity, by its row in the columns of the population.
    CharityId
);

/// A column of values, indexed only by its own id.
#[derive(Clone, Debug, PartialEq)]
pub struct Column<I, T> {
    values: Vec<T>,
    id: PhantomData<I>,
}

impl<I, T> Default for Column<I, T> {
    fn default() -> Self {
        Self { values: Vec::new(), id: PhantomData }
    }
}

impl<I: Id, T> Column<I, T> {
    /// A column of `rows` copies of `value`.
    pub fn filled(rows: usize, value: T) -> Self
    where
        T: Clone,
    {
        Self::from(vec![value; rows])
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Adds a row and returns its id.
    pub fn push(&mut self, value: T) -> I {
        self.values.push(value);
        I::from_row(self.values.len() - 1)
    }

    /// Ids in row order.
    pub fn ids(&self) -> impl Iterator<Item = I> + use<I, T> {
        (0..self.values.len()).map(I::from_row)
    }

    /// Values in row order.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.values.iter()
    }

    /// Ids with their values, in row order.
    pub fn enumerate(&self) -> impl Iterator<Item = (I, &T)> {
        self.values.iter().enumerate().map(|(row, value)| (I::from_row(row), value))
    }

    /// The rows as a slice, for sweeps in chunks.
    pub fn as_slice(&self) -> &[T] {
        &self.values
    }

    /// The rows as a mutable slice, for sweeps in chunks.
    pub fn as_mut_slice(&mut self) -> &mut [T] {
        &mut self.values
    }
}

impl<I, T> From<Vec<T>> for Column<I, T> {
    fn from(values: Vec<T>) -> Self {
        Self { values, id: PhantomData }
    }
}

impl<I: Id, T> FromIterator<T> for Column<I, T> {
    fn from_iter<It: IntoIterator<Item = T>>(values: It) -> Self {
        Self::from(values.into_iter().collect::<Vec<_>>())
    }
}

impl<I: Id, T> Index<I> for Column<I, T> {
    type Output = T;
    #[inline]
    fn index(&self, id: I) -> &T {
        &self.values[id.row()]
    }
}

impl<I: Id, T> IndexMut<I> for Column<I, T> {
    #[inline]
    fn index_mut(&mut self, id: I) -> &mut T {
        &mut self.values[id.row()]
    }
}
