import { formatNames, formats, hostedFormats } from '../../src/report/formats.ts'

/** The formats for README.md: which of them name files differently, and whom each is for. */
export function formatTable(): string {
  const hosted = hostedFormats.map(code)
  const rows = formatNames.map(name => `| ${code(name)} | ${formats[name].for} |`)
  return [
    `${hosted.slice(0, -1).join(', ')} and ${hosted.at(-1)} name files from the root of the repository, the others as they are seen from the working directory.`,
    '',
    '| format | for |',
    '|---|---|',
    ...rows,
    '',
  ].join('\n')
}

function code(name: string): string {
  return `\`${name}\``
}
