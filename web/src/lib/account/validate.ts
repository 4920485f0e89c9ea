// What can be said about a form before the server is asked. Pure.

import { ApiError } from '../api/client';
import type { Dictionary } from '../i18n/en';
import { explain } from '../i18n/problem';

export const PASSWORD_MIN = 10;

export interface AccountForm {
  email: string;
  password: string;
  setupCode: string;
}

export type FormErrors = Partial<Record<keyof AccountForm, string>>;

export interface Wanted {
  /** A new account, whose password must be long enough. */
  fresh: boolean;
  setupCode: boolean;
}

export function validate(form: AccountForm, wanted: Wanted, t: Dictionary): FormErrors {
  const errors: FormErrors = {};
  if (!/^\S+@\S+$/.test(form.email.trim())) errors.email = t.auth.emailInvalid;
  if (wanted.fresh && [...form.password].length < PASSWORD_MIN) errors.password = t.auth.passwordShort;
  else if (form.password === '') errors.password = t.auth.passwordMissing;
  if (wanted.setupCode && form.setupCode.trim() === '') errors.setupCode = t.auth.setupCodeMissing;
  return errors;
}

/** The form field a server problem is about. */
export function fieldOf(field: string | null | undefined): keyof AccountForm | null {
  if (field === 'email' || field === 'password') return field;
  return field === 'setup_code' ? 'setupCode' : null;
}

/** Why the server does not take an address. */
export function emailProblem(error: unknown, t: Dictionary, locale: string): string {
  return error instanceof ApiError && error.code === 'conflict' ? t.auth.emailTaken : explain(error, t, locale);
}
