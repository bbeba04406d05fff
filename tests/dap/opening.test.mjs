// From `initialize` to `stopped`, and the end: in which order things are said, what is opened, and what of a dump that is
// not whole can still be shown.

import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, truncateSync, writeFileSync, appendFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Session, data, messages, samples } from './support.mjs';
import { custom, sections, whole } from './wasm.mjs';
import { mistakes } from './schema.mjs';

const C = ['c_list/module.O0.wasm', 'c_list/core.O0'].map((file) => join(samples, file));
const folder = () => mkdtempSync(join(tmpdir(), 'wasmgdb-'));

async function opened(t, args, wishes = {}, how = 'attach') {
  const session = await Session.opened(args, wishes, how);
  t.after(() => session.end());
  return session;
}

async function started(t, wishes = {}) {
  const session = await Session.start(wishes);
  t.after(() => session.end());
  return session;
}

// What the adapter wrote in a session, by name.
const order = (session) => session.written.map((message) => message.event ?? message.command);

test('the answer to attach comes behind configurationDone, and stopped behind both', async (t) => {
  const session = await opened(t, { program: C[0], coreFile: C[1] });
  const said = order(session);
  assert.deepEqual(said.slice(0, 4), ['initialize', 'initialized', 'configurationDone', 'attach']);
  const events = said.slice(4, said.indexOf('stopped') + 1);
  assert.deepEqual(events, ['process', 'module', 'loadedSource', 'thread', 'output', 'stopped']);
  assert.equal(session.events.find(({ event }) => event === 'process').body.startMethod, 'attach');
  const source = session.events.find(({ event }) => event === 'loadedSource').body.source;
  assert.equal(source.path, join(samples, 'c_list', 'workshop.c'));
});

test('a client that waits to be answered before it configures anything is answered', async (t) => {
  const session = await started(t);
  await session.send('launch', { program: C[0], core: C[1] });
  await session.send('setExceptionBreakpoints', { filters: [] });
  await session.send('configurationDone');
  assert.equal((await session.event('stopped')).body.reason, 'exception');
  assert.equal(session.events.find(({ event }) => event === 'process').body.startMethod, 'launch');
});

test('a client that looks at the program before it configures anything is answered first', async (t) => {
  const session = await started(t);
  const attached = session.send('attach', { program: C[0], coreFile: C[1] });
  await session.event('initialized');
  const { totalFrames } = await session.send('stackTrace', { threadId: 1 });
  assert.ok(totalFrames > 5);
  assert.deepEqual(order(session).slice(1), ['initialized', 'attach', 'stackTrace']);
  await attached;
});

test('a client that leaves before it was ready gets all its answers', async (t) => {
  const session = await started(t);
  const attached = session.send('attach', { program: C[0], coreFile: C[1] });
  await session.event('initialized');
  await session.send('disconnect', { terminateDebuggee: false });
  await attached;
  assert.deepEqual(order(session).slice(1), ['initialized', 'attach', 'disconnect']);
});

test('terminate ends the session, and disconnect the adapter', async (t) => {
  const session = await opened(t, { program: C[0], coreFile: C[1] });
  assert.equal(session.capabilities.supportsTerminateRequest, true);
  await session.send('terminate');
  await session.event('terminated');
  // As dape does on the event: told again, both would go on for ever.
  await session.send('terminate');
  await session.send('disconnect');
  assert.deepEqual(order(session).slice(-4), ['terminate', 'terminated', 'terminate', 'disconnect']);
});

// A module of 64 MiB that is the sample, with zeros behind it in a section of their own: a sparse file.
function large(directory) {
  const path = join(directory, 'large.wasm');
  copyFileSync(C[0], path);
  const zeros = 64 << 20;
  appendFileSync(path, custom('padding', Buffer.alloc(0), zeros));
  truncateSync(path, readFileSync(path).length + zeros);
  return path;
}

for (const named of [true, false]) {
  test(`progress is told while a large module is read${named ? '' : ' that is found beside the dump'}`, async (t) => {
    const directory = folder();
    const program = large(directory);
    copyFileSync(C[1], join(directory, 'core'));
    const args = { coreFile: join(directory, 'core'), ...(named ? { program } : {}) };
    const session = await opened(t, args, { supportsProgressReporting: true });
    const progress = session.written.filter(({ event }) => event?.startsWith('progress'));
    assert.deepEqual(progress.map(({ event }) => event), ['progressStart', 'progressUpdate', 'progressEnd']);
    const [start, update, end] = progress.map(({ body }) => body);
    assert.match(start.message, /large\.wasm/);
    assert.equal(start.requestId, 2);
    assert.deepEqual([update.progressId, end.progressId], [start.progressId, start.progressId]);
    assert.ok(order(session).indexOf('progressEnd') < order(session).indexOf('initialized'));
    assert.equal((await session.frames())[0].name, 'split');
  });
}

