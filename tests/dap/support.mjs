// Sessions with the adapter: started as editors start it, every message kept and held against the protocol's schema.

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import testsupport from '@vscode/debugadapter-testsupport';

const here = dirname(fileURLToPath(import.meta.url));
export const root = join(here, '..', '..');
export const samples = join(root, 'samples');
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
    session.client = new testsupport.DebugClient(binary, 'dap', 'wasm');
    const client = session.client;
    client.defaultTimeout = 60_000;
    session.events = [];
    const dispatch = client.dispatch.bind(client);
    client.dispatch = (text) => {
      const message = JSON.parse(text);
      messages.push(message);
      if (message.type === 'event') session.events.push(message);
      dispatch(text);
    };
    await client.start();
    session.capabilities = (await session.send('initialize', {
      adapterID: 'wasmgdb', linesStartAt1: true, columnsStartAt1: true, pathFormat: 'path',
      supportsVariableType: true, supportsVariablePaging: true, supportsMemoryReferences: true, ...wishes,
    })) ?? {};
    return session;
  }

  // A session that stopped at the trap of a sample.
  static async open(program, coreFile, more = {}, wishes = {}) {
    const session = await Session.start(wishes);
    try {
      const stopped = session.client.waitForEvent('stopped');
      const attached = session.send('attach', {
        program: join(samples, program), coreFile: join(samples, coreFile), ...more,
      });
      await Promise.race([attached.then(() => new Promise(() => {})), session.client.waitForEvent('initialized')]);
      await session.send('configurationDone');
      await attached;
      session.stopped = (await stopped).body;
      return session;
    } catch (error) {
      // An adapter that is left running would keep the test runner waiting.
      await session.end();
      throw error;
    }
  }

  // The body of the answer; fails if the request does.
  async send(command, args) {
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

  async end() {
    await this.client.stop();
  }
}

// What `wasmgdb --json` says of a sample.
export function report(program, core) {
  const text = execFileSync(binary, ['--json', join(samples, program), join(samples, core)], {
    maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'ignore'],
  });
  return JSON.parse(text);
}
