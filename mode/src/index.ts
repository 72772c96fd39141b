import { configure } from './configure.ts';
import { modeInstance } from './instance.ts';
import { extensionDependencies, modeId } from './names.ts';
import type { ModeInstance } from './viewer.ts';

/** The OHIF mode *AI Reading*; a site lists it in `window.config.modes`. */
const mode = {
  id: modeId,
  modeInstance,
  extensionDependencies,
  modeFactory({ modeConfiguration }: { modeConfiguration?: unknown }): ModeInstance {
    return configure(modeInstance, modeConfiguration);
  },
};

export default mode;
