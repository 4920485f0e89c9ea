// The words of the invitation page.

const en = {
  title: 'Join Media Vault',
  text: (name: string) => `${name} invites you to this vault. Choose a password to make your account.`,
  join: 'Create account',
  goneTitle: 'This invitation does not work',
  goneText: 'It may have been used, taken back, or be over. Ask whoever invited you for a new one.',
  toSignIn: 'Go to sign-in',
  signedIn: (email: string) => `You are signed in as ${email}. Sign out first to accept this invitation.`,
  toPhotos: 'Go to photos',
};

const de: typeof en = {
  title: 'Media Vault beitreten',
  text: (name) => `${name} lädt dich in diesen Vault ein. Wähle ein Passwort, um dein Konto anzulegen.`,
  join: 'Konto anlegen',
  goneTitle: 'Diese Einladung geht nicht',
  goneText: 'Vielleicht wurde sie schon benutzt, zurückgenommen oder ist abgelaufen. Bitte um eine neue.',
  toSignIn: 'Zur Anmeldung',
  signedIn: (email) => `Du bist als ${email} angemeldet. Melde dich erst ab, um diese Einladung anzunehmen.`,
  toPhotos: 'Zu den Fotos',
};

export const words = { en, de };
