// Runs graphql-http's audit of the GraphQL over HTTP specification against the
// server at the address given, and says how many of its checks are met.
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const frontend = resolve(import.meta.dirname, '../../../frontend');
const require = createRequire(pathToFileURL(join(frontend, 'package.json')));
const { auditServer } = require('graphql-http');

const results = await auditServer({ url: process.argv[2] });
const unmet = results.filter(({ status }) => status !== 'ok');
for (const { id, name, status, reason } of unmet) console.log(`${status} ${id} ${name}: ${reason}`);
console.log(`${results.length - unmet.length} of ${results.length}`);
process.exitCode = unmet.length > 0 ? 1 : 0;
