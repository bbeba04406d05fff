// One request after the other: what an editor can ask for besides the stack and its variables.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, copyFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Session, binary, messages, report, samples } from './support.mjs';
import { mistakes } from './schema.mjs';

const C = ['c_list/module.O0.wasm', 'c_list/core.O0'];
const RUST = ['rust_demo/module.wasm', 'rust_demo/core'];
const STRIPPED = ['stripped/module.wasm', 'stripped/core'];

function check(name, files, run, more = {}, wishes = {}) {
  test(name, async (t) => {
    const session = await Session.open(...files, more, wishes);
    t.after(() => session.end());
    await run(session, t);
  });
}

check('a dump looks like a session that stopped at the trap', C, async (session) => {
  assert.equal(session.stopped.reason, 'exception');
  assert.equal(session.stopped.description, 'wasm trap: integer divide by zero');
  assert.equal(session.stopped.text, 'integer divide by zero (i32.div_s): 200 divided by 0');
  const said = session.events.filter(({ event }) => event === 'output').map(({ body }) => body.output);
  assert.deepEqual(said, ['Program terminated with wasm trap: integer divide by zero (inferred from i32.div_s): 200 divided by 0.\n']);
  assert.equal(session.stopped.threadId, 1);
  assert.equal(session.stopped.allThreadsStopped, true);
  const events = session.events.map((event) => event.event);
  assert.ok(events.indexOf('initialized') < events.indexOf('stopped'), String(events));
  for (const event of ['process', 'thread', 'module', 'output']) assert.ok(events.includes(event), event);
  const info = await session.send('exceptionInfo', { threadId: 1 });
  assert.equal(info.breakMode, 'always');
  assert.match(info.description, /integer divide by zero/);
  assert.match(info.details.stackTrace, /unit_price/);
});

check('the stack comes in pages, with its exact length', C, async (session) => {
  const all = await session.send('stackTrace', { threadId: 1 });
  assert.equal(all.totalFrames, all.stackFrames.length);
  const page = await session.send('stackTrace', { threadId: 1, startFrame: 2, levels: 3 });
  assert.equal(page.totalFrames, all.totalFrames);
  assert.deepEqual(page.stackFrames, all.stackFrames.slice(2, 5));
  const beyond = await session.send('stackTrace', { threadId: 1, startFrame: 1_000_000 });
  assert.deepEqual(beyond.stackFrames, []);
  const format = { parameters: true, line: true, module: true };
  const [first] = (await session.send('stackTrace', { threadId: 1, levels: 1, format })).stackFrames;
  assert.equal(first.name, 'module.O0.wasm!split(total=200, count=0) Line 71');
  assert.equal(first.source.path, join(samples, 'c_list', 'workshop.c'));
});

check('frames of a runtime step back, and stand in the text of their code without source', STRIPPED, async (session) => {
  const [frame] = await session.frames();
  assert.match(frame.source.path, /relay\.c$/);
});

check('the panic machinery steps back', RUST, async (session) => {
  const frames = await session.frames();
  const own = frames.filter((frame) => frame.presentationHint === undefined).map((frame) => frame.name);
  assert.deepEqual(own.slice(0, 3), ['demo::calculate', 'demo::process_thing', 'demo::main']);
  // Editors that know nothing of stepping back go to the first frame with a source.
  assert.equal(frames.find((frame) => frame.source).name, 'demo::calculate');
  assert.ok(frames.slice(0, 3).every((frame) => frame.instructionPointerReference && frame.line === 0));
});

test('a function without source is shown as text, at the line of its instruction', async (t) => {
  // Without the file beside it, the module has neither names nor lines.
  const folder = mkdtempSync(join(tmpdir(), 'wasmgdb-'));
  for (const file of ['module.wasm', 'core']) copyFileSync(join(samples, 'stripped', file), join(folder, file));
  const alone = await Session.start();
  t.after(() => alone.end());
  await alone.begin({ program: join(folder, 'module.wasm'), core: join(folder, 'core') }, 'launch');
  const [frame] = await alone.frames();
  assert.match(frame.name, /^func\[\d+\]$/);
  assert.equal(frame.presentationHint, 'subtle');
  assert.deepEqual(Object.keys(await alone.scopes(frame.id)), ['Wasm Locals', 'Operand Stack', 'Wasm Globals']);
  const { content } = await alone.send('source', { sourceReference: frame.source.sourceReference });
  const line = content.split('\n')[frame.line - 1];
  assert.match(line, /call_indirect/);
  assert.ok(line.endsWith(`;; ${frame.instructionPointerReference}`), line);
});

