// Pieces of wasm files, to take dumps apart and put odd ones together. Shares no code with the program.

const MAGIC = Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);

function readNumber(bytes, at) {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at];
    at += 1;
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return [value, at];
  }
}

function number(value) {
  const bytes = [];
  do {
    bytes.push((value % 128) | (value >= 128 ? 0x80 : 0));
    value = Math.floor(value / 128);
  } while (value > 0);
  return Buffer.from(bytes);
}

// All sections in order: id, the name of a custom one, its payload behind the name, and all its bytes.
export function sections(bytes) {
  const found = [];
  for (let at = 8; at < bytes.length;) {
    const start = at;
    const id = bytes[at];
    const [size, body] = readNumber(bytes, at + 1);
    at = body + size;
    let [name, payload] = [undefined, bytes.subarray(body, at)];
    if (id === 0) {
      const [length, text] = readNumber(bytes, body);
      name = bytes.toString('utf8', text, text + length);
      payload = bytes.subarray(text + length, at);
    }
    found.push({ id, name, payload, bytes: bytes.subarray(start, at) });
  }
  return found;
}

// A custom section; `more` bytes of it follow elsewhere.
export function custom(name, payload, more = 0) {
  const head = Buffer.concat([number(name.length), Buffer.from(name)]);
  return Buffer.concat([Buffer.from([0]), number(head.length + payload.length + more), head, payload]);
}

// A file of these sections.
export function whole(parts) {
  return Buffer.concat([MAGIC, ...parts]);
}
