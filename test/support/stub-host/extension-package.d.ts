/** The built package, under a name that says which one is meant; the alias is in the test's webpack configuration. */
declare module '@overread/extension-package' {
  import type { ReactElement } from 'react';
  const extension: {
    preRegistration(registration: object): void;
    onModeEnter(): void;
    getPanelModule(): [{ readonly component: () => ReactElement }];
  };
  export default extension;
}
