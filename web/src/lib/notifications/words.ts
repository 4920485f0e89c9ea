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
    damaged: (found: number, repaired: number, open: number) =>
      `${found.toLocaleString('en')} damaged or missing ${found === 1 ? 'file was' : 'files were'} found, ${repaired.toLocaleString('en')} repaired${open === 0 ? '.' : `; ${open.toLocaleString('en')} not repaired.`}`,
    replicaAway: (replica: string, why: string) => `The replica ${replica} takes no copies: ${why}`,
    replicaBack: (replica: string) => `The replica ${replica} takes copies again.`,
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
    damaged: (found, repaired, open) =>
      `${found.toLocaleString('de')} beschädigte oder fehlende ${found === 1 ? 'Datei' : 'Dateien'} gefunden, ${repaired.toLocaleString('de')} repariert${open === 0 ? '.' : `; ${open.toLocaleString('de')} nicht repariert.`}`,
    replicaAway: (replica, why) => `Das Replikat ${replica} nimmt keine Kopien an: ${why}`,
    replicaBack: (replica) => `Das Replikat ${replica} nimmt wieder Kopien an.`,
    other: 'In deinem Vault hat sich etwas geändert.',
    somebody: 'Jemand',
    something: 'eine Sammlung',
  },
};

export const words = { en, de };
