// The words of the bell.

const en = {
  label: (n: number) => (n === 0 ? 'Notifications' : `Notifications, ${n.toLocaleString('en')} unread`),
  title: 'Notifications',
  empty: 'Nothing new. When somebody shares with you, it is told here.',
  unread: 'unread',
  readAll: 'Mark all as read',
  kinds: {
    shared: (who: string, what: string) => `${who} shares “${what}” with you.`,
    unshared: (what: string) => `“${what}” is no longer shared with you.`,
    levelChanged: (what: string) => `What you may do in “${what}” has changed.`,
    added: (who: string, what: string) => `${who} added photos to “${what}”.`,
    joined: (who: string) => `${who} accepted your invitation.`,
    other: 'Something about your vault has changed.',
    somebody: 'Somebody',
    something: 'a collection',
  },
};

const de: typeof en = {
  label: (n) => (n === 0 ? 'Mitteilungen' : `Mitteilungen, ${n.toLocaleString('de')} ungelesen`),
  title: 'Mitteilungen',
  empty: 'Nichts Neues. Teilt jemand etwas mit dir, steht es hier.',
  unread: 'ungelesen',
  readAll: 'Alle als gelesen markieren',
  kinds: {
    shared: (who, what) => `${who} teilt „${what}“ mit dir.`,
    unshared: (what) => `„${what}“ ist nicht mehr mit dir geteilt.`,
    levelChanged: (what) => `Was du in „${what}“ darfst, hat sich geändert.`,
    added: (who, what) => `${who} hat Fotos zu „${what}“ hinzugefügt.`,
    joined: (who) => `${who} hat deine Einladung angenommen.`,
    other: 'In deinem Vault hat sich etwas geändert.',
    somebody: 'Jemand',
    something: 'eine Sammlung',
  },
};

export const words = { en, de };
