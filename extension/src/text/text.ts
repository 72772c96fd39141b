import i18next from 'i18next';
import { english, type TextKey } from './english.ts';

/** An instance of our own: the viewer's translations are not touched. */
const texts = i18next.createInstance();
void texts.init({
  lng: 'en',
  fallbackLng: 'en',
  resources: { en: { translation: english } },
  keySeparator: false,
  nsSeparator: false,
  initAsync: false,
  // React escapes what it draws.
  interpolation: { escapeValue: false },
});

/** The text of a key, with `{{…}}` filled in; `count` chooses the plural form. */
export function text(key: TextKey, values: Readonly<Record<string, string | number>> = {}): string {
  return texts.t(key, { ...values });
}
