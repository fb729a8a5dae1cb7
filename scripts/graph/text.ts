import type { Folder, SourceMap } from './map.ts'

/** Rooms with their arrows, folders with their figures, and all circles. */
export function mapAsText({ files, imports, circles, runTimeCircles, rooms, folders }: SourceMap): string {
  const within = new Set(files)
  const pairs = new Set(imports.flatMap(({ from, to }) => (within.has(to) ? [`${from} ${to}`] : [])))
  return [
    `${files.length} files, ${pairs.size} imports among them`,
    '',
    'Rooms, and the number of imports between them',
    ...rooms.map(({ from, to, count, typeOnly }) => `  ${from} -> ${to}: ${count}${typeOnly ? ', types only' : ''}`),
    '',
    'Folders: entries / arrows among them / floors',
    ...folders
      .filter(({ entries }) => entries.length > 1)
      .map(({ path, entries, arrows, floors, circles: own }) => {
        const circle = own.length === 0 ? '' : `, in circles: ${own.map(names => names.join(' ')).join('; ')}`
        return `  ${path}: ${entries.length} / ${arrows.length} / ${floors}${circle}`
      }),
    '',
    `Circles of files: ${circles.length}, at run time ${runTimeCircles.length}`,
    ...circles.map(circle => `  types included: ${circle.join(' ')}`),
    ...runTimeCircles.map(circle => `  at run time:    ${circle.join(' ')}`),
  ].join('\n')
}

export function folderAsText({ path, entries, arrows, floors, circles }: Folder): string {
  return [
    `${path}: ${entries.length} entries, ${arrows.length} arrows, ${floors} floors`,
    ...entries.map(name => {
      const below = arrows.filter(({ from }) => from === name)
      return `  ${name}${below.length > 0 ? ' -> ' : ''}${below.map(({ to }) => to).join(', ')}`
    }),
    ...circles.map(circle => `  circle: ${circle.join(' ')}`),
  ].join('\n')
}

/** A flowchart of Mermaid; arrows of types alone are dotted. */
export function asMermaid({ entries, arrows }: Folder): string {
  const number = new Map(entries.map((name, i) => [name, i]))
  return [
    'flowchart TD',
    ...entries.map((name, i) => `  n${i}["${name}"]`),
    ...arrows.map(({ from, to, typeOnly }) => `  n${number.get(from)} ${typeOnly ? '-.->' : '-->'} n${number.get(to)}`),
  ].join('\n')
}

/** A graph of Graphviz; arrows of types alone are dotted. */
export function asDot({ path, entries, arrows }: Folder): string {
  return [
    `digraph "${path}" {`,
    ...entries.map(name => `  "${name}"`),
    ...arrows.map(({ from, to, typeOnly }) => `  "${from}" -> "${to}"${typeOnly ? ' [style=dotted]' : ''}`),
    '}',
  ].join('\n')
}
