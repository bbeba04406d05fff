// Sessions with the adapter: started as editors start it, every message kept and held against the protocol's schema.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import testsupport from '@vscode/debugadapter-testsupport';

const here = dirname(fileURLToPath(import.meta.url));
export const root = join(here, '..', '..');
export const samples = join(root, 'samples');
export const data = join(root, 'tests', 'data');
export const binary = process.env.WASMGDB ?? join(root, 'target', 'debug', 'wasmgdb');
if (!existsSync(binary)) {
  throw new Error(`${binary} does not exist: run \`cargo build\`, or name the program in WASMGDB`);
}

// All messages of all sessions of this process.
export const messages = [];

export class Session {
  // A client that has said `initialize`.
  static async start(wishes = {}) {
    const session = new Session();
    session.wishes = wishes;
    session.client = new testsupport.DebugClient(binary, 'dap', 'wasm');
    const client = session.client;
    client.defaultTimeout = 60_000;
    // All messages in their order, and those that are events.
    session.written = [];
    session.events = [];
    const dispatch = client.dispatch.bind(client);
    client.dispatch = (text) => {
      const message = JSON.parse(text);
      messages.push(message);
      session.written.push(message);
      if (message.type === 'event') session.events.push(message);
      dispatch(text);
    };
    await client.start();
    session.process = client._adapterProcess;
    session.exit = once(session.process, 'exit').then(([status]) => status);
    session.stderr = '';
    session.process.stderr.on('data', (text) => { session.stderr += text; });
    session.capabilities = (await session.send('initialize', {
      adapterID: 'wasmgdb', linesStartAt1: true, columnsStartAt1: true, pathFormat: 'path',
      supportsVariableType: true, supportsVariablePaging: true, supportsMemoryReferences: true, ...wishes,
    })) ?? {};
    return session;
  }

  // A session that stopped at the trap of a sample.
  static async open(program, coreFile, more = {}, wishes = {}) {
    return Session.opened({ program: join(samples, program), coreFile: join(samples, coreFile), ...more }, wishes);
  }

  // A session with these arguments, stopped if there is a dump.
  static async opened(args, wishes = {}, how = 'attach') {
    const session = await Session.start(wishes);
    try {
      await session.begin(args, how);
      return session;
    } catch (error) {
      // An adapter that is left running would keep the test runner waiting.
      await session.end();
      throw error;
    }
  }

  // Open as editors do: the configuration goes out when `initialized` comes in, without waiting for the answer.
  async begin(args, how = 'attach') {
    const opened = this.send(how, args);
    const never = new Promise(() => {});
    await Promise.race([opened.then(() => never), this.event('initialized')]);
    await this.send('configurationDone');
    await opened;
    const { threads } = await this.send('threads');
    this.stopped = threads.length > 0 ? (await this.event('stopped')).body : undefined;
  }

  // The first event of that name, whether it came already or is yet to come.
  event(name) {
    const found = this.events.find((event) => event.event === name);
    if (found) return Promise.resolve(found);
    return new Promise((resolve) => this.client.once(name, resolve));
  }

  // The body of the answer; fails if the request does.
  async send(command, args) {
    this.over ||= command === 'disconnect';
    return (await this.client.send(command, args)).body;
  }

  // The message of a request that must fail.
  refused(command, args) {
    return new Promise((resolve, reject) => {
      this.client.doSend(command, args, (response) => {
        if (response.success) reject(new Error(`${command} succeeded`));
        else resolve(response);
      });
    });
  }

  async frames(threadId = 1) {
    return (await this.send('stackTrace', { threadId })).stackFrames;
  }

  async scopes(frameId) {
    const { scopes } = await this.send('scopes', { frameId });
    return Object.fromEntries(scopes.map((scope) => [scope.name, scope.variablesReference]));
  }

  async variables(variablesReference, page = {}) {
    return (await this.send('variables', { variablesReference, ...page })).variables;
  }

  // A frame of a function, with its scopes.
  async frame(name) {
    const frame = (await this.frames()).find((frame) => frame.name === name);
    if (!frame) throw new Error(`no frame is called ${name}`);
    return { ...frame, scopes: await this.scopes(frame.id) };
  }

  async variable(reference, name) {
    const found = (await this.variables(reference)).find((variable) => variable.name === name);
    if (!found) throw new Error(`there is no variable ${name}`);
    return found;
  }

  async evaluate(expression, frameId, context = 'watch') {
    return this.send('evaluate', { expression, frameId, context });
  }

  // Say good-bye, and expect the adapter to end well and to have complained of nothing.
  async end() {
    if (this.process.exitCode === null && !this.over) await this.send('disconnect');
    assert.deepEqual([await this.exit, this.stderr], [0, '']);
    // Colours are for the console, and for clients that asked for them.
    const isConsole = (message) => message.event === 'output' || message.command === 'evaluate';
    const allowed = this.wishes.supportsANSIStyling ? isConsole : () => false;
    const coloured = this.written.filter((message) => JSON.stringify(message).includes('\\u001b['));
    assert.deepEqual(coloured.filter((message) => !allowed(message)), [], 'colours that nobody asked for');
  }
}

// What `wasmgdb --json` says of a sample.
export function report(program, core) {
  const text = execFileSync(binary, ['--json', join(samples, program), join(samples, core)], {
    maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'ignore'],
  });
  return JSON.parse(text);
}
