// The words of the settings that are about one's own account and storage.

const en = {
  keys: {
    reach: 'It may',
    reaches: { all: 'Everything that you may', look: 'Look and download', add: 'Look, upload and edit', some: 'What you choose' },
    chosen: 'What it may do',
    noneChosen: 'Choose at least one permission.',
    everything: 'May do everything that you may',
    may: (what: string) => `May: ${what}`,
  },
  edit: {
    title: 'Name and e-mail',
    current: 'Present password',
    wrong: 'This is not your present password.',
    currentHint: 'Needed to change the e-mail address.',
    saved: 'Saved.',
  },
  password: {
    title: 'Password',
    text: 'A change signs you out everywhere else.',
    current: 'Present password',
    fresh: 'New password',
    save: 'Change password',
    saved: 'Your password is changed. All other devices were signed out.',
  },
  storage: {
    title: 'Storage',
    used: 'Used',
    of: (quota: string) => `of ${quota}`,
    items: 'Items',
    trash: 'In the trash',
    versions: 'Earlier versions',
    byKind: 'By kind',
    byMonth: 'Added by month',
    largest: 'Largest files',
    kinds: { image: 'Photos', video: 'Videos', audio: 'Recordings', document: 'Documents', other: 'Other files' },
    none: 'Nothing is stored yet. Upload something, and you see here what takes room.',
    inTrash: 'in the trash',
    count: (n: number) => `${n.toLocaleString('en')} ${n === 1 ? 'item' : 'items'}`,
  },
  export: {
    title: 'Export everything',
    text: 'A ZIP of all your originals, with what you said about them beside each (XMP), and your collections, tags and changes as JSON. It can be imported again.',
    start: 'Download export',
    note: 'It can be large. The download begins at once and is written while it is read. What lies in the locked folder is not in it; “mediavault export --locked” takes it along.',
  },
};

const de: typeof en = {
  keys: {
    reach: 'Er darf',
    reaches: { all: 'Alles, was du darfst', look: 'Ansehen und herunterladen', add: 'Ansehen, hochladen und bearbeiten', some: 'Was du auswählst' },
    chosen: 'Was er darf',
    noneChosen: 'Wähle mindestens ein Recht.',
    everything: 'Darf alles, was du darfst',
    may: (what) => `Darf: ${what}`,
  },
  edit: {
    title: 'Name und E-Mail',
    current: 'Jetziges Passwort',
    wrong: 'Das ist nicht dein jetziges Passwort.',
    currentHint: 'Nötig, um die E-Mail-Adresse zu ändern.',
    saved: 'Gespeichert.',
  },
  password: {
    title: 'Passwort',
    text: 'Eine Änderung meldet dich überall sonst ab.',
    current: 'Jetziges Passwort',
    fresh: 'Neues Passwort',
    save: 'Passwort ändern',
    saved: 'Dein Passwort ist geändert. Alle anderen Geräte wurden abgemeldet.',
  },
  storage: {
    title: 'Speicher',
    used: 'Belegt',
    of: (quota) => `von ${quota}`,
    items: 'Objekte',
    trash: 'Im Papierkorb',
    versions: 'Frühere Fassungen',
    byKind: 'Nach Art',
    byMonth: 'Hinzugefügt nach Monat',
    largest: 'Größte Dateien',
    kinds: { image: 'Fotos', video: 'Videos', audio: 'Aufnahmen', document: 'Dokumente', other: 'Andere Dateien' },
    none: 'Noch ist nichts gespeichert. Lade etwas hoch, dann siehst du hier, was Platz braucht.',
    inTrash: 'im Papierkorb',
    count: (n) => `${n.toLocaleString('de')} ${n === 1 ? 'Objekt' : 'Objekte'}`,
  },
  export: {
    title: 'Alles exportieren',
    text: 'Ein ZIP aller deiner Originale, neben jedem, was du darüber gesagt hast (XMP), dazu Sammlungen, Schlagwörter und Änderungen als JSON. Es lässt sich wieder importieren.',
    start: 'Export herunterladen',
    note: 'Er kann groß sein. Der Download beginnt sofort und wird laufend geschrieben. Was im gesperrten Ordner liegt, ist nicht dabei; „mediavault export --locked“ nimmt es mit.',
  },
};

export const words = { en, de };
