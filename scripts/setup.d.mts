export const root: string;
export const projectNode: string;
export class SetupError extends Error {}
export function requireNode(version?: string): void;
export function npm(args: readonly string[]): void;
export function installationIsCurrent(directory?: string): boolean;
export function ensureDependencies(): void;
