//! Runs an instrumented module to its trap and keeps what it told, its memory and its globals.

use wasmi::{Caller, Config, Engine, Extern, Linker, Module, Store, Val};

/// The state of one function at one place.
#[derive(Debug, Clone, Default)]
pub struct Record {
    /// Index among the module's own functions.
    pub function: u32,
    pub offset: u64,
    /// Bits of the locals, then of the operands.
    pub values: Vec<u64>,
}

#[derive(Default)]
struct Log {
    /// None: the function was just called.
    current: Option<Record>,
    callers: Vec<Record>,
}

/// A program that trapped.
pub struct Dead {
    /// The youngest first.
    pub frames: Vec<Record>,
    /// Memories and globals by export name.
    pub memories: Vec<(String, Vec<u8>)>,
    pub globals: Vec<(String, Val)>,
}

/// Call the exported functions one after the other until one traps; none if none does, or not at a place that is
/// told of.
pub fn run(wasm: &[u8]) -> Option<Dead> {
    let mut config = Config::default();
    config.consume_fuel(true).wasm_multi_memory(true).wasm_memory64(true).wasm_tail_call(true);
    let engine = Engine::new(&config);
    let module = Module::new(&engine, wasm).ok()?;
    let mut store = Store::new(&engine, Log::default());
    store.set_fuel(3_000_000).ok()?;
    let linker = linker(&engine);
    let trap = match linker.instantiate_and_start(&mut store, &module) {
        Ok(instance) => {
            let functions: Vec<_> = instance.exports(&store).filter_map(|e| e.into_func()).collect();
            let trapped = functions.into_iter().find_map(|function| {
                store.data_mut().callers.clear();
                store.data_mut().current = None;
                let kind = function.ty(&store);
                let arguments: Vec<Val> = kind.params().iter().map(|kind| Val::default(*kind)).collect();
                let mut results: Vec<Val> = kind.results().iter().map(|kind| Val::default(*kind)).collect();
                function.call(&mut store, &arguments, &mut results).err()
            });
            Some((trapped?, instance))
        }
        Err(_) => None,
    };
    let (error, instance) = trap?;
    // The engine's own limits stop the program where nothing was told.
    let code = error.as_trap_code()?;
    if matches!(code, wasmi::TrapCode::StackOverflow | wasmi::TrapCode::OutOfFuel) {
        return None;
    }
    let mut dead = Dead { frames: Vec::new(), memories: Vec::new(), globals: Vec::new() };
    let exports: Vec<(String, Extern)> =
        instance.exports(&store).map(|e| (e.name().to_owned(), e.into_extern())).collect();
    for (name, export) in exports {
        match export {
            Extern::Memory(memory) => dead.memories.push((name, memory.data(&store).to_vec())),
            Extern::Global(global) => dead.globals.push((name, global.get(&store))),
            _ => {}
        }
    }
    let log = store.into_data();
    // Without a current place, the call itself trapped.
    dead.frames.extend(log.current);
    dead.frames.extend(log.callers.into_iter().rev());
    Some(dead)
}

fn linker(engine: &Engine) -> Linker<Log> {
    let mut linker = Linker::new(engine);
    let site = |mut caller: Caller<'_, Log>, function: i32, offset: i32| {
        caller.data_mut().current =
            Some(Record { function: function as u32, offset: offset as u32 as u64, values: Vec::new() });
    };
    let value = |mut caller: Caller<'_, Log>, value: i64| {
        if let Some(current) = &mut caller.data_mut().current {
            current.values.push(value as u64);
        }
    };
    let push = |mut caller: Caller<'_, Log>| {
        let current = std::mem::take(&mut caller.data_mut().current);
        caller.data_mut().callers.extend(current);
    };
    let pop = |mut caller: Caller<'_, Log>| {
        caller.data_mut().current = caller.data_mut().callers.pop();
    };
    linker.func_wrap("log", "site", site).unwrap();
    linker.func_wrap("log", "value", value).unwrap();
    linker.func_wrap("log", "push", push).unwrap();
    linker.func_wrap("log", "pop", pop).unwrap();
    linker
}