test('no progress is told of small modules, and none to clients that do not show it', async (t) => {
  const small = await opened(t, { program: C[0], coreFile: C[1] }, { supportsProgressReporting: true });
  const silent = await opened(t, { program: large(folder()), coreFile: C[1] });
  for (const session of [small, silent]) {
    assert.ok(!session.written.some(({ event }) => event?.startsWith('progress')));
  }
});

test('progress ends where opening fails', async (t) => {
  const session = await started(t, { supportsProgressReporting: true });
  const program = large(folder());
  await session.refused('attach', { program, coreFile: join(samples, 'c_list', 'workshop.c') });
  const progress = session.written.filter(({ event }) => event?.startsWith('progress'));
  assert.deepEqual(progress.map(({ event }) => event), ['progressStart', 'progressEnd']);
});

for (const by of ['requestId', 'progressId']) {
  test(`opening is cancelled by ${by}, and the next try succeeds`, async (t) => {
    const session = await started(t, { supportsProgressReporting: true });
    // The number that `attach` is going to have: when it is read, it is cancelled already.
    const cancel = by === 'requestId' ? { requestId: 3 } : { progressId: '3' };
    const cancelled = session.send('cancel', cancel);
    const refused = session.refused('attach', { program: large(folder()), coreFile: C[1] });
    assert.equal((await refused).message, 'cancelled');
    await cancelled;
    assert.ok(!session.written.some(({ event }) => event === 'initialized'));
    await session.begin({ program: C[0], coreFile: C[1] });
    assert.equal(session.stopped.reason, 'exception');
  });
}

test('what a client leaves empty is not there, and one text is a list of one', async (t) => {
  const empty = { modules: null, debugFiles: false, debugDirs: null, sourceMap: null, cwd: '', initCommands: 'set print elements 2' };
  const session = await opened(t, { program: C[0], coreFile: C[1], core: null, coreDumpPath: false, ...empty, stopOnEntry: true });
  const frame = await session.frame('price_shelf');
  assert.equal((await session.evaluate('bin->codes', frame.id)).result, '{7, 7...}');
});

