// Which language the page speaks: the person's choice, else the browser's, else English.

import { de } from './de';
import { en, type Dictionary } from './en';
import { isolating } from './isolate';

export const LANGUAGES = { en: 'English', de: 'Deutsch' } as const;
export type Language = keyof typeof LANGUAGES;
export type LanguageChoice = Language | 'system';

const DICTIONARIES: Record<Language, Dictionary> = { en, de };
const KEY = 'mv.language';

/** The first of the preferred languages that we speak. */
export function pickLanguage(preferred: readonly string[]): Language {
  for (const tag of preferred) {
    const base = tag.toLowerCase().split('-')[0];
    if (base === 'en' || base === 'de') return base;
  }
  return 'en';
}

/** The browser's own locale when it is of the chosen language: it knows the region's date order. */
export function pickLocale(language: Language, preferred: readonly string[]): string {
  return preferred.find((tag) => tag.toLowerCase().split('-')[0] === language) ?? language;
}

class I18n {
  choice = $state<LanguageChoice>('system');
  language = $derived<Language>(this.choice === 'system' ? pickLanguage(navigator.languages) : this.choice);
  locale = $derived(pickLocale(this.language, navigator.languages));
  t = $derived(isolating(DICTIONARIES[this.language]));

  /** The words of a part of the page that is loaded on its own, in the present language. */
  of<T>(words: Record<Language, T>): T {
    return isolating(words[this.language]);
  }

  start(): void {
    const saved = localStorage.getItem(KEY);
    if (saved === 'en' || saved === 'de') this.choice = saved;
    document.documentElement.lang = this.language;
  }

  choose(choice: LanguageChoice): void {
    this.choice = choice;
    if (choice === 'system') localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, choice);
    document.documentElement.lang = this.language;
  }
}

export const i18n = new I18n();
