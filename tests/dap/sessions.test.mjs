// Whole sessions on the samples: what an editor shows is what the report says, and every name it offers evaluates to
// the value that it shows.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Session, messages, report } from './support.mjs';
import { mistakes } from './schema.mjs';

const SAMPLES = [
  ['c_list/module.O0.wasm', 'c_list/core.O0'],
  ['c_list/module.O0.wasm', 'c_list/core.O0.full'],
  ['c_list/module.O2.wasm', 'c_list/core.O2'],
  ['cpp_shapes/module.wasm', 'cpp_shapes/core'],
  ['rust_demo/module.wasm', 'rust_demo/core'],
  ['rust_demo/module.wasm', 'rust_demo/core.rewriter'],
  ['rust_collections/module.wasm', 'rust_collections/core'],
  ['zig_basic/module.wasm', 'zig_basic/core'],
  ['stripped/module.wasm', 'stripped/core'],
  ['../tests/data/two_instances/main.wasm', '../tests/data/two_instances/core'],
  ['../tests/data/floats/module.wasm', '../tests/data/floats/core'],
  ['../tests/data/embedded/module.wasm', '../tests/data/embedded/core'],
];

// Levels of children that are compared.
const DEPTH = 3;

// The mark of a value that was recovered, which the report says in a field of its own.
const withoutMark = (text) => text.replace(/~$/, '');

// Rows are shorter than this, values of the report are not.
const MOST_BYTES = 16 << 10;

for (const [program, core] of SAMPLES) {
  test(`${core} shows what the report says`, async (t) => {
    const expected = report(program, core);
    const session = await Session.open(program, core);
    t.after(() => session.end());
    const checked = { values: 0, names: 0, addresses: 0 };
    const { threads } = await session.send('threads');
    assert.equal(threads.length, expected.threads.length);
    for (const [index, thread] of threads.entries()) {
      const frames = await session.frames(thread.id);
      assert.equal(frames.length, expected.threads[index].frames.length);
      for (const [number, frame] of frames.entries()) {
        await compareFrame(session, frame, expected.threads[index].frames[number], checked);
      }
    }
    t.diagnostic(`${checked.values} values, ${checked.names} names evaluated, ${checked.addresses} addresses`);
    assert.ok(checked.values + checked.names > 0);
  });
}

async function compareFrame(session, frame, expected, checked) {
  const name = expected.function ?? `func[${expected.func_index}]`;
  assert.equal(frame.name, expected.inlined ? `${name} [inlined]` : name);
  if (frame.source) {
    if (expected.line !== null) assert.equal(frame.line, expected.line);
    if (expected.column) assert.equal(frame.column, expected.column);
  } else {
    assert.deepEqual([frame.line, frame.column, frame.presentationHint], [0, 0, 'subtle']);
  }
  const { modules } = await session.send('modules', { startModule: frame.moduleId, moduleCount: 1 });
  assert.equal(modules[0].name, expected.module);
  if (expected.module_offset === null) {
    assert.equal(frame.instructionPointerReference, undefined);
  } else {
    // The module stands above the offset in its file.
    const at = BigInt(frame.instructionPointerReference) - (BigInt(frame.moduleId) << 40n);
    assert.equal(at, BigInt(expected.module_offset));
  }
  const scopes = await session.scopes(frame.id);
  for (const [scope, list] of [['Arguments', expected.arguments], ['Locals', expected.locals]]) {
    if (!scopes[scope]) {
      assert.deepEqual(list, []);
      continue;
    }
    await compareList(session, frame, await session.variables(scopes[scope]), list, checked, [scope]);
  }
  if (!expected.inlined) {
    const locals = await session.variables(scopes['Wasm Locals']);
    assert.deepEqual(locals.map((row) => [row.type, known(row.value)]),
      expected.wasm_locals.map((local) => [local.type, local.value]));
    // The report has recorded operands only, the editor also those that the code puts there.
    const operands = await session.variables(scopes['Operand Stack']);
    if (expected.operand_stack.length > 0) {
      assert.deepEqual(operands.map((row) => known(row.value)), expected.operand_stack.map((slot) => slot.value));
    }
  }
  for (const scope of ['Statics', 'Globals', 'Wasm Globals', 'Wasm Locals', 'Operand Stack']) {
    for (const row of scopes[scope] ? await session.variables(scopes[scope]) : []) {
      await evaluates(session, frame, row, checked, [scope]);
    }
  }
}

const known = (text) => (text.startsWith('<') ? null : withoutMark(text));

async function compareList(session, frame, rows, expected, checked, path) {
  assert.equal(rows.length, expected.length, `${path}: ${rows.map((row) => row.name)}`);
  for (const [index, row] of rows.entries()) {
    await compare(session, frame, row, expected[index], checked, [...path, row.name]);
  }
}

async function compare(session, frame, row, expected, checked, path) {
  checked.values += 1;
  const at = `${frame.name}: ${path.join(' / ')}`;
  if (expected.name !== null) assert.equal(row.name.replace(/ @ .*$/, ''), expected.name, at);
  assert.equal(row.type, expected.type, at);
  // The memory of a pointer is what it points to, which its text says; that of anything else is its own.
  if (expected.address !== null && row.memoryReference) {
    const memory = row.memoryReference.replace(/^\d+:/, '');
    if (!row.value.includes(memory)) assert.equal(BigInt(memory), BigInt(expected.address), at);
    checked.addresses += 1;
  }
  if (expected.value === null) assert.match(row.value, /^</, at);
  else if (expected.value.length < MOST_BYTES) assert.equal(withoutMark(row.value), expected.value, at);
  assert.equal(row.value.endsWith('~'), expected.state === 'recovered' && row.value !== expected.value, at);
  await evaluates(session, frame, row, checked, at);
  const isPointer = expected.child_count === 0 && row.variablesReference !== 0;
  if (path.length > DEPTH + 1) return;
  if (isPointer) {
    for (const child of (await session.variables(row.variablesReference)).slice(0, 20)) {
      await evaluates(session, frame, child, checked, `${at} / ${child.name}`);
    }
    return;
  }
  if (expected.child_count === 0) {
    assert.equal(row.variablesReference, 0, at);
    return;
  }
  assert.equal((row.namedVariables ?? 0) + (row.indexedVariables ?? 0), expected.child_count, at);
  if (expected.children.length === 0) return;
  const page = row.indexedVariables ? { filter: 'indexed', start: 0, count: expected.children.length } : {};
  const children = await session.variables(row.variablesReference, page);
  await compareList(session, frame, children.slice(0, expected.children.length), expected.children, checked, path);
}

async function evaluates(session, frame, row, checked, at) {
  if (row.evaluateName === undefined) return;
  checked.names += 1;
  const answer = await session.evaluate(row.evaluateName, frame.id).catch((error) => ({ result: `failed: ${error.message}` }));
  assert.deepEqual([answer.result, answer.type], [row.value, row.type], `${at}: ${row.evaluateName}`);
}

after(() => {
  const wrong = messages.flatMap((message) => mistakes(message).map((mistake) => `${mistake} in ${JSON.stringify(message).slice(0, 300)}`));
  assert.deepEqual(wrong.slice(0, 5), [], `${messages.length} messages were validated`);
});
