/** Debian's Chromium, or the one that the environment names. */
export const chromiumPath = process.env['OVERREAD_CHROMIUM'] ?? '/usr/bin/chromium';

/** Runs as root in a container too, and talks to nobody. */
export const quietArguments: readonly string[] = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-quic',
];
