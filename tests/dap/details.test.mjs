// What is easily got wrong in single requests: bounds, columns, counts, and what must not be said.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Session, messages, samples } from './support.mjs';
import { mistakes } from './schema.mjs';

const C = ['c_list/module.O0.wasm', 'c_list/core.O0'];
const C_OPTIMISED = ['c_list/module.O2.wasm', 'c_list/core.O2'];
const RUST = ['rust_demo/module.wasm', 'rust_demo/core'];
const MEMORY_BYTES = 2 * 65536;

function check(name, files, run, wishes = {}) {
  test(name, async (t) => {
    const session = await Session.open(...files, {}, wishes);
    t.after(() => session.end());
    await run(session, t);
  });
}

check('what can be done is said, and nothing else', C, async (session) => {
  const said = Object.entries(session.capabilities).filter(([, value]) => value === true).map(([name]) => name);
  assert.deepEqual(said.sort(), [
    'supportsCancelRequest', 'supportsClipboardContext', 'supportsCompletionsRequest', 'supportsConfigurationDoneRequest',
    'supportsDelayedStackTraceLoading', 'supportsDisassembleRequest', 'supportsEvaluateForHovers',
    'supportsExceptionInfoRequest', 'supportsLoadedSourcesRequest', 'supportsModulesRequest', 'supportsReadMemoryRequest',
    'supportsTerminateRequest', 'supportsValueFormattingOptions',
  ]);
  assert.equal(session.capabilities.supportsSteppingGranularity, false);
  assert.ok(['.', '>'].every((c) => session.capabilities.completionTriggerCharacters.includes(c)));
});

