// Light, dark, or as the system has it. `tokens.css` does the rest.

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const KEY = 'mv.theme';

class ThemeChoice {
  choice = $state<Theme>('system');

  start(): void {
    const saved = localStorage.getItem(KEY);
    if (saved === 'light' || saved === 'dark') this.choose(saved);
  }

  choose(choice: Theme): void {
    this.choice = choice;
    if (choice === 'system') {
      localStorage.removeItem(KEY);
      delete document.documentElement.dataset['theme'];
    } else {
      localStorage.setItem(KEY, choice);
      document.documentElement.dataset['theme'] = choice;
    }
  }
}

export const theme = new ThemeChoice();
