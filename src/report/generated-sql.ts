const linesShown = 12
const lineLength = 400

/** As much of the SQL that a migration in code sends as a reader wants to see. */
export function excerptOf(sql: string): string[] {
  const lines = sql.split(/\r\n?|\n/)
  const shown = lines
    .slice(0, linesShown)
    .map(line => (line.length > lineLength ? `${line.slice(0, lineLength)} …` : line))
  return lines.length > linesShown ? [...shown, '…'] : shown
}

/** The name of a file's language where code is shown: by the end of its name. */
export function languageOf(path: string): string {
  const end = /\.[cm]?([jt]s|rb|py|php|cs|exs?|go|java)$/i.exec(path)?.[1]?.toLowerCase()
  return end ?? 'sql'
}