check('scopes have their names, and the machine has its own', C, async (session) => {
  const frame = await session.frame('unit_price');
  assert.deepEqual(Object.keys(frame.scopes),
    ['Arguments', 'Locals', 'Statics', 'Globals', 'Wasm Locals', 'Operand Stack', 'Wasm Globals']);
  const { scopes } = await session.send('scopes', { frameId: frame.id });
  assert.deepEqual(scopes.map((scope) => [scope.presentationHint, scope.expensive]), [['arguments', false], ['locals', false],
    [undefined, true], [undefined, true], ['registers', false], ['registers', false], ['registers', true]]);
  const [statics, globals] = [frame.scopes.Statics, frame.scopes.Globals];
  const names = async (reference) => (await session.variables(reference)).map((row) => row.name);
  assert.ok((await names(statics)).includes('pressure'));
  assert.ok((await names(globals)).includes('tax_rate'));
  assert.ok((await names(frame.scopes['Wasm Globals'])).includes('[0] __stack_pointer'));
});

check('a name that another hides says where it is declared, and still has an expression', C, async (session) => {
  const frame = await session.frame('price_shelf');
  const rows = await session.variables(frame.scopes.Locals);
  const hidden = rows.filter((row) => row.name.includes(' @ workshop.c:'));
  assert.ok(hidden.length > 0, rows.map((row) => row.name).join());
  for (const row of hidden) {
    assert.match(row.evaluateName, /^\{.*\} 0x/);
    assert.equal((await session.evaluate(row.evaluateName, frame.id)).result, row.value);
  }
});

check('arrays come in pages', C, async (session) => {
  const frame = await session.frame('price_shelf');
  const bin = await session.variable(frame.scopes.Arguments, 'bin');
  const codes = await session.variable(bin.variablesReference, 'codes');
  assert.equal(codes.indexedVariables, 4);
  const page = await session.variables(codes.variablesReference, { filter: 'indexed', start: 1, count: 2 });
  assert.deepEqual(page.map((row) => [row.name, row.evaluateName]), [['[1]', 'bin->codes[1]'], ['[2]', 'bin->codes[2]']]);
  assert.deepEqual(await session.variables(codes.variablesReference, { filter: 'named' }), []);
  const far = await session.variables(codes.variablesReference, { start: 2 ** 40, count: 2 ** 40 });
  assert.deepEqual(far, []);
});

check('an array of a million elements costs a page', C, async (session) => {
  const frame = await session.frame('split');
  const huge = await session.evaluate('*(unsigned char (*)[1000000]) 0', frame.id).catch(() => null)
    ?? await session.evaluate('{unsigned short [500000]} 16', frame.id);
  const start = performance.now();
  const page = await session.variables(huge.variablesReference, { filter: 'indexed', start: 400_000, count: 100 });
  assert.equal(page.length, 100);
  assert.equal(page[0].name, '[400000]');
  assert.ok(performance.now() - start < 1000);
});

check('values are hexadecimal where the client wants that', C, async (session) => {
  const frame = await session.frame('split');
  const rows = await session.variables(frame.scopes.Arguments, { format: { hex: true } });
  assert.deepEqual(rows.map((row) => row.value), ['0xc8', '0x0']);
  const { result } = await session.send('evaluate', { expression: 'total', frameId: frame.id, format: { hex: true } });
  assert.equal(result, '0xc8');
});

