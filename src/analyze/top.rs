//! The few of many that come first.

/// Keeps the `count` items of least key.
#[derive(Debug, Clone)]
pub struct Top<T, K> {
    kept: Vec<(K, T)>,
    worst: Option<K>,
    count: usize,
}

impl<T, K: Ord + Copy> Top<T, K> {
    /// Keeps the first `count`.
    pub fn new(count: usize) -> Self {
        Self { kept: Vec::new(), worst: None, count }
    }

    /// Takes one item.
    #[inline]
    pub fn push(&mut self, key: K, item: impl FnOnce() -> T) {
        if self.worst.is_some_and(|worst| key >= worst) {
            return;
        }
        self.kept.push((key, item()));
        if self.count > 0 && self.kept.len() >= self.count.saturating_mul(4).max(64) {
            let (_, last, _) = self.kept.select_nth_unstable_by_key(self.count - 1, |kept| kept.0);
            self.worst = Some(last.0);
            self.kept.truncate(self.count);
        }
    }

    /// Takes what another kept.
    pub fn merge(&mut self, other: Self) {
        for (key, item) in other.kept {
            self.push(key, || item);
        }
    }

    /// What is kept, in order.
    pub fn finish(mut self) -> Vec<T> {
        self.kept.sort_unstable_by_key(|kept| kept.0);
        self.kept.truncate(self.count);
        self.kept.into_iter().map(|(_, item)| item).collect()
    }
}
