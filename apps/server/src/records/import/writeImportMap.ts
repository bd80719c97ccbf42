import { stringify } from 'yaml';
import { AUTO_DATE, type ColumnRule, type DateStyle, type ImportMap } from './importMap.ts';

/** The map as YAML that `parseImportMap` reads back as the same map. */
export const writeImportMap = (map: ImportMap): string => {
  const columns: { [column: string]: unknown } = Object.create(null);
  for (const rule of map.columns) {
    const shown = columnOf(rule);
    const before = columns[rule.column];
    columns[rule.column] = before === undefined ? shown : Array.isArray(before) ? [...before, shown] : [before, shown];
  }
  const document = {
    'baton-import': 1,
    rows: map.rows,
    source: map.source,
    ...(map.format === null ? {} : { format: map.format }),
    ...(map.delimiter === null ? {} : { delimiter: map.delimiter }),
    ...(map.encoding === null ? {} : { encoding: map.encoding }),
    ...(map.key.length === 0 ? {} : { key: map.key.length === 1 ? map.key[0] : map.key }),
    empty: [...map.empty],
    ...(map.instant === null
      ? {}
      : {
          instant:
            map.instant.kind === 'constant'
              ? { constant: new Date(map.instant.at).toISOString() }
              : { column: map.instant.column, ...dateOf(map.instant.date) },
        }),
    columns: { ...columns },
    ...(map.constants.size === 0 ? {} : { constants: Object.fromEntries(map.constants) }),
    ...(map.events.length === 0
      ? {}
      : {
          events: map.events.map((rule) => ({
            ...(rule.name.kind === 'constant' ? { name: rule.name.name } : { from: rule.name.column }),
            ...(rule.times === null ? {} : { times: rule.times, 'at-most': rule.atMost }),
            ...(rule.properties.size === 0 ? {} : { properties: Object.fromEntries(rule.properties) }),
          })),
        }),
  };
  return stringify(document, { lineWidth: 120 });
};

const dateOf = (style: DateStyle) => ({
  ...(style.format === AUTO_DATE.format ? {} : { format: style.format }),
  ...(style.zone === AUTO_DATE.zone ? {} : { zone: style.zone }),
});

const columnOf = (rule: ColumnRule): unknown => {
  const more = {
    ...(rule.type === 'text' ? {} : { type: rule.type }),
    ...dateOf(rule.date),
    ...(rule.words === null ? {} : { words: Object.fromEntries(rule.words) }),
    ...(rule.otherwise === null ? {} : { otherwise: rule.otherwise }),
  };
  return Object.keys(more).length === 0 ? rule.to : { to: rule.to, ...more };
};
