#!/usr/bin/env node
import { run } from './run';
import { processTerminal } from './terminal';

// Not process.exit: output that is still on its way would be lost.
process.exitCode = await run(process.argv.slice(2), processTerminal());
