//! `variables`: the rows of a scope, and the children of a value.

use std::collections::{HashMap, HashSet};

use serde::Deserialize;
use serde_json::json;

use super::registers;
use crate::dwarf::variable::VariableKind;
use crate::expr::history::History;
use crate::frontend::dap::adapter::Adapter;
use crate::frontend::dap::failure::{Answer, Arguments, Failure, body};
use crate::frontend::dap::handles::{FrameKey, Node, NodeKey, ScopeKind};
use crate::frontend::dap::messages::{ValueFormat, Variable as VariableRow};
use crate::frontend::dap::names::{Checker, evaluator, is_identifier};
use crate::frontend::dap::places::unit_of;
use crate::frontend::dap::spec::{Needs, Request};
use crate::frontend::dap::values::{Describer, Page, Row, Wanted};
use crate::limits::MAX_DAP_CHILDREN;
use crate::value::{Object, Variable};

pub static ROWS: &[Request] = &[Request {
    name: "variables",
    capabilities: &["supportsValueFormattingOptions"],
    needs: Needs::Program,
    run: variables,
}];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct VariablesArguments {
    variables_reference: i64,
    filter: Option<String>,
    start: Option<i64>,
    count: Option<i64>,
    #[serde(default)]
    format: ValueFormat,
}

impl VariablesArguments {
    fn page(&self) -> Result<Page, Failure> {
        let negative = |_| Failure::request("start and count must not be negative");
        let start = u64::try_from(self.start.unwrap_or(0)).map_err(negative)?;
        // 0 is all.
        let count = u64::try_from(self.count.unwrap_or(0)).map_err(negative)?;
        Ok(Page { start, count: (count > 0).then_some(count) })
    }
}

fn variables(adapter: &mut Adapter<'_>, arguments: Arguments) -> Answer {
    let given: VariablesArguments = arguments.parse()?;
    let page = given.page()?;
    let reference = given.variables_reference;
    let node = adapter.handles.nodes.get(reference).cloned();
    let node = node.ok_or_else(|| Failure::request(format!("nothing has the variablesReference {reference}")))?;
    let mut rows = match node {
        Node::Scope { frame, kind } if given.filter.as_deref() != Some("indexed") => {
            scope(adapter, reference, (frame, kind), page, given.format.hex)?
        }
        Node::Scope { .. } => Vec::new(),
        Node::Value { frame, object, expression } => {
            let parent = Opened { reference, frame, object: &object, expression: expression.as_deref() };
            parent.rows(adapter, given.filter.as_deref(), page, given.format.hex)?
        }
    };
    adapter.without_unwanted(rows.iter_mut().map(|row| &mut row.value));
    Ok(json!({ "variables": body(rows) }))
}

/// A value whose children are wanted.
struct Opened<'a> {
    reference: i64,
    frame: Option<FrameKey>,
    object: &'a Object,
    expression: Option<&'a str>,
}

impl Opened<'_> {
    fn rows(
        &self,
        adapter: &mut Adapter<'_>,
        filter: Option<&str>,
        page: Page,
        hex: bool,
    ) -> Result<Vec<VariableRow>, Failure> {
        let options = adapter.options(hex);
        let cancelled = adapter.cancelled.clone();
        let mut history = History::default();
        let mut checker = Checker::new(evaluator(&adapter.session, self.frame, &mut history)?);
        let reader = adapter.session.reader();
        let mut describer = Describer { reader, handles: &mut adapter.handles, options: &options, frame: self.frame };
        let wanted = Wanted { reference: self.reference, filter, page, positions: &mut adapter.positions };
        let found = describer.children(self.object, self.expression, wanted);
        let alike = found.first.map(|first| checker.alike(&first.expression, &first.object));
        let mut rows = Vec::new();
        let mut used = 0u64;
        for (index, mut row) in found.rows {
            row.expression = match &alike {
                Some(alike) => checker.expression_like(alike, row.expression, &row.object),
                None => checker.expression(row.expression, &row.object),
            };
            if cancelled.is_cancelled() {
                return Err(Failure::cancelled());
            }
            used += 1;
            rows.push(describer.variable(NodeKey::Child(self.reference, index), row));
        }
        // Whoever did not ask for a page does not know that there is more.
        if page.count.is_none() && used == MAX_DAP_CHILDREN {
            rows.push(VariableRow { name: "...".into(), text: "more are left out".into(), ..VariableRow::default() });
        }
        Ok(rows)
    }
}

