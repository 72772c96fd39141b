#!/usr/bin/env node
import { isOverreadError } from '@overread/core/errors';
import { buildApp } from './app.ts';
import { readConfig, usage, type ServerConfig } from './config.ts';

// Starts the companion server on loopback. The first line on stdout is JSON: where it listens. Logs go to stderr.

function configOrExit(): ServerConfig {
  try {
    return readConfig(process.argv.slice(2), process.env);
  } catch (error) {
    console.error(isOverreadError(error) ? `${error.message}\n\n${usage}` : error);
    process.exit(2);
  }
}

const { port, ...config } = configOrExit();
const app = buildApp(config, { logger: { level: 'warn', stream: process.stderr } });
const stop = () => void app.close().then(() => process.exit(0));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
// Started by a program with a channel to it: when that one is gone, nobody is left to stop this one.
process.once('disconnect', stop);
const url = await app.listen({ host: '127.0.0.1', port });
console.log(JSON.stringify({ listening: url }));
