export { buildApp } from './app.ts';
export { readConfig, type ServerConfig } from './config.ts';