fn scope(
    adapter: &mut Adapter<'_>,
    reference: i64,
    (key, kind): (FrameKey, ScopeKind),
    page: Page,
    hex: bool,
) -> Result<Vec<VariableRow>, Failure> {
    let start = usize::try_from(page.start).unwrap_or(usize::MAX);
    let count = usize::try_from(page.count.unwrap_or(MAX_DAP_CHILDREN).min(MAX_DAP_CHILDREN)).unwrap_or(usize::MAX);
    if matches!(kind, ScopeKind::WasmLocals | ScopeKind::OperandStack | ScopeKind::WasmGlobals) {
        return Ok(registers::rows(adapter, key, kind, hex)?.into_iter().skip(start).take(count).collect());
    }
    let named = named_variables(adapter, key, kind)?;
    let options = adapter.options(hex);
    let unit = unit_of(adapter.frame(key)?.1);
    let places: Vec<Option<i64>> =
        named.iter().map(|named| adapter.handles.place(unit, named.variable.declared.as_ref()?)).collect();
    let mut history = History::default();
    let mut checker = Checker::new(evaluator(&adapter.session, Some(key), &mut history)?);
    let reader = adapter.session.reader();
    let mut rows = Vec::new();
    let listed = named.into_iter().zip(places).enumerate().skip(start).take(count);
    for (index, (Named { name, expression, variable }, place)) in listed {
        let expression = checker.expression(expression, &variable.object);
        let mut describer = Describer { reader, handles: &mut adapter.handles, options: &options, frame: Some(key) };
        let row = Row { name, object: variable.object, expression, kind: "data" };
        let mut row = describer.variable(NodeKey::Child(reference, index as u64), row);
        row.declaration_location_reference = place;
        rows.push(row);
    }
    Ok(rows)
}

/// A variable, what to call it, and how to ask for it.
struct Named {
    name: String,
    expression: Option<String>,
    variable: Variable,
}

fn named_variables(adapter: &Adapter<'_>, key: FrameKey, kind: ScopeKind) -> Result<Vec<Named>, Failure> {
    let (stack, frame) = adapter.frame(key)?;
    let reader = adapter.session.reader();
    if matches!(kind, ScopeKind::Statics | ScopeKind::Globals) {
        let Some((module, unit)) = unit_of(frame) else { return Ok(Vec::new()) };
        let all = reader.unit_globals(module, unit, frame.instance)?;
        let wanted = all.into_iter().filter(|variable| is_static(variable) == (kind == ScopeKind::Statics));
        return Ok(distinct(wanted.map(|variable| (false, variable)).collect()));
    }
    let variables = reader.frame_variables(stack, frame)?;
    // A local hides an argument of its name.
    let locals: HashSet<String> =
        variables.locals.iter().filter_map(|v| v.name.as_deref().map(str::to_owned)).collect();
    let listed = match kind {
        ScopeKind::Arguments => {
            let is_shadowed = |v: &Variable| v.name.as_deref().is_some_and(|name| locals.contains(name));
            variables.arguments.into_iter().map(|v| (is_shadowed(&v), v)).collect()
        }
        _ => variables.locals.into_iter().map(|v| (false, v)).collect(),
    };
    Ok(distinct(listed))
}

/// A variable that only its own file or function knows.
fn is_static(variable: &Variable) -> bool {
    variable.kind == VariableKind::Static && !variable.external
}

/// Give every variable a name of its own: a shadowed one says where it is declared. Those marked are shadowed by
/// something in another list.
fn distinct(variables: Vec<(bool, Variable)>) -> Vec<Named> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let name_of = |variable: &Variable| variable.name.as_deref().unwrap_or("<unnamed>").to_owned();
    let mut named = Vec::new();
    for (hidden, variable) in variables {
        let plain = name_of(&variable);
        let before = seen.get(&plain).copied().unwrap_or(0);
        let mut name = crate::text::escaped(&plain).into_owned();
        if before > 0 {
            let place = variable.declared.as_ref().and_then(|place| Some((file_name(&place.file), place.line?)));
            name = match place {
                Some((file, line)) => format!("{name} @ {file}:{line}"),
                None => format!("{name} @ {}", before + 1),
            };
            if seen.contains_key(&name) {
                name = format!("{name} #{}", before + 1);
            }
            *seen.entry(name.clone()).or_default() += 1;
        }
        *seen.entry(plain.clone()).or_default() += 1;
        let expression = (before == 0 && !hidden && is_identifier(&plain)).then_some(plain);
        named.push(Named { name, expression, variable });
    }
    named
}

fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}
