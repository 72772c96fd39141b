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

const chromiumFolder = '/usr/lib/chromium';
/** Chromium's software GPU as a Vulkan driver: programs other than Chromium find it by `softwareGpu`. */
export const softwareVulkan = `${chromiumFolder}/vk_swiftshader_icd.json`;
/** Environment in which a process's WebGPU runs on it. */
export const softwareGpu = { VK_ICD_FILENAMES: softwareVulkan, LD_LIBRARY_PATH: chromiumFolder } as const;
