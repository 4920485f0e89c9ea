// What each permission allows, in people's words.

const en: Record<string, string> = {
  'assets:read': 'See own and shared media',
  'assets:write': 'Upload and edit',
  'assets:delete': 'Trash and delete for good',
  'assets:share': 'Share, and make links',
  'assets:describe': 'Ask for generated descriptions',
  'collections:manage': 'Make and change collections',
  'partner:read': 'See media of the partner organisation',
  'partner:manage': 'Manage what is shared with the organisation',
  'analytics:personal': 'Own figures',
  'analytics:partner': 'Figures of the organisation',
  'analytics:system': 'Figures of the whole vault',
  'users:manage': 'Invite, disable, change quotas',
  'roles:manage': 'Define roles',
  'settings:manage': 'Change settings',
  'moderation:review': 'Decide on reported media',
  'webhooks:manage': 'Define webhooks',
  'models:manage': 'Add and remove models',
  'jobs:manage': 'See, retry and cancel everybody’s jobs',
  'audit:read': 'Read the audit log',
  'system:maintain': 'Look after storage, backup and health',
};

const de: typeof en = {
  'assets:read': 'Eigene und geteilte Medien sehen',
  'assets:write': 'Hochladen und bearbeiten',
  'assets:delete': 'Wegwerfen und endgültig löschen',
  'assets:share': 'Teilen und Links anlegen',
  'assets:describe': 'Beschreibungen erzeugen lassen',
  'collections:manage': 'Sammlungen anlegen und ändern',
  'partner:read': 'Medien der Partnerorganisation sehen',
  'partner:manage': 'Verwalten, was mit der Organisation geteilt ist',
  'analytics:personal': 'Eigene Zahlen',
  'analytics:partner': 'Zahlen der Organisation',
  'analytics:system': 'Zahlen des ganzen Vaults',
  'users:manage': 'Einladen, sperren, Speicherplatz zuteilen',
  'roles:manage': 'Rollen festlegen',
  'settings:manage': 'Einstellungen ändern',
  'moderation:review': 'Über gemeldete Medien entscheiden',
  'webhooks:manage': 'Webhooks festlegen',
  'models:manage': 'Modelle hinzufügen und entfernen',
  'jobs:manage': 'Aufgaben aller sehen, wiederholen, abbrechen',
  'audit:read': 'Das Protokoll lesen',
  'system:maintain': 'Speicher, Sicherung und Zustand pflegen',
};

export const words = { en, de };
