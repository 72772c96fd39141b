import type { Managers } from './viewer.ts';

/** The header that the viewer itself sends to the archive; empty where nobody is logged in. */
export function authorizationHeader({ servicesManager }: Managers): Record<string, string> {
  const header = servicesManager.services.userAuthenticationService.getAuthorizationHeader();
  const value = header?.['Authorization'];
  return typeof value === 'string' ? { Authorization: value } : {};
}

/**
 * Name of the person logged in as DICOM PN (family^given), from the OpenID Connect claims of the viewer's login
 * (family_name, given_name, else name, else preferred_username); null where the viewer knows none.
 */
export function userName({ servicesManager }: Managers): string | null {
  const user = fieldsOf(servicesManager.services.userAuthenticationService.getUser?.());
  const profile = { ...user, ...fieldsOf(user['profile']) };
  const text = (claim: string): string | null => {
    const value = profile[claim];
    return typeof value === 'string' && value.trim() !== '' ? component(value) : null;
  };
  const family = text('family_name');
  const given = text('given_name');
  if (family !== null) return given === null ? family : `${family}^${given}`;
  return text('name') ?? text('preferred_username') ?? given;
}

/** Without the characters that separate the parts of a PN or its values, and at most 64 (PS3.5 section 6.2). */
function component(value: string): string {
  return value
    .replace(/[\^=\\]/g, ' ')
    .replace(/\p{Cc}/gu, '')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 64);
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
