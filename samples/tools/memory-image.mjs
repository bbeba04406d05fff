// Runs a WASI program that the original rewriter has instrumented and saves what that leaves behind: the linear
// memory as a whole, with the dump at its start.
//   node memory-image.mjs INSTRUMENTED.wasm OUTPUT
import fs from 'node:fs';
import { WASI } from 'node:wasi';

const [input, output] = process.argv.slice(2);
const host = new WASI({ version: 'preview1', args: ['module.wasm'], env: {} });
const module = new WebAssembly.Module(fs.readFileSync(input));
const { exports } = new WebAssembly.Instance(module, host.getImportObject());
let trapped = false;
try {
  host.start({ exports });
} catch {
  trapped = true;
}
const memory = Buffer.from(exports.memory.buffer);
if (!trapped || memory.readUInt32LE(0) !== 0x6d736100) {
  console.error('the program did not trap, or left no dump at address 0');
  process.exit(1);
}
fs.writeFileSync(output, memory);
