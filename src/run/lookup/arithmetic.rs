//! Split, exclude, aggregate and supernet: lists of prefixes, written as they are computed.

use super::super::early_exit::EarlyExit;
use super::{Run, reason};
use crate::address::parse::{self, Item};
use crate::address::plan::{self, Parts};
use crate::address::prefix::{self, Count, Family, Prefix};
use crate::address::text;
use crate::base::text::Safe;
use crate::cli::lookup::LookupFormat;
use crate::export::lookup as export;

impl Run<'_> {
    pub(super) fn split(
        &mut self,
        input: &str,
        line: Option<u64>,
        item: &Item<'_>,
        parts: &Parts,
    ) -> Result<(), EarlyExit> {
        let Some(prefix) = item.subject.range().as_prefix() else {
            return self.refuse(input, line, &reason("split: a range that is no prefix"));
        };
        if let Parts::Hosts(hosts) = parts {
            return match plan::plan(prefix, hosts) {
                Ok(plan) => self.plan(input, prefix.family, &plan),
                Err(demand) => {
                    let plural = if demand == 1 { "" } else { "s" };
                    let why = format!("split: no room for {demand} host{plural}");
                    self.refuse(input, line, &reason(&why))
                }
            };
        }
        match plan::equal(prefix, parts) {
            Err(why) => self.refuse(input, line, &reason(&why)),
            Ok((len, split)) => {
                let total = Count::power(len - prefix.len);
                if let Parts::Count(wanted) = parts
                    && !wanted.is_power_of_two()
                {
                    let parts = wanted.next_power_of_two();
                    let note = format!(
                        "ipeek: {}: x{wanted} gives {parts} of /{len}: a power of two\n",
                        Safe(input)
                    );
                    self.sink.err.extend_from_slice(note.as_bytes());
                }
                self.operation(input, "split", Some(prefix.family), Some(total), split)
            }
        }
    }

    pub(super) fn exclude(
        &mut self,
        input: &str,
        line: Option<u64>,
        item: &Item<'_>,
        hole: &str,
    ) -> Result<(), EarlyExit> {
        let hole = match parse::item(hole) {
            Ok(hole) => hole.subject.range(),
            Err(refusal) => return self.refuse(hole, None, &refusal),
        };
        let range = item.subject.range();
        if range.family != hole.family {
            return self.refuse(input, line, &reason("exclude of mixed families"));
        }
        let list = prefix::exclude(range, hole);
        let total = Count::Number(list.len() as u128);
        self.operation(input, "exclude", Some(range.family), Some(total), list.into_iter())
    }

    /// The result of an operation over all items.
    pub(super) fn whole(&mut self, name: &str, list: &[Prefix]) -> Result<(), EarlyExit> {
        let input = std::mem::take(&mut self.input);
        let first = list.first().map(|prefix| prefix.family);
        let family = first.filter(|family| list.iter().all(|p| p.family == *family));
        let total = (name != "supernet").then_some(Count::Number(list.len() as u128));
        self.operation(&input, name, family, total, list.iter().copied())
    }

    pub(super) fn operation(
        &mut self,
        input: &str,
        name: &str,
        family: Option<Family>,
        total: Option<Count>,
        list: impl Iterator<Item = Prefix>,
    ) -> Result<(), EarlyExit> {
        match self.args.format {
            LookupFormat::Json => {
                self.opening(input, name, family, total);
                self.list(list)?;
                self.sink.out.extend_from_slice(b"}\n");
                self.sink.flush_if_full()
            }
            format => {
                for prefix in list {
                    let out = &mut self.sink.out;
                    if format == LookupFormat::Csv {
                        let start = out.len();
                        out.extend_from_slice(input.as_bytes());
                        export::quote(out, start);
                        out.push(b',');
                    }
                    text::prefix(out, prefix);
                    out.push(b'\n');
                    self.sink.flush_if_full()?;
                }
                Ok(())
            }
        }
    }

    /// The keys before the list of an operation.
    pub(super) fn opening(
        &mut self,
        input: &str,
        name: &str,
        family: Option<Family>,
        total: Option<Count>,
    ) {
        let out = &mut self.sink.out;
        out.push(b'{');
        for (key, value) in [("input", input), ("verdict", "ok"), ("operation", name)] {
            export::json_text(out, key, value);
            out.push(b',');
        }
        if let Some(family) = family {
            export::json_count(out, "family", Count::Number(family.number().into()));
            out.push(b',');
        }
        if let Some(total) = total {
            export::json_count(out, "total", total);
            out.push(b',');
        }
    }

    /// The key `list`, written as it is computed.
    pub(super) fn list(&mut self, list: impl Iterator<Item = Prefix>) -> Result<(), EarlyExit> {
        export::key(&mut self.sink.out, "list");
        self.sink.out.push(b'[');
        for (at, prefix) in list.enumerate() {
            if at > 0 {
                self.sink.out.push(b',');
            }
            export::json_prefix(&mut self.sink.out, prefix);
            self.sink.flush_if_full()?;
        }
        self.sink.out.push(b']');
        Ok(())
    }

    pub(super) fn plan(
        &mut self,
        input: &str,
        family: Family,
        plan: &plan::SubnetPlan,
    ) -> Result<(), EarlyExit> {
        let list = plan.blocks.iter().map(|(_, block)| *block);
        match self.args.format {
            LookupFormat::Csv => self.operation(input, "split", Some(family), None, list),
            LookupFormat::Text => {
                export::plan(&mut self.sink.out, plan);
                Ok(())
            }
            LookupFormat::Json => {
                let total = Count::Number(plan.blocks.len() as u128);
                self.opening(input, "split", Some(family), Some(total));
                self.list(list)?;
                export::json_plan(&mut self.sink.out, plan);
                self.sink.out.extend_from_slice(b"}\n");
                Ok(())
            }
        }
    }
}