test('a wrong file fails the request and names the file and the cause', async (t) => {
  const session = await Session.start();
  t.after(() => session.end());
  const attach = (args) => session.refused('attach', args);
  const missing = await attach({ program: '/nonexistent/a.wasm', coreFile: '/nonexistent/core' });
  assert.match(missing.message, /\/nonexistent\/core: No such file or directory\./);
  assert.equal(missing.body.error.showUser, true);
  const source = join(samples, 'c_list', 'workshop.c');
  assert.match((await attach({ coreFile: source })).message, /workshop\.c" is not a core dump/);
  assert.match((await attach({})).message, /"coreFile"/);
  assert.match((await attach({ program: 3 })).message, /argument "program": invalid type/);
  assert.match((await attach({ coreFile: C[1], cwd: '/nonexistent' })).message, /cwd: \/nonexistent/);
  assert.match((await session.refused('stackTrace', { threadId: 1 })).message, /nothing is open/);
  // Nothing is spoilt by it.
  await session.send('attach', { program: C[0], coreFile: C[1] });
  assert.match((await attach({ coreFile: C[1] })).message, /open already/);
});

test('launch takes the words of other adapters, and commands before opening', async (t) => {
  for (const word of ['coreFile', 'core', 'coreDumpPath']) {
    const initCommands = ['echo hello\\n', 'set print elements 2'];
    const session = await opened(t, { program: C[0], [word]: C[1], initCommands }, {}, 'launch');
    assert.ok(session.events.some((event) => event.body?.output === 'hello\n'));
    const frame = await session.frame('price_shelf');
    assert.equal((await session.evaluate('bin->codes', frame.id)).result, '{7, 7...}');
  }
});

test('the module is found beside the dump, and sources where the map says', async (t) => {
  const directory = folder();
  mkdirSync(join(directory, 'elsewhere', 'c_list'), { recursive: true });
  copyFileSync(join(samples, 'c_list', 'workshop.c'), join(directory, 'elsewhere', 'c_list', 'workshop.c'));
  copyFileSync(C[0], join(directory, 'module.O0.wasm'));
  copyFileSync(C[1], join(directory, 'core.O0'));
  const session = await opened(t, { cwd: directory, coreFile: 'core.O0', program: 'module.O0.wasm',
    sourceMap: [['/samples', join(directory, 'elsewhere')]] });
  const [frame] = await session.frames();
  assert.equal(frame.source.path, join(directory, 'elsewhere', 'c_list', 'workshop.c'));
});

test('a dump alone and a module alone are opened as far as they go', async (t) => {
  const directory = folder();
  copyFileSync(C[1], join(directory, 'core'));
  const dump = await opened(t, { coreFile: join(directory, 'core') });
  const frames = await dump.frames();
  assert.ok(frames.length > 5);
  await dump.scopes(frames[0].id);
  const module = await opened(t, { program: C[0] }, {}, 'launch');
  assert.deepEqual((await module.send('threads')).threads, []);
  assert.match((await module.evaluate('info wasm', undefined, 'repl')).result, /Functions/);
  assert.match((await module.evaluate('sizeof(struct part)', undefined, 'repl')).result, /28/);
});

// A dump with a second thread: the first one's stack again, under another name.
function twoThreads(path) {
  const parts = sections(readFileSync(C[1]));
  const stack = parts.find((part) => part.name === 'corestack');
  // 0, the thread's name, and its frames.
  const [length] = [stack.payload[1]];
  const frames = stack.payload.subarray(2 + length);
  const named = (name) => custom('corestack', Buffer.concat([Buffer.from([0, name.length]), Buffer.from(name), frames]));
  const index = parts.indexOf(stack);
  const bytes = parts.map((part) => part.bytes);
  bytes.splice(index, 1, named('main'), named('worker'));
  writeFileSync(path, whole(bytes));
  return path;
}

test('a dump of two threads has both, each with its stack', async (t) => {
  const session = await opened(t, { program: C[0], coreFile: twoThreads(join(folder(), 'core')) });
  const { threads } = await session.send('threads');
  assert.deepEqual(threads, [{ id: 1, name: 'main' }, { id: 2, name: 'worker' }]);
  const started = session.events.filter(({ event }) => event === 'thread').map(({ body }) => body.threadId);
  assert.deepEqual(started, [1, 2]);
  const [first, second] = [await session.frames(1), await session.frames(2)];
  assert.deepEqual(second.map((frame) => frame.name), first.map((frame) => frame.name));
  assert.ok(!second.some((frame) => first.some((other) => other.id === frame.id)), 'frames have ids of their own');
  const info = await session.send('exceptionInfo', { threadId: 2 });
  assert.match(info.details.stackTrace, /unit_price/);
  const { total } = Object.fromEntries((await session.variables((await session.scopes(second[0].id)).Arguments))
    .map((row) => [row.name, row.value]));
  assert.equal(total, '200');
  assert.match((await session.refused('stackTrace', { threadId: 3 })).message, /no thread has the id 3/);
});

test('every instance has its module, its memory and its code', async (t) => {
  const two = (file) => join(data, 'two_instances', file);
  const session = await opened(t, { program: two('main.wasm'), modules: [two('lib.wasm')], coreFile: two('core') });
  const { modules } = await session.send('modules');
  assert.deepEqual(modules.map((module) => module.path), [two('main.wasm'), two('lib.wasm')]);
  assert.deepEqual((await session.send('modules', { startModule: 1, moduleCount: 1 })).modules, modules.slice(1));
  const frames = await session.frames();
  assert.deepEqual(frames.map((frame) => [frame.name, frame.moduleId, frame.source.path]),
    [['share', 1, two('lib.c')], ['run', 0, two('main.c')]]);
  // Both arrays lie at addresses that the other memory has, too.
  for (const [frame, name, values] of [[frames[0], 'rates', [5, 0, 7]], [frames[1], 'orders', [40, 41, 42]]]) {
    const { Globals } = await session.scopes(frame.id);
    const array = await session.variable(Globals, name);
    const read = await session.send('readMemory', { memoryReference: array.memoryReference, count: 12 });
    const words = Buffer.from(read.data, 'base64');
    assert.deepEqual([0, 4, 8].map((at) => words.readInt32LE(at)), values);
    assert.equal(array.evaluateName, name);
    assert.equal((await session.evaluate(name, frame.id)).result, `{${values.join(', ')}}`);
    const { instructions } = await session.send('disassemble',
      { memoryReference: frame.instructionPointerReference, instructionCount: 1, resolveSymbols: true });
    assert.match(instructions[0].symbol, new RegExp(`^${frame.name}\\+`));
    assert.equal(instructions[0].address, frame.instructionPointerReference);
  }
});

test('modules are named by what the dump calls them', async (t) => {
  const two = (file) => join(data, 'two_instances', file);
  const directory = folder();
  copyFileSync(two('lib.wasm'), join(directory, 'other-name'));
  copyFileSync(two('main.wasm'), join(directory, 'first'));
  copyFileSync(two('core'), join(directory, 'core'));
  for (const modules of [{ 'lib.wasm': 'other-name', 'main.wasm': 'first' }, ['lib.wasm=other-name', 'main.wasm=first']]) {
    const session = await opened(t, { cwd: directory, modules, coreFile: 'core' });
    assert.deepEqual((await session.frames()).map((frame) => frame.name), ['share', 'run']);
  }
});

// The sample's dump with its stack before its memory, so that a cut takes memory first.
function stackFirst() {
  const parts = sections(readFileSync(C[1]));
  const rank = (part) => ['core', 'coremodules', 'coreinstances', 'corestack'].indexOf(part.name);
  const first = parts.filter((part) => rank(part) >= 0).sort((a, b) => rank(a) - rank(b));
  return whole([...first, ...parts.filter((part) => rank(part) < 0)].map((part) => part.bytes));
}

for (const [what, bytes, frames] of [['its stack behind', readFileSync(C[1]), 0], ['its stack in front of', stackFirst(), 5]]) {
  test(`of a dump with ${what} its memory that was cut off, what is left is shown`, async (t) => {
    for (const share of [0.98, 0.5]) {
      const core = join(folder(), 'core');
      writeFileSync(core, bytes.subarray(0, Math.floor(bytes.length * share)));
      const session = await opened(t, { program: C[0], coreFile: core });
      const warned = session.events.some(({ event, body }) => event === 'output' && /^warning: /.test(body.output));
      assert.ok(warned, JSON.stringify(session.events));
      let shown = 0;
      for (const { id } of (await session.send('threads')).threads) {
        for (const frame of await session.frames(id)) {
          shown += 1;
          for (const reference of Object.values(await session.scopes(frame.id))) await session.variables(reference);
        }
      }
      assert.ok(shown >= frames, `${shown} frames`);
      assert.match((await session.evaluate('info wasm', undefined, 'repl')).result, /Functions/);
    }
  });
}

test('a source that only the debug information has is shown from there, wherever it is named', async (t) => {
  const file = (name) => join(data, 'embedded', name);
  const text = readFileSync(file('tally.c.txt'), 'utf8');
  const session = await opened(t, { program: file('module.wasm'), coreFile: file('core') });
  const frame = await session.frame('share');
  assert.equal(frame.presentationHint, undefined, 'a frame with its text does not step back');
  const { source } = frame;
  assert.equal(source.name, 'tally.c');
  assert.equal(source.origin, 'debug information');
  for (const args of [{ sourceReference: source.sourceReference }, { source, sourceReference: source.sourceReference }]) {
    const { content } = await session.send('source', args);
    assert.equal(content, text);
    assert.match(content.split('\n')[frame.line - 1], /tally->limit \/ among/);
  }
  const argument = await session.variable(frame.scopes.Arguments, 'among');
  const place = await session.send('locations', { locationReference: argument.declarationLocationReference });
  assert.equal(place.source.sourceReference, source.sourceReference);
  assert.match(text.split('\n')[place.line - 1], /int among/);
  const { sources } = await session.send('loadedSources');
  assert.deepEqual(sources.map((listed) => listed.sourceReference), [source.sourceReference]);
  const { instructions } = await session.send('disassemble',
    { memoryReference: frame.instructionPointerReference, instructionCount: 1 });
  assert.equal(instructions[0].location.sourceReference, source.sourceReference);
  const told = session.events.find(({ event }) => event === 'loadedSource').body.source;
  assert.equal(told.sourceReference, source.sourceReference);
});

test('a file on this machine goes before the text in the debug information', async (t) => {
  const directory = folder();
  copyFileSync(join(data, 'embedded', 'tally.c.txt'), join(directory, 'tally.c'));
  const args = { program: join(data, 'embedded', 'module.wasm'), coreFile: join(data, 'embedded', 'core') };
  const session = await opened(t, { ...args, sourceMap: [['/nowhere', directory]] });
  const [frame] = await session.frames();
  assert.deepEqual([frame.source.path, frame.source.sourceReference], [join(directory, 'tally.c'), undefined]);
});

after(() => {
  const wrong = messages.flatMap((message) => mistakes(message).map((mistake) => `${mistake} in ${JSON.stringify(message).slice(0, 300)}`));
  assert.deepEqual(wrong.slice(0, 5), [], `${messages.length} messages were validated`);
});
