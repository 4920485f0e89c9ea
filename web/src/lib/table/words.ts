// The words every table shares.

const en = {
  filter: 'Filter',
  csv: 'CSV',
  csvLong: 'Save as CSV',
  none: 'Nothing matches.',
  rows: (n: number) => `${n.toLocaleString('en')} ${n === 1 ? 'row' : 'rows'}`,
  sortBy: (column: string) => `Order by ${column}`,
  order: 'Order',
  unordered: 'As it came',
  reverse: 'The other way round',
  verbs: 'Verbs',
};

const de: typeof en = {
  filter: 'Filtern',
  csv: 'CSV',
  csvLong: 'Als CSV sichern',
  none: 'Nichts passt dazu.',
  rows: (n) => `${n.toLocaleString('de')} ${n === 1 ? 'Zeile' : 'Zeilen'}`,
  sortBy: (column) => `Nach ${column} ordnen`,
  order: 'Reihenfolge',
  unordered: 'Wie es kam',
  reverse: 'Andersherum',
  verbs: 'Befehle',
};

export const words = { en, de };
