import { describe, expect, test } from 'vitest';
import { authorizationHeader, userName } from '../../../../extension/src/host/user.ts';
import type { Managers } from '../../../../extension/src/host/viewer.ts';

function managers(user: unknown, header?: Record<string, string>): Managers {
  const userAuthenticationService = { getUser: () => user, getAuthorizationHeader: () => header };
  return { servicesManager: { services: { userAuthenticationService } } } as unknown as Managers;
}

describe('who is logged in', () => {
  test.each([
    [{ profile: { family_name: 'PHANTOM', given_name: 'Reader' } }, 'PHANTOM^Reader'],
    [{ profile: { family_name: 'PHANTOM' } }, 'PHANTOM'],
    [{ profile: { name: 'Phantom  Reader' } }, 'Phantom Reader'],
    [{ profile: { preferred_username: 'reader1' } }, 'reader1'],
    [{ name: 'Phantom' }, 'Phantom'],
    [{ profile: { family_name: 'A^B=C\\D' } }, 'A B C D'],
    [{ profile: { name: '   ' } }, null],
    [{ profile: null }, null],
    [null, null],
    [undefined, null],
  ])('%j is %s', (user, name) => {
    expect(userName(managers(user))).toBe(name);
  });

  test('a name is cut to what a PN component may hold', () => {
    expect(userName(managers({ name: 'x'.repeat(200) }))).toHaveLength(64);
  });

  test('only the authorization goes on to others', () => {
    expect(authorizationHeader(managers(null, { Authorization: 'Bearer t', 'X-Other': '1' }))).toEqual({
      Authorization: 'Bearer t',
    });
    expect(authorizationHeader(managers(null))).toEqual({});
    expect(authorizationHeader(managers(null, {}))).toEqual({});
  });
});
