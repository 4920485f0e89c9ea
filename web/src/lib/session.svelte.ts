// Who is signed in, and what the sign-in page must offer.

import * as account from './api/account';
import { ApiError, whenUnauthenticated } from './api/client';
import type { AuthState, User } from './api/types';
import { forgetSeen, keepFor } from './offline';

class Session {
  phase = $state<'loading' | 'unreachable' | 'out' | 'in'>('loading');
  state = $state.raw<AuthState | null>(null);
  user = $state.raw<User | null>(null);
  /** The session ended by itself while the page was open. */
  expired = $state(false);

  async start(): Promise<void> {
    whenUnauthenticated(() => this.#lost());
    this.phase = 'loading';
    try {
      this.state = await account.authState();
      this.#enter(this.state.user);
    } catch {
      this.phase = 'unreachable';
    }
  }

  async register(registration: account.Registration): Promise<void> {
    this.#enter((await account.register(registration)).user);
  }

  async signIn(email: string, password: string): Promise<void> {
    this.#enter((await account.login(email, password)).user);
  }

  /** Leaves `to` as the address of the fresh page. */
  async signOut(to = '/'): Promise<void> {
    try {
      await account.logout();
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'unauthenticated') throw error;
    }
    await forgetSeen();
    // A fresh page holds nothing of what this person saw.
    location.assign(to);
  }

  /** Storage use changes with every upload; asked for again where it is shown. */
  async refresh(): Promise<void> {
    this.user = await account.me();
  }

  can(permission: string): boolean {
    return this.user?.permissions.some((held) => held === permission) ?? false;
  }

  #enter(user: User | null): void {
    this.user = user;
    this.phase = user === null ? 'out' : 'in';
    if (user !== null) this.expired = false;
    this.#remember(user);
  }

  /** What this device keeps for offline is only ever of who is signed in. */
  #remember(user: User | null): void {
    const done = user === null ? forgetSeen() : keepFor(user.id);
    done.catch((error: unknown) => console.warn(error));
  }

  #lost(): void {
    if (this.phase !== 'in') return;
    this.expired = true;
    this.user = null;
    this.phase = 'out';
    this.#remember(null);
    if (this.state) this.state = { ...this.state, setup_needed: false };
  }
}

export const session = new Session();