check('colours are said to be shown where they are', C, async (session) => {
  assert.equal(session.capabilities.supportsANSIStyling, true);
  // Its stack is shown outside of the console, where colours would be noise.
  assert.match((await session.send('exceptionInfo', { threadId: 1 })).details.stackTrace, / as split \(total=200, /);
  assert.match((await session.evaluate('bt', undefined, 'repl')).result, /\u001b\[/);
  await session.evaluate('total', (await session.frames())[0].id, 'watch');
}, { supportsANSIStyling: true });

check('every kind of breakpoint is answered one by one, unverified', C, async (session) => {
  const source = { path: join(samples, 'c_list', 'workshop.c') };
  const requests = [
    ['setBreakpoints', { source, breakpoints: [{ line: 1 }, { line: 71 }, { line: 99999 }] }, 3],
    ['setBreakpoints', { source, lines: [1, 2] }, 2],
    ['setBreakpoints', { source, breakpoints: [] }, 0],
    ['setFunctionBreakpoints', { breakpoints: [{ name: 'split' }] }, 1],
    ['setInstructionBreakpoints', { breakpoints: [{ instructionReference: '0x1' }] }, 1],
    ['setDataBreakpoints', { breakpoints: [{ dataId: 'x' }, { dataId: 'y' }] }, 2],
    ['setExceptionBreakpoints', { filters: ['a'], filterOptions: [{ filterId: 'b' }] }, 2],
  ];
  for (const [command, args, count] of requests) {
    const { breakpoints } = await session.send(command, args);
    assert.equal(breakpoints.length, count, command);
    for (const point of breakpoints) {
      assert.deepEqual([point.verified, point.reason], [false, 'failed'], command);
      assert.match(point.message, /^post-mortem session/, command);
    }
  }
  assert.deepEqual(await session.send('breakpointLocations', { source, line: 71 }), { breakpoints: [] });
  const data = await session.send('dataBreakpointInfo', { name: 'total' });
  assert.equal(data.dataId, null);
});

check('all that would run or change the program is refused with words', C, async (session) => {
  for (const command of ['continue', 'next', 'stepIn', 'stepOut', 'stepBack', 'reverseContinue', 'pause', 'goto',
    'gotoTargets', 'stepInTargets', 'restart', 'restartFrame', 'terminateThreads']) {
    const { message, body } = await session.refused(command, { threadId: 1, frameId: 1, targetId: 1 });
    assert.match(message, /not being run/, command);
    assert.deepEqual([body.error.format, body.error.showUser], [message, false], command);
  }
  for (const command of ['setVariable', 'setExpression', 'writeMemory']) {
    const { message, body } = await session.refused(command, { name: 'x', value: '1', expression: 'x', data: '' });
    assert.equal(message, 'Cannot write to a core dump.', command);
    assert.deepEqual([body.error.format, body.error.showUser], [message, true], command);
  }
});

check('memory ends where it ends, whatever is asked', C, async (session) => {
  const read = (memoryReference, count, offset = 0) => session.send('readMemory', { memoryReference, count, offset });
  const bytes = (answer) => Buffer.from(answer.data ?? '', 'base64').length;
  const edge = `0x${(MEMORY_BYTES - 8).toString(16)}`;
  const over = await read(edge, 16);
  assert.deepEqual([bytes(over), over.unreadableBytes, over.address], [8, 8, edge]);
  const within = await read(edge, 8);
  assert.deepEqual([bytes(within), within.unreadableBytes], [8, undefined]);
  const whole = await read('0x0', 2 ** 40);
  assert.equal(bytes(whole), MEMORY_BYTES);
  assert.ok(whole.unreadableBytes > 0);
  assert.equal((await read('16', 4, -16)).address, '0x0');
  assert.deepEqual(await read('0xffffffffffffffff', 4), { address: '0xffffffffffffffff', unreadableBytes: 4 });
  assert.match((await session.refused('readMemory', { memoryReference: '0x10', count: 4, offset: -17 })).message, /outside/);
  assert.match((await session.refused('readMemory', { memoryReference: '0x10', count: -1 })).message, /negative/);
  assert.match((await session.refused('readMemory', { memoryReference: 'here', count: 1 })).message, /here/);
  assert.match((await session.refused('readMemory', { memoryReference: '7:0x10', count: 1 })).message, /instance/);
});

check('rows in front of all code and behind it are there, and say that they are none', C, async (session) => {
  const [frame] = await session.frames();
  const memoryReference = frame.instructionPointerReference;
  const ask = async (more) => (await session.send('disassemble', { memoryReference, ...more })).instructions;
  const kinds = (rows) => rows.map((row) => (row.presentationHint === 'invalid' ? '-' : 'i')).join('');
  assert.match(kinds(await ask({ instructionOffset: -50_000, instructionCount: 20 })), /^-{20}$/);
  assert.match(kinds(await ask({ instructionOffset: 50_000, instructionCount: 20 })), /^-{20}$/);
  const all = await ask({ instructionOffset: -20_000, instructionCount: 40_000 });
  assert.match(kinds(all), /^-+i+-+$/);
  const addresses = all.map((row) => Number(row.address));
  // In front of the file there are no addresses.
  assert.ok(addresses.every((at, index) => index === 0 || at > addresses[index - 1] || at === 0), 'no address twice');
  assert.equal(addresses[20_000], Number(memoryReference));
  // From one instruction to another by bytes instead of by count.
  const [next] = await ask({ instructionOffset: 1, instructionCount: 1 });
  const size = Number(next.address) - Number(memoryReference);
  assert.equal((await ask({ offset: size, instructionCount: 1 }))[0].address, next.address);
  assert.match((await session.refused('disassemble', { memoryReference, instructionCount: -1 })).message, /negative/);
  assert.match((await session.refused('disassemble', { memoryReference, instructionCount: 1e9 })).message, /at most/);
  assert.match((await session.refused('disassemble', { memoryReference: 'x', instructionCount: 1 })).message, /x/);
});

check('the line of an instruction is said where it changes', C, async (session) => {
  const [frame] = await session.frames();
  const { instructions } = await session.send('disassemble',
    { memoryReference: frame.instructionPointerReference, instructionOffset: -10, instructionCount: 20, resolveSymbols: false });
  assert.ok(instructions.some((row) => row.line === 71 && row.location?.path.endsWith('workshop.c')));
  assert.ok(instructions.some((row) => row.line === undefined));
  assert.ok(instructions.every((row) => row.symbol === undefined), 'symbols were not asked for');
});

check('completions stand where the cursor is', C, async (session) => {
  const frame = await session.frame('unit_price');
  const complete = async (text, column, line) =>
    (await session.send('completions', { frameId: frame.id, text, column, ...(line ? { line } : {}) })).targets;
  const label = (targets) => targets.find((item) => item.label.endsWith('label'));
  // What follows the cursor does not matter.
  const middle = label(await complete('p part->la + 1', 11));
  assert.deepEqual([middle.start, middle.length], [9, 2]);
  // Two UTF-16 units, four bytes.
  const wide = label(await complete('p "😀", part->la', 17));
  assert.deepEqual([wide.start, wide.length], [15, 2]);
  const second = label(await complete('bt\np part->la', 11, 2));
  assert.deepEqual([second.start, second.length], [9, 2]);
  assert.deepEqual(await complete('nothing_begins_like_this', 25), []);
  for (const column of [-5, 0, 1]) assert.ok((await complete('', column)).length > 10, `column ${column}`);
});

check('completions count from 0 where the client does', C, async (session) => {
  const frame = await session.frame('unit_price');
  const { targets } = await session.send('completions', { frameId: frame.id, text: 'p part->la', column: 10, line: 0 });
  const found = targets.find((item) => item.label.endsWith('label'));
  assert.deepEqual([found.start, found.length], [8, 2]);
}, { linesStartAt1: false, columnsStartAt1: false });

check('the exception has the panic\'s own words', RUST, async (session) => {
  const info = await session.send('exceptionInfo', { threadId: 1 });
  assert.equal(info.exceptionId, 'wasm trap');
  assert.equal(info.breakMode, 'always');
  assert.match(info.description, /unreachable/);
  assert.match(info.description, /panicked at|assert|: /);
  assert.match(info.details.stackTrace, /^#0 /);
  assert.match(info.details.stackTrace, /demo::calculate/);
  assert.match((await session.refused('exceptionInfo', { threadId: 7 })).message, /no thread has the id 7/);
});

check('a function pointer leads to its function', C, async (session) => {
  const frame = await session.frame('unit_price');
  const rule = await session.variable(frame.scopes.Arguments, 'rule');
  const evaluated = await session.evaluate('rule', frame.id);
  const text = readFileSync(join(samples, 'c_list', 'workshop.c'), 'utf8').split('\n');
  for (const { valueLocationReference } of [rule, evaluated]) {
    const place = await session.send('locations', { locationReference: valueLocationReference });
    assert.match(text[place.line - 1], /long split\(/);
  }
  assert.equal(rule.variablesReference, 0, 'code is not opened as if it were data');
  const { data } = await session.send('readMemory', { memoryReference: rule.memoryReference, count: 4 });
  const index = Buffer.from(data, 'base64').readInt32LE();
  assert.equal((await session.evaluate('(int) rule', frame.id)).result, String(index), 'the pointer itself is in memory');
  for (const locationReference of [0, -1, 999_999]) {
    assert.match((await session.refused('locations', { locationReference })).message, /no place/);
  }
});

check('numbers in base 16 are so all the way down', C, async (session) => {
  const frame = await session.frame('price_shelf');
  const hex = { hex: true };
  const { variables } = await session.send('variables', { variablesReference: frame.scopes.Arguments, format: hex });
  const bin = variables.find((row) => row.name === 'bin');
  const rows = await session.variables(bin.variablesReference, { format: hex });
  const value = (name) => rows.find((row) => row.name === name).value;
  assert.match(value('codes'), /^\{0x[0-9a-f]+(, 0x[0-9a-f]+| <repeats|, )/);
  const [, count] = variables;
  assert.match(count.value, /^0x[0-9a-f]+$/);
  // And only where it was asked for.
  const plain = await session.variable(frame.scopes.Arguments, 'count');
  assert.doesNotMatch(plain.value, /^0x/);
  const negative = await session.send('evaluate', { expression: 'door.shelf', frameId: frame.id, format: hex });
  assert.match(negative.result, /^0xf+$/);
  const locals = await session.variables(frame.scopes['Wasm Locals'], { format: hex });
  assert.ok(locals.every((row) => /^(0x|<)/.test(row.value)), JSON.stringify(locals));
});

check('named and indexed children are told apart', C, async (session) => {
  const frame = await session.frame('price_shelf');
  const bin = await session.variable(frame.scopes.Arguments, 'bin');
  const all = await session.variables(bin.variablesReference);
  assert.equal(bin.namedVariables, all.length);
  assert.deepEqual(await session.variables(bin.variablesReference, { filter: 'indexed' }), []);
  assert.deepEqual(await session.variables(bin.variablesReference, { filter: 'named' }), all);
  const middle = await session.variables(bin.variablesReference, { filter: 'named', start: 1, count: 2 });
  assert.deepEqual(middle, all.slice(1, 3));
  const counts = all.find((row) => row.name === 'counts');
  assert.deepEqual([counts.indexedVariables, counts.namedVariables], [2, undefined]);
  const [row] = await session.variables(counts.variablesReference, { filter: 'indexed', start: 1, count: 1 });
  assert.deepEqual([row.name, row.evaluateName], ['[1]', 'bin->counts[1]']);
  for (const page of [{ start: -1 }, { count: -1 }]) {
    const { message } = await session.refused('variables', { variablesReference: bin.variablesReference, ...page });
    assert.match(message, /negative/);
  }
});

check('nothing is cut for the clipboard that is cut in a row', C, async (session) => {
  const [frame] = await session.frames();
  const expression = '{unsigned int [3000]} 0x10000';
  const ask = async (context) => (await session.send('evaluate', { expression, frameId: frame.id, context })).result;
  const [row, whole] = [await ask('watch'), await ask('clipboard')];
  assert.ok(row.endsWith('...}') && row.length < 3000, row);
  assert.ok(!whole.includes('...') && !whole.includes('<repeats'), whole.slice(0, 200));
  assert.equal(whole.split(', ').length, 3000);
});

check('every row can only be read, and says what it is', C_OPTIMISED, async (session) => {
  let [rows, recovered] = [0, 0];
  for (const frame of await session.frames()) {
    for (const [scope, reference] of Object.entries(await session.scopes(frame.id))) {
      for (const row of await session.variables(reference)) {
        rows += 1;
        recovered += Number(row.value.endsWith('~'));
        assert.ok(row.presentationHint.attributes.includes('readOnly'), `${scope} ${row.name}`);
        assert.ok(row.type || row.value.startsWith('<'), `${scope} ${row.name} has no type`);
      }
    }
  }
  assert.ok(rows > 50 && recovered > 0, `${rows} rows, ${recovered} recovered`);
});

check('names of frames are made of the parts that are asked for', C, async (session) => {
  const name = async (format) => (await session.send('stackTrace', { threadId: 1, levels: 1, format })).stackFrames[0].name;
  assert.equal(await name({}), 'split');
  assert.equal(await name({ parameters: true, parameterTypes: true, parameterNames: true, parameterValues: true }),
    'split(long total=200, long count=0)');
  assert.equal(await name({ parameters: true, parameterNames: true }), 'split(total, count)');
  assert.equal(await name({ parameters: true, parameterTypes: true }), 'split(long, long)');
  assert.equal(await name({ parameters: true, parameterValues: true, hex: true }), 'split(0xc8, 0x0)');
  assert.equal(await name({ line: true }), 'split Line 71');
  assert.equal(await name({ module: true }), 'module.O0.wasm!split');
});

check('the same thing asked for twice has the same number', C, async (session) => {
  const [first, again] = [await session.frames(), await session.frames()];
  assert.deepEqual(again, first);
  const scopes = await session.scopes(first[0].id);
  assert.deepEqual(await session.scopes(first[0].id), scopes);
  const frame = await session.frame('price_shelf');
  assert.deepEqual(await session.variables(frame.scopes.Arguments), await session.variables(frame.scopes.Arguments));
});

check('hovering over what has no value fails quietly', C, async (session) => {
  const frame = await session.frame('split');
  for (const expression of ['nosuch', 'return', '*(int *)0xfffffff0', '1 +', '']) {
    const { message, body } = await session.refused('evaluate', { expression, frameId: frame.id, context: 'hover' });
    assert.ok(message.length > 0, expression);
    assert.equal(body.error.showUser, false, expression);
  }
});

after(() => {
  const wrong = messages.flatMap((message) => mistakes(message).map((mistake) => `${mistake} in ${JSON.stringify(message).slice(0, 300)}`));
  assert.deepEqual(wrong.slice(0, 5), [], `${messages.length} messages were validated`);
});