check('a declaration has a place', C, async (session) => {
  const frame = await session.frame('split');
  const total = await session.variable(frame.scopes.Arguments, 'total');
  const place = await session.send('locations', { locationReference: total.declarationLocationReference });
  const text = readFileSync(place.source.path, 'utf8').split('\n')[place.line - 1];
  assert.match(text, /split\(long total/);
});

check('memory is read as the dump has it', C, async (session) => {
  const frame = await session.frame('split');
  const total = await session.variable(frame.scopes.Arguments, 'total');
  const read = (count, offset = 0) => session.send('readMemory', { memoryReference: total.memoryReference, count, offset });
  const { data, address } = await read(4);
  assert.equal(address, total.memoryReference);
  assert.equal(Buffer.from(data, 'base64').readInt32LE(), 200);
  const before = await read(8, -4);
  assert.equal(Buffer.from(before.data, 'base64').readInt32LE(4), 200);
  assert.deepEqual(await read(0), { address: total.memoryReference });
  // Half of this lies behind the end of memory.
  const pages = 2;
  const edge = await session.send('readMemory', { memoryReference: `0x${(pages * 65536 - 8).toString(16)}`, count: 16 });
  assert.equal(Buffer.from(edge.data ?? '', 'base64').length + (edge.unreadableBytes ?? 0), 16);
  const outside = await session.send('readMemory', { memoryReference: '0xfffffff0', count: 16 });
  assert.deepEqual(outside, { address: '0xfffffff0', unreadableBytes: 16 });
});

check('a string is read through its memory reference', C, async (session) => {
  const frame = await session.frame('unit_price');
  const part = await session.variable(frame.scopes.Arguments, 'part');
  const label = await session.variable(part.variablesReference, 'label');
  const { data } = await session.send('readMemory', { memoryReference: label.memoryReference, count: 6 });
  assert.equal(Buffer.from(data, 'base64').toString('latin1'), 'hinge\0');
});

check('as many instructions as asked for, the trapping one among them', C, async (session) => {
  const [frame] = await session.frames();
  const memoryReference = frame.instructionPointerReference;
  const ask = async (more) => (await session.send('disassemble', { memoryReference, ...more })).instructions;
  const window = await ask({ instructionOffset: -5, instructionCount: 11, resolveSymbols: true });
  assert.equal(window.length, 11);
  assert.equal(window[5].address, memoryReference);
  assert.match(window[5].instruction, /i32\.div_s/);
  assert.match(window[5].symbol, /^split\+/);
  assert.equal(window[5].instructionBytes, '6d');
  for (const [offset, count] of [[-100_000, 50], [100_000, 50], [-3, 1], [0, 0], [-50, 2000], [-2000, 100]]) {
    assert.equal((await ask({ instructionOffset: offset, instructionCount: count })).length, count);
  }
  const addresses = (await ask({ instructionOffset: -500, instructionCount: 1000 }))
    .filter((row) => row.presentationHint !== 'invalid').map((row) => BigInt(row.address));
  assert.ok(addresses.every((address, index) => index === 0 || address > addresses[index - 1]));
  const pages = [...await ask({ instructionOffset: -40, instructionCount: 40 }), ...await ask({ instructionOffset: 0, instructionCount: 40 })];
  const bare = (rows) => rows.map((row) => [row.address, row.instruction]);
  assert.deepEqual(bare(pages), bare(await ask({ instructionOffset: -40, instructionCount: 80 })));
  assert.equal((await session.send('disassemble', { memoryReference: '0x0', instructionCount: 3 })).instructions.length, 3);
});

check('the console runs expressions and commands', C, async (session) => {
  const frame = await session.frame('unit_price');
  const repl = async (expression) => (await session.evaluate(expression, frame.id, 'repl')).result;
  assert.equal(await repl('part->id + 1'), '3');
  assert.match(await repl('bt 2'), /^#0 .* as split \(total=200, count=0\) at .*\n#1 /);
  assert.match(await repl('info locals'), /total: long = 200/);
  assert.match(await repl('p part->label'), /"hinge"/);
  assert.match(await repl('`info frame'), /unit_price/);
  assert.match(await repl('-exec p total'), /total.* = 200/);
  assert.equal(await repl('total'), '200');
  assert.equal(await repl('total == 200'), '1');
  assert.equal(await repl('$a = 41'), '41');
  assert.equal(await repl('$a + 1'), '42');
  await assert.rejects(repl('nosuch'), /No symbol "nosuch" in current context\./);
  await assert.rejects(repl('p nosuch'), /No symbol "nosuch" in current context\./);
  await assert.rejects(repl('shell echo x'), /may not be run/);
  await assert.rejects(repl('| bt | cat'), /may not be run/);
  const after = await session.frame('unit_price');
  assert.equal(after.id, frame.id);
});

check('a command that selects a frame says where the editor stays, and lasts where no frame is named', C, async (session) => {
  const frame = await session.frame('unit_price');
  const repl = async (expression, id) => (await session.evaluate(expression, id, 'repl')).result;
  assert.match(await repl('up', frame.id), /^#2 .* as walk [^]*\n\(The editor stays at its own frame/);
  const again = await repl('frame', frame.id);
  assert.match(again, /^#1 .* as unit_price/);
  assert.doesNotMatch(again, /editor/);
  assert.doesNotMatch(await repl('up', undefined), /editor/);
  assert.match(await repl('frame', undefined), /^#2 .* as walk/);
  assert.match(await repl('p depth', undefined), /depth.* = 3/);
});

check('leaving by a command ends the session, once', C, async (session) => {
  for (const line of ['quit', 'quit']) await session.evaluate(line, undefined, 'repl');
  await session.send('terminate');
  assert.equal(session.events.filter(({ event }) => event === 'terminated').length, 1);
});

check('colours come only to clients that show them', C, async (session) => {
  const { result } = await session.evaluate('bt 1', undefined, 'repl');
  assert.ok(result.includes('\u001b[33msplit\u001b[0m'), JSON.stringify(result));
}, {}, { supportsANSIStyling: true });

check('hover and watch change nothing, the clipboard gets all', C, async (session) => {
  const frame = await session.frame('price_shelf');
  assert.equal((await session.evaluate('$b = 3', frame.id, 'hover')).result, '3');
  assert.equal((await session.evaluate('$b', frame.id, 'repl')).result, 'void');
  const watched = await session.evaluate('*bin', frame.id, 'watch');
  assert.ok(watched.variablesReference > 0);
  assert.equal((await session.variable(watched.variablesReference, 'size')).evaluateName, '(*bin).size');
  const huge = '{unsigned char [1000]} 0x10000';
  const short = (await session.evaluate(huge, frame.id, 'watch')).result;
  const whole = (await session.evaluate(huge, frame.id, 'clipboard')).result;
  assert.ok(whole.length > short.length, `${whole.length} ${short.length}`);
  assert.ok(!whole.endsWith('...'));
});

check('what cannot be changed or go on says so, once aloud', C, async (session) => {
  const notes = () => session.events.filter((event) => event.event === 'output' && /not being run/.test(event.body.output));
  for (const command of ['next', 'stepIn', 'continue', 'pause', 'stepBack', 'restartFrame']) {
    const { message, body } = await session.refused(command, { threadId: 1 });
    assert.match(message, /not being run/, command);
    assert.equal(body.error.showUser, false);
  }
  assert.equal(notes().length, 1);
  const frame = await session.frame('split');
  const change = { name: 'total', value: '3', variablesReference: frame.scopes.Arguments };
  for (const [command, args] of [['setVariable', change], ['setExpression', { expression: 'total', value: '3' }],
    ['writeMemory', { memoryReference: '0x0', data: '' }]]) {
    assert.equal((await session.refused(command, args)).message, 'Cannot write to a core dump.', command);
  }
  assert.match((await session.refused('evaluate', { expression: 'total = 3', frameId: frame.id, context: 'repl' })).message,
    /Cannot write to a core dump/);
  assert.match((await session.refused('noSuchRequest')).message, /unknown request noSuchRequest/);
});

check('breakpoints are taken and never verified', C, async (session) => {
  const source = { path: join(samples, 'c_list', 'workshop.c') };
  const set = await session.send('setBreakpoints', { source, breakpoints: [{ line: 71 }, { line: 72 }] });
  assert.deepEqual(set.breakpoints.map((point) => point.verified), [false, false]);
  assert.match(set.breakpoints[0].message, /post-mortem/);
  assert.deepEqual((await session.send('setFunctionBreakpoints', { breakpoints: [{ name: 'split' }] })).breakpoints.length, 1);
  await session.send('setExceptionBreakpoints', { filters: [] });
});

check('completions know commands, and names behind them', C, async (session) => {
  const frame = await session.frame('unit_price');
  const complete = async (text, column = text.length + 1) =>
    (await session.send('completions', { frameId: frame.id, text, column })).targets;
  assert.ok((await complete('backt')).some((item) => item.label === 'backtrace' && item.start === 1 && item.length === 5));
  const info = await complete('info wasm-l');
  assert.deepEqual(info.map((item) => [item.label, item.start, item.length]), [['wasm-locals', 6, 6]]);
  for (const text of ['part->la', 'p part->la', '1 + part->la', '`p part->la']) {
    const found = await complete(text);
    assert.ok(found.some((item) => item.label.endsWith('label')), `${text}: ${JSON.stringify(found)}`);
  }
});

check('modules and sources are listed', C, async (session) => {
  const { modules, totalModules } = await session.send('modules');
  assert.deepEqual([modules.length, totalModules, modules[0].id], [1, 1, 0]);
  assert.equal(modules[0].path, join(samples, 'c_list', 'module.O0.wasm'));
  assert.deepEqual((await session.send('modules', { startModule: 1 })).modules, []);
  const { sources } = await session.send('loadedSources');
  assert.ok(sources.some((source) => source.path === join(samples, 'c_list', 'workshop.c')));
});

check('lines, columns and paths are the client\'s', C, async (session) => {
  const [frame] = await session.frames();
  assert.deepEqual([frame.line, frame.column], [70, 57]);
  assert.equal(frame.source.path, `file://${join(samples, 'c_list', 'workshop.c')}`);
  const [row] = await session.variables((await session.scopes(frame.id)).Arguments);
  assert.deepEqual([row.type, row.memoryReference], [undefined, undefined]);
}, {}, { linesStartAt1: false, columnsStartAt1: false, pathFormat: 'uri', supportsVariableType: false, supportsMemoryReferences: false });

test('a client that vanishes ends the adapter', async () => {
  const adapter = spawn(binary, ['dap'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const message = JSON.stringify({ seq: 1, type: 'request', command: 'initialize', arguments: {} });
  adapter.stdin.write(`Content-Length: ${message.length}\r\n\r\n${message}Content-Length: 100\r\n\r\n{"seq`);
  await once(adapter.stdout, 'data');
  adapter.stdin.end();
  const [status] = await once(adapter, 'exit');
  assert.equal(status, 0);
});

test('many requests in one write are answered in order, and a cancelled one is not carried out', async () => {
  const adapter = spawn(binary, ['dap'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const files = { program: join(samples, C[0]), coreFile: join(samples, C[1]) };
  const requests = [['initialize', {}], ['attach', files], ['configurationDone', {}], ['cancel', { requestId: 6 }],
    ['threads', {}], ['stackTrace', { threadId: 1 }], ['threads', {}], ['disconnect', {}]];
  const framed = requests.map(([command, args], index) => {
    const text = JSON.stringify({ seq: index + 1, type: 'request', command, arguments: args, extra: 'ü' });
    return `X-Odd: yes\nContent-Length: ${Buffer.byteLength(text)}\n\n${text}`;
  });
  adapter.stdin.write(framed.join(''));
  let text = '';
  adapter.stdout.setEncoding('utf8');
  adapter.stdout.on('data', (data) => { text += data; });
  assert.deepEqual(await once(adapter, 'exit'), [0, null]);
  const answers = text.split(/Content-Length: \d+\r\n\r\n/).filter(Boolean).map((part) => JSON.parse(part))
    .filter((message) => message.type === 'response');
  assert.deepEqual(answers.map((answer) => answer.request_seq), [1, 3, 2, 4, 5, 6, 7, 8]);
  assert.deepEqual(answers.map((answer) => answer.success), [true, true, true, true, true, false, true, true]);
  assert.equal(answers[5].message, 'cancelled');
});

test('the log has both directions, and standard output has nothing else', async () => {
  const log = join(mkdtempSync(join(tmpdir(), 'wasmgdb-')), 'log');
  const adapter = spawn(binary, ['dap', '--dap-log', log], { stdio: ['pipe', 'pipe', 'inherit'] });
  const message = JSON.stringify({ seq: 1, type: 'request', command: 'disconnect' });
  adapter.stdin.write(`Content-Length: ${message.length}\r\n\r\n${message}`);
  let text = '';
  adapter.stdout.on('data', (data) => { text += data; });
  await once(adapter, 'exit');
  assert.match(text, /^Content-Length: \d+\r\n\r\n\{[^\n]*\}$/);
  assert.match(readFileSync(log, 'utf8'), /^--> \{.*\n<-- \{.*\n$/);
});

after(() => {
  const wrong = messages.flatMap((message) => mistakes(message).map((mistake) => `${mistake} in ${JSON.stringify(message).slice(0, 300)}`));
  assert.deepEqual(wrong.slice(0, 5), [], `${messages.length} messages were validated`);
});
