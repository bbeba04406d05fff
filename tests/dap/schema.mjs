// The protocol's own description as a JSON schema. Fields that it does not know are errors, too: a misspelt one would
// go unnoticed by every client.

import { createRequire } from 'node:module';
import Ajv from 'ajv';
import * as TJS from 'typescript-json-schema';

const declarations = createRequire(import.meta.url).resolve('@vscode/debugprotocol/lib/debugProtocol.d.ts');
const make = TJS.default ?? TJS;
const program = make.getProgramFromFiles([declarations], { types: [], lib: ['es2015'], strictNullChecks: true }, '.');
const generator = make.buildGenerator(program, { required: true, noExtraProps: true, ignoreErrors: true });
const ajv = new Ajv({ strict: false, allErrors: true });
const known = new Map();

function validator(name) {
  if (!known.has(name)) {
    const schema = generator.getSchemaForSymbol(`DebugProtocol.${name}`);
    known.set(name, ajv.compile({ ...schema, $schema: undefined }));
  }
  return known.get(name);
}

// What is wrong with a message; empty if nothing is.
export function mistakes(message) {
  const upper = (word) => word[0].toUpperCase() + word.slice(1);
  const name = message.type === 'event' ? `${upper(message.event)}Event`
    : message.success ? `${upper(message.command)}Response` : 'ErrorResponse';
  const validate = validator(name);
  return validate(message) ? [] : validate.errors.map((error) => `${name}${error.instancePath}: ${error.message} ${JSON.stringify(error.params)}`);
}
