// Who may see which part of the administration.

import { ADMIN_SECTIONS, type AdminSection } from '../router/routes';

const NEEDS: Record<AdminSection, string> = {
  users: 'users:manage',
  invitations: 'users:manage',
  roles: 'roles:manage',
  jobs: 'jobs:manage',
  storage: 'system:maintain',
  integrity: 'system:maintain',
  folders: 'system:maintain',
  settings: 'system:maintain',
  audit: 'audit:read',
};

type Can = (permission: string) => boolean;

export function mayEnter(section: AdminSection, can: Can): boolean {
  return can(NEEDS[section]);
}

/** The parts that are open to somebody, in their order. */
export function openSections(can: Can): AdminSection[] {
  return ADMIN_SECTIONS.filter((section) => mayEnter(section, can));
}
